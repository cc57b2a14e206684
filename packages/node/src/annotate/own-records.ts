import { type Address, explainScore, type Hex, MILLION_BIG, type Spec } from '@tagger/protocol'
import { type WorkCampaign, workCampaign } from '../assign/campaign.ts'
import { answerDocument, withContentUrls } from '../assign/documents.ts'
import { decodeCursor, encodeCursor } from '../campaigns/cursor.ts'
import { itemData } from '../collect/content.ts'
import type { Node } from '../node.ts'
import { type OwnRecordRow, type RecordCursor, selectOwnRecords } from './outcome-queries.ts'
import { type OwnRecords, recordStateOf } from './record-state.ts'
import { rejectionReasons } from './rejections.ts'

const CONTENT_SECONDS = 900
const LATEST_TIME = Date.UTC(9999, 11, 31)

/** A page of a worker's records with state, score and reason. */
export async function ownRecords(
  node: Node,
  account: Address,
  query: { campaignId?: Hex; cursor?: string; limit: number },
): Promise<OwnRecords> {
  const { limit } = query
  const rows = await node.db.query<OwnRecordRow>(
    selectOwnRecords(account, {
      campaignId: query.campaignId ?? null,
      after: readCursor(query.cursor),
      limit: limit + 1,
    }),
  )
  const page = rows.slice(0, limit)
  const campaigns = new Map<Hex, CampaignPart>()
  for (const id of new Set(page.map((row) => row.campaign_id))) {
    const campaign = await workCampaign(node, id)
    const own = page.filter((row) => row.campaign_id === id)
    const items = [...new Set(own.map((row) => row.item))]
    const data = await itemData(node, campaign.draftId, items)
    campaigns.set(id, { campaign, data, rejections: await rejectionReasons(node, id, own) })
  }
  const until = new Date(node.now().getTime() + CONTENT_SECONDS * 1000)
  return {
    data: page.map((row) => {
      const part = campaigns.get(row.campaign_id)!
      const { campaign } = part
      const shown = part.data.get(row.item) ?? {}
      return documentOf(
        part,
        row,
        row.assignment === null
          ? withoutImages(campaign, shown)
          : withContentUrls(node, campaign, shown, row.assignment, until),
      )
    }),
    nextCursor: rows.length > limit ? cursorOf(page.at(-1)!) : null,
  }
}

/** What the records of one campaign on a page have in common. */
interface CampaignPart {
  campaign: WorkCampaign
  data: Map<Hex, Record<string, string>>
  /** Why reviewers rejected items, by item; only rejected ones are in it. */
  rejections: Map<Hex, string[]>
}

function documentOf(
  { campaign: { spec }, rejections }: CampaignPart,
  row: OwnRecordRow,
  data: Record<string, string>,
): OwnRecords['data'][number] {
  return {
    campaignId: row.campaign_id,
    seq: row.seq,
    kind: row.kind,
    item: row.item,
    data,
    answer: row.label === null ? null : answerDocument(spec, row.label),
    receivedAt: row.received_at.toISOString(),
    state: recordStateOf(row),
    outcome: outcomeOf(spec, row, rejections.get(row.item) ?? null),
  }
}

function outcomeOf(
  spec: Spec,
  row: OwnRecordRow,
  rejection: readonly string[] | null,
): OwnRecords['data'][number]['outcome'] {
  const { batch, result_label, confidence, quality, difficulty, micro, was_gold } = row
  if (batch === null || result_label === null || confidence === null) return null
  if (quality === null || difficulty === null || micro === null) return null
  return {
    batch,
    label: result_label,
    confidence,
    quality,
    difficulty,
    amount: (BigInt(micro) / MILLION_BIG).toString(),
    wasGold: was_gold === true,
    reason: explainScore({
      kind: row.kind,
      rule: spec.reward.version,
      quality,
      wasGold: was_gold === true,
      label: result_label,
      answer: row.label,
      rejection,
    }),
  }
}

/** A worker without an assignment (a contributor) has the image already; nobody else gets it. */
function withoutImages(campaign: WorkCampaign, data: Record<string, string>): Record<string, string> {
  return campaign.spec.modality === 'image' ? {} : data
}

function cursorOf(row: OwnRecordRow): string {
  return encodeCursor([row.received_at.getTime(), row.campaign_id, row.seq])
}

function readCursor(text: string | undefined): RecordCursor | null {
  const place = decodeCursor(text, ['number', 'string', 'number']) as [number, string, number] | null
  if (place === null) return null
  const [time, campaignId, seq] = place
  // A time no record can have ends the list; the database does not know all of them.
  return { receivedAt: new Date(Math.min(Math.max(time, 0), LATEST_TIME)), campaignId, seq }
}
