import {
  type Address,
  chainConflict,
  checkKnownChunk,
  continueChain,
  decideIntake,
  emptyHead,
  fromHex,
  type Head,
  type Hex,
  type Intake,
  isEligible,
  isHeadSigned,
  isKeyValidAt,
  isLowS,
  receiptDigest,
  type SignedHead,
  type SignedReceipt,
  TaggerError,
} from '@tagger/protocol'
import { coveredRecords } from '../assign/budget.ts'
import type { WorkCampaign } from '../assign/campaign.ts'
import type { Database } from '../db/database.ts'
import { deploymentOf, type Node } from '../node.ts'
import { loadFacts } from './facts.ts'
import { changesOf } from './item-changes.ts'
import {
  advanceChain,
  countAnswers,
  countUnsettled,
  type HeldRow,
  insertReceipt,
  insertRecords,
  replaceRecords,
  selectBatchPast,
  selectHeld,
} from './queries.ts'

export interface Chunk {
  payloads: readonly Uint8Array[]
  signed: SignedHead
}

/**
 * Appends a chunk to a worker's chain: all of it or nothing, answered with a receipt.
 * The same chunk again gets the same receipt.
 */
export async function appendChunk(
  node: Node,
  campaign: WorkCampaign,
  account: Address,
  { payloads, signed }: Chunk,
): Promise<SignedReceipt> {
  const work = { campaignId: campaign.id, account }
  const [held] = await node.db.query<HeldRow>(selectHeld(work, signed))
  if (held === undefined) throw new TaggerError('not-found', `There is no campaign ${campaign.id} here`)
  if (held.receipt_link === signed.link) {
    checkKnownChunk({ ...work, head: headOf(held) }, { payloads, signed }, node.crypto)
    return receiptOf(work, signed, held)
  }
  if (held.status === 'closed') {
    throw new TaggerError('campaign-not-open', 'This campaign is closed; it takes no more records')
  }
  const now = node.now()
  checkKey(held, work, signed, now)
  const head = held.count === null ? emptyHead(campaign.id, account, node.crypto) : headOf(held)
  const records = continueChain({ ...work, head }, { payloads, signed }, node.crypto)
  if (!(await isHeadSigned(campaign.id, signed, node.crypto))) throw badSignature()

  const append = async (tx: Database) => {
    const facts = await loadFacts(tx, campaign, account, records, now)
    const intake = decideIntake(campaign.rules, records, facts)
    // Behind a queue this may be seconds after the chunk came: the receipt says when it was taken in.
    const issued = node.now()
    checkKey(held, work, signed, issued)
    await checkSubmissions(tx, campaign, account, intake, held)
    const owedBefore = await owedSoFar(tx, campaign, account, held)
    const owedAtLeast = owedBefore + campaign.terms.floorPay * BigInt(intake.counting)
    const moved = await tx.query(advanceChain(work, head, signed, owedAtLeast))
    if (moved.length === 0) throw chainConflict(head)
    await tx.query(insertRecords(work, intake.accepted, now))
    const revisions = intake.accepted.filter((entry) => entry.isRevision)
    if (revisions.length > 0) await tx.query(replaceRecords(work, head.count, revisions))
    await tx.query(countAnswers(campaign.draftId, intake.answered, changesOf(intake)))
    const receipt = sign(node, { ...work, link: signed.link, count: signed.count, owedAtLeast }, issued)
    await refuseBehindCut(tx, receipt)
    await tx.query(insertReceipt(receipt, signed))
    return receipt
  }
  let receipt: SignedReceipt
  try {
    receipt = await node.db.transaction(append)
  } catch (error) {
    const [after] = await node.db.query<HeldRow>(selectHeld(work, signed))
    // The same chunk, sent twice at once: its twin took the leases that this one misses.
    if (after?.receipt_link === signed.link) return receiptOf(work, signed, after)
    // Whatever the refusal says, it was made on a head that has moved since.
    if (after?.count && after.count !== head.count) throw chainConflict(headOf(after))
    throw error
  }
  // Who works stays unknown to the others: counts only.
  node.activity.announce({
    type: 'records-accepted',
    campaignId: campaign.id,
    data: { records: String(records.length) },
  })
  return receipt
}

/**
 * What is owed before a chunk, cumulative: the last receipt, or, since a final batch paid more, that pay with the floor
 * for every record it did not settle. A receipt that told the floors alone would be worth nothing to a claimant when
 * the operator falls silent.
 */
async function owedSoFar(
  tx: Database,
  { id: campaignId, terms }: WorkCampaign,
  account: Address,
  held: HeldRow,
): Promise<bigint> {
  const owed = held.count === null ? 0n : BigInt(held.owed_at_least)
  const finalPay = BigInt(held.final_pay)
  if (finalPay <= owed) return owed
  const [open] = await tx.query<{ records: number }>(countUnsettled({ campaignId, account }))
  const least = finalPay + terms.floorPay * BigInt(open!.records)
  return least > owed ? least : owed
}

function checkKey(
  held: HeldRow,
  { campaignId, account }: { campaignId: Hex; account: Address },
  signed: SignedHead,
  now: Date,
): void {
  const signature = fromHex(signed.signature)
  if (signature.length !== 64) throw badSignature()
  if (!isLowS(signature)) {
    throw new TaggerError('head-signature-high-s', 'The head is signed with the high one of two s values', {
      hints: ['Replace s by the order of P-256 minus s.'],
    })
  }
  if (held.scope === null) {
    throw new TaggerError(
      'session-key-unknown',
      'This account has not delegated the key that signed the head',
      {
        hints: ['Register the key first: sign its delegation with your wallet.'],
      },
    )
  }
  const key = {
    account,
    publicKey: signed.publicKey,
    scope: held.scope,
    notBefore: held.not_before,
    notAfter: held.not_after,
    nonce: BigInt(held.nonce),
  }
  const at = Math.floor(now.getTime() / 1000)
  if (isKeyValidAt(key, campaignId, at)) return
  const isOver = at > key.notAfter
  throw new TaggerError(
    isOver ? 'session-key-expired' : 'session-key-invalid',
    isOver ? 'The key that signed the head has expired' : 'The key may not sign in this campaign now',
    { hints: ['Make a new key and sign its delegation with your wallet.'], data: { notAfter: key.notAfter } },
  )
}

/** Submissions have no lease, so eligibility, the campaign's state and its money are checked when they arrive. */
async function checkSubmissions(
  tx: Database,
  campaign: WorkCampaign,
  account: Address,
  intake: Intake,
  held: HeldRow,
): Promise<void> {
  const count = intake.accepted.filter(
    (entry) => entry.record.kind === 'submission' && !entry.isRevision,
  ).length
  if (count === 0) return
  if (!isEligible(campaign, account, 'submission')) {
    throw new TaggerError('not-eligible', 'This campaign does not take submissions from this account')
  }
  if (held.status !== 'open') {
    throw new TaggerError('campaign-not-open', 'This campaign is closing; it takes no more submissions')
  }
  const covered = await coveredRecords(tx, campaign, 'submission', count, BigInt(held.funded))
  if (covered < count) {
    throw new TaggerError('campaign-underfunded', 'The campaign cannot pay for another submission now', {
      hints: ['Try again when the requester has topped it up.'],
    })
  }
}

/**
 * Refuses a record that the batch it belongs into was cut without: it would be receipted and never paid.
 * Warning: read this after the records are inserted. Their foreign key holds the campaign's row against a batch being
 * saved, so that either the batch sees the records or this sees the batch.
 */
async function refuseBehindCut(tx: Database, { campaignId, issuedAt }: SignedReceipt): Promise<void> {
  const [batch] = await tx.query<{ closing: boolean }>(selectBatchPast(campaignId, issuedAt))
  if (batch === undefined) return
  throw batch.closing
    ? new TaggerError(
        'campaign-not-open',
        'The closing batch of this campaign is cut; it takes no more records',
      )
    : new TaggerError('unavailable', 'A batch was cut before these records were in', {
        hints: ['Try again.'],
      })
}

function sign(node: Node, receipt: Omit<SignedReceipt, 'signature' | 'issuedAt'>, now: Date): SignedReceipt {
  const full = { ...receipt, issuedAt: Math.floor(now.getTime() / 1000) }
  const digest = receiptDigest(full, deploymentOf(node), node.crypto)
  return { ...full, signature: node.keys.signReceipt(digest) }
}

function receiptOf(
  work: { campaignId: Hex; account: Address },
  { count, link }: Head,
  held: HeldRow,
): SignedReceipt {
  return {
    ...work,
    link,
    count,
    owedAtLeast: BigInt(held.receipt_owed),
    issuedAt: held.receipt_issued_at,
    signature: held.receipt_signature,
  }
}

function headOf(held: HeldRow): Head {
  return { count: held.count!, link: held.link }
}

function badSignature(): TaggerError {
  return new TaggerError('head-signature-invalid', 'The head is not signed by the key it names')
}
