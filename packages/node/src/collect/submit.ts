import { type Address, type Hex, isEligible, type Spec, TaggerError } from '@tagger/protocol'
import { coveredRecords } from '../assign/budget.ts'
import type { WorkCampaign } from '../assign/campaign.ts'
import { selectFunds } from '../assign/queries.ts'
import type { Database } from '../db/database.ts'
import type { Node } from '../node.ts'
import type { Candidate } from './candidate.ts'
import { itemName } from './item-name.ts'
import {
  type CollectedRow,
  deleteUnfinished,
  insertSubmission,
  lockDraft,
  type NewItem,
  selectCollected,
} from './queries.ts'
import { checkKept, countedBytes } from './quota.ts'
import { readImageFile, readTextFile } from './read-file.ts'
import { contentHmac, sealCandidate } from './save-items.ts'

/** How long a piece waits for the record that completes it. */
const UNFINISHED_SECONDS = 60 * 60

/** A piece someone contributes. */
export interface Submission {
  account: Address
  name: string
  mediaType: string
  bytes: Uint8Array
}

/** Takes one piece for a collect campaign; sending the same piece again answers the same until its record is in. */
export async function submitContent(
  node: Node,
  campaign: WorkCampaign,
  submission: Submission,
): Promise<{ item: Hex; mediaType: string; bytes: number }> {
  if (!isEligible(campaign, submission.account, 'submission')) {
    const message =
      campaign.kind === 'collect'
        ? 'This campaign does not take submissions from this account'
        : 'This campaign has its items; it asks for answers, not for content'
    throw new TaggerError('not-eligible', message)
  }
  const candidate = readSubmission(campaign.spec, submission)
  const hmac = contentHmac(node, candidate)
  await checkKept(node, node.db, submission.account, countedBytes([candidate.bytes.length]))
  const sealed = await sealCandidate(node, candidate)
  let item: Hex | null = null
  let forgotten: { id: Hex }[] = []
  try {
    ;[item, forgotten] = await node.db.transaction(async (tx) => {
      await tx.query(lockDraft(campaign.draftId))
      const before = new Date(node.now().getTime() - UNFINISHED_SECONDS * 1000)
      const gone = await tx.query<{ id: Hex }>(deleteUnfinished(campaign.draftId, before))
      const known = await ownUnfinished(tx, { campaign, hmac, account: submission.account })
      return [known ?? (await addPiece(tx, { node, campaign, account: submission.account, sealed })), gone]
    })
  } finally {
    // Bytes go to the blob store before it is known whether they are taken.
    if (item !== sealed.id && sealed.sealed === null) forgotten.push(sealed)
    for (const { id } of forgotten) await node.blobs.delete(id.slice(2))
  }
  return { item, mediaType: candidate.mediaType, bytes: candidate.bytes.length }
}

/** The same piece sent before and still waiting for its record; null when there is room for a new one. */
async function ownUnfinished(
  tx: Database,
  { campaign, hmac, account }: { campaign: WorkCampaign; hmac: string; account: Address },
): Promise<Hex | null> {
  const [collected] = await tx.query<CollectedRow>(selectCollected(campaign.draftId, hmac, account))
  const { total, own, same_id, same_source, same_status } = collected!
  if (same_id !== null) {
    if (same_source === account && same_status === 'unfinished') return same_id
    throw new TaggerError('item-duplicate', 'This campaign has this content already', {
      hints: ['Send something that is not there yet.'],
    })
  }
  const { maxItems, maxPerContributor } = campaign.spec.intake!
  if (total >= maxItems) throw new TaggerError('no-work', `This campaign has all of its ${maxItems} items`)
  if (own >= maxPerContributor) {
    throw new TaggerError(
      'no-work',
      `You have sent the ${maxPerContributor} items one contributor may send here`,
    )
  }
  return null
}

async function addPiece(
  tx: Database,
  {
    node,
    campaign,
    account,
    sealed,
  }: { node: Node; campaign: WorkCampaign; account: Address; sealed: NewItem },
): Promise<Hex> {
  const now = node.now()
  await checkOpen(tx, campaign, now)
  await tx.query(insertSubmission(campaign.draftId, sealed, { source: account, now }))
  return sealed.id
}

async function checkOpen(tx: Database, campaign: WorkCampaign, now: Date): Promise<void> {
  const [row] = await tx.query<{ status: string; funded: string }>(selectFunds(campaign.id))
  const isOver = now.getTime() >= campaign.terms.deadline * 1000
  if (row?.status !== 'open' || isOver) {
    throw new TaggerError('campaign-not-open', 'This campaign takes no more submissions')
  }
  if ((await coveredRecords(tx, campaign, 'submission', 1, BigInt(row.funded))) < 1) {
    throw new TaggerError('campaign-underfunded', 'The campaign cannot pay for another submission now', {
      hints: ['Try again when the requester has topped it up.'],
    })
  }
}

function readSubmission(spec: Spec, { name, mediaType, bytes }: Submission): Candidate {
  const intake = spec.intake!
  const isImage = mediaType.startsWith('image/')
  if (!intake.mediaTypes.includes(mediaType) || isImage !== (spec.modality === 'image')) {
    throw new TaggerError('item-wrong-type', `This campaign does not take ${mediaType}`, {
      hints: [`It takes: ${intake.mediaTypes.join(', ')}.`],
    })
  }
  if (bytes.length > intake.maxBytes) {
    throw new TaggerError('item-too-large', `This piece has ${bytes.length} bytes`, {
      hints: [`This campaign takes at most ${intake.maxBytes}.`],
    })
  }
  const shared = { row: 1, name: itemName(name), mediaType, columns: null, gold: null }
  if (isImage) return { ...shared, bytes: readImageFile({ bytes, mediaType }) }
  if (readTextFile(bytes).trim() === '') throw new TaggerError('item-empty', 'This text is empty')
  return { ...shared, bytes }
}
