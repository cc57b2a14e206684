import { answerOf, expectedPay, type Hex, type Spec, topPay } from '@tagger/protocol'
import { type AnswerDocument, API_PREFIX, type AssignmentDocument, endpoints } from '@tagger/protocol/wire'
import type { z } from 'zod'
import { itemData } from '../collect/content.ts'
import type { Node } from '../node.ts'
import type { WorkCampaign } from './campaign.ts'
import { contentToken } from './content-token.ts'
import { type LeaseRow, selectProposed } from './queries.ts'

/** Leases as the worker gets them: data opened, images as URLs, pay known before the work. */
export async function assignmentDocuments(
  node: Node,
  campaign: WorkCampaign,
  leases: readonly LeaseRow[],
): Promise<z.input<typeof AssignmentDocument>[]> {
  const { spec, terms, draftId } = campaign
  const items = leases.map((lease) => lease.item)
  const data = await itemData(node, draftId, items)
  const proposed = await proposedLabels(node, campaign, leases)
  return leases.map(({ id, kind, item, expires_at }) => {
    const label = proposed.get(item) ?? null
    return {
      id,
      kind,
      item,
      expiresAt: expires_at.toISOString(),
      data: withContentUrls(node, campaign, data.get(item) ?? {}, id, expires_at),
      proposed: kind === 'review' && label !== null ? answerDocument(spec, label) : null,
      pay: {
        floor: terms.floorPay.toString(),
        expected: expectedPay(terms, spec, kind).toString(),
        top: topPay(terms, spec, kind).toString(),
      },
    }
  })
}

/** An answer as JSON. */
export function answerDocument(spec: Spec, label: string): z.input<typeof AnswerDocument> {
  return { ...answerOf(spec, label) } as z.input<typeof AnswerDocument>
}

/** Item data with the values of image keys replaced by URLs that open until `until`. */
export function withContentUrls(
  node: Node,
  campaign: WorkCampaign,
  data: Record<string, string>,
  assignment: string,
  until: Date,
): Record<string, string> {
  if (campaign.spec.modality !== 'image') return data
  const urls: Record<string, string> = {}
  for (const key of Object.keys(data)) {
    const expiresAt = Math.floor(until.getTime() / 1000)
    const token = contentToken(node.keys, { assignment, key, expiresAt })
    const path = endpoints.getAssignedContent.path.replace('{id}', assignment)
    urls[key] = `${API_PREFIX}${path}?key=${encodeURIComponent(key)}&token=${token}`
  }
  return urls
}

async function proposedLabels(
  node: Node,
  campaign: WorkCampaign,
  leases: readonly LeaseRow[],
): Promise<Map<Hex, string>> {
  const items = leases.filter((lease) => lease.kind === 'review').map((lease) => lease.item)
  // Reviewers of a submission judge the content itself.
  if (items.length === 0 || campaign.kind === 'collect') return new Map()
  const rows = await node.db.query<{ id: Hex; proposed: string | null }>(
    selectProposed(campaign.draftId, items),
  )
  return new Map(rows.flatMap(({ id, proposed }) => (proposed === null ? [] : [[id, proposed] as const])))
}
