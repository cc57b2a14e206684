import type { Crypto } from '../bytes/crypto.ts'
import { type Address, fromHex, type Hex, isHexOf } from '../bytes/hex.ts'
import { type Head, isHeadSigned } from '../records/chain.ts'
import { isReceiptSigned } from '../records/receipt.ts'
import { RecordReader } from '../records/record-reader.ts'
import { type Delegation, isDelegationSigned, isKeyValidAt } from '../records/session-key.ts'
import type { SettledRecord } from '../records/work-record.ts'
import type { Evidence } from '../settlement/bundle.ts'
import { byAccountAndSeq } from '../settlement/conclude.ts'
import type { OpenRecord, State } from '../settlement/state.ts'
import type { Deployment, Terms } from '../spec/terms.ts'
import { Fault } from './verdict.ts'

type WorkerEvidence = Evidence['workers'][number]

const UNCOMPRESSED_POINT = /^0x04[0-9a-f]{128}$/

/** Checks one worker's segment: who may sign, what was signed, that it continues the chain, and its receipt. */
export async function verifySegment(
  worker: WorkerEvidence,
  context: {
    campaignId: Hex
    deployment: Deployment
    terms: Terms
    cutAt: number
    before: Head
    /** By account, the delegation found signed last. */
    delegations: Map<Address, Delegation>
    crypto: Crypto
  },
): Promise<void> {
  const { account, delegation, head, receipt } = worker
  const { campaignId, deployment, terms, crypto } = context
  const at = { account, seq: head.count }
  if (delegation.account !== account || delegation.publicKey !== head.publicKey) {
    throw new Fault('delegation-invalid', 'The head is signed by a key of another delegation', at)
  }
  if (!isSameDelegation(delegation, context.delegations.get(account))) {
    const isPoint = UNCOMPRESSED_POINT.test(delegation.publicKey)
    if (!isPoint || !isDelegationSigned(delegation, deployment, crypto)) {
      throw new Fault('delegation-invalid', 'The delegation is not signed by the account', at)
    }
    context.delegations.set(account, delegation)
  }
  verifyLinks(worker, context.before, crypto)
  if (!(await isHeadSigned(campaignId, head, crypto))) {
    throw new Fault('head-signature-invalid', 'The head is not signed by the session key', at)
  }
  if (receipt.campaignId !== campaignId || receipt.account !== account) {
    throw new Fault('receipt-invalid', 'The receipt is for other work', at)
  }
  if (receipt.count !== head.count || receipt.link !== head.link || receipt.issuedAt > context.cutAt) {
    throw new Fault('receipt-invalid', 'The receipt does not answer this head in time', at)
  }
  if (!isReceiptSigned(receipt, terms.receiptKey, deployment, crypto)) {
    throw new Fault('receipt-invalid', 'The receipt is not signed by the receipt key', at)
  }
  if (!isKeyValidAt(delegation, campaignId, receipt.issuedAt)) {
    throw new Fault('session-key-expired', 'The session key was not valid when the receipt was issued', at)
  }
}

function isSameDelegation(a: Delegation, b: Delegation | undefined): boolean {
  return (
    a.account === b?.account &&
    a.publicKey === b.publicKey &&
    a.scope === b.scope &&
    a.notBefore === b.notBefore &&
    a.notAfter === b.notAfter &&
    a.nonce === b.nonce &&
    a.signature === b.signature
  )
}

function verifyLinks(
  { account, from, payloadHashes, links, head }: WorkerEvidence,
  before: Head,
  crypto: Crypto,
): void {
  if (from.count !== before.count || from.link !== before.link) {
    throw new Fault('chain-gap', 'The segment does not start where the last final batch ended', {
      account,
      seq: from.count + 1,
    })
  }
  // The last link and the hash that follows it, side by side as they are hashed.
  const joined = new Uint8Array(64)
  joined.set(fromHex(from.link, 32))
  const length = Math.max(payloadHashes.length, links.length)
  for (let i = 0; i < length; i++) {
    const payloadHash = payloadHashes[i]
    const link = links[i]
    if (payloadHash !== undefined) {
      joined.set(fromHex(payloadHash, 32), 32)
      joined.set(crypto.sha256(joined))
    }
    if (payloadHash === undefined || link === undefined || !isHexOf(link, joined, 0, 32)) {
      throw new Fault('link-mismatch', 'The chain breaks here: a record was changed, dropped or moved', {
        account,
        seq: from.count + i + 1,
      })
    }
  }
  if (head.count !== from.count + length || !isHexOf(head.link, joined, 0, 32)) {
    throw new Fault('head-mismatch', 'The signed head is not the end of the segment', {
      account,
      seq: Math.min(head.count, from.count + length + 1),
    })
  }
}

/** Payloads of the records settled in a batch, checked against the hashes their chains carry. */
export function openPayloads(
  settled: readonly OpenRecord[],
  payloads: ReadonlyMap<Hex, Uint8Array>,
  campaignId: Hex,
  crypto: Crypto,
): { records: SettledRecord[]; erased: number } {
  const reader = new RecordReader(campaignId)
  const records: SettledRecord[] = []
  let erased = 0
  for (const { account, seq, payloadHash } of settled) {
    const payload = payloads.get(payloadHash)
    if (payload === undefined) {
      erased++
      continue
    }
    const record = readPayload(reader, payload, account)
    if (!isHexOf(payloadHash, crypto.sha256(payload))) {
      const place = record === null ? { account, seq } : { account, seq, item: record.item }
      throw new Fault('payload-mismatch', 'The record is not the one whose hash was signed', place)
    }
    if (record === null)
      throw new Fault('record-invalid', 'The signed bytes are not a work record', { account, seq })
    if (record.campaign !== campaignId || record.account !== account || record.seq !== seq) {
      throw new Fault('record-invalid', 'The record belongs elsewhere', { account, seq, item: record.item })
    }
    records.push(record)
  }
  return { records, erased }
}

function readPayload(reader: RecordReader, payload: Uint8Array, account: Address): SettledRecord | null {
  try {
    return reader.read(payload, account)
  } catch {
    return null
  }
}

/** Records still open before a batch and those its segments add, by account and seq. */
export function openBefore(state: State, workers: readonly WorkerEvidence[]): OpenRecord[] {
  const open = [...state.open]
  for (const { account, from, payloadHashes } of workers) {
    open.push(...payloadHashes.map((payloadHash, i) => ({ account, seq: from.count + i + 1, payloadHash })))
  }
  const isSorted = open.every((record, i) => i === 0 || byAccountAndSeq(open[i - 1]!, record) < 0)
  return isSorted ? open : open.sort(byAccountAndSeq)
}
