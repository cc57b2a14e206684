import type { Crypto } from '../bytes/crypto.ts'
import { type Address, fromHex, type Hex, isHexOf } from '../bytes/hex.ts'
import type { Head } from '../records/chain.ts'
import { RecordReader } from '../records/record-reader.ts'
import type { Delegation } from '../records/session-key.ts'
import type { SettledRecord } from '../records/work-record.ts'
import type { Evidence } from '../settlement/bundle.ts'
import { inAccountOrder } from '../settlement/conclude.ts'
import type { OpenRecord, State } from '../settlement/state.ts'
import type { SignedSegment } from './signatures.ts'
import { Fault } from './verdict.ts'

type WorkerEvidence = Evidence['workers'][number]

/** Checks that one worker's segment continues the chain. Returns what is left to be checked: who signed it. */
export function checkSegment(
  worker: WorkerEvidence,
  context: {
    before: Head
    /** By account, the delegation seen last. */
    delegations: Map<Address, Delegation>
    crypto: Crypto
  },
): SignedSegment {
  const { account, delegation, head, receipt } = worker
  if (delegation.account !== account || delegation.publicKey !== head.publicKey) {
    throw new Fault('delegation-invalid', 'The head is signed by a key of another delegation', {
      account,
      seq: head.count,
    })
  }
  verifyLinks(worker, context.before, context.crypto)
  const isKnown = isSameDelegation(delegation, context.delegations.get(account))
  if (!isKnown) context.delegations.set(account, delegation)
  return { account, delegation, isKnown, head, receipt }
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
    payloadHashes.forEach((payloadHash, i) => {
      open.push({ account, seq: from.count + i + 1, payloadHash })
    })
  }
  return inAccountOrder(open)
}
