import {
  type Address,
  type Crypto,
  encodeRecord,
  type Head,
  type Hex,
  nextLink,
  payloadHashOf,
  TaggerError,
  toHex,
  type WorkRecord,
} from '@tagger/protocol'
import type { PendingRecord } from './pending.ts'

const SALT_BYTES = 16

/** `seq` of the first record of an item and kind in a chain. */
export type FirstSeqs = Map<string, number>

/** Key of {@link FirstSeqs}. */
export function actKey(record: { kind: string; item: string }): string {
  return `${record.kind}:${record.item}`
}

/** Puts pending records on top of a head: their payloads, the new head, and where each one went. */
export function buildRecords(
  chain: { campaign: Hex; account: Address; head: Head; firstSeqs: FirstSeqs },
  pending: readonly PendingRecord[],
  crypto: Crypto,
): { payloads: Uint8Array[]; head: Head; placed: { record: PendingRecord; seq: number; link: Hex }[] } {
  let { count, link } = chain.head
  const firstSeqs = new Map(chain.firstSeqs)
  const payloads: Uint8Array[] = []
  const placed = pending.map((entry) => {
    const seq = count + 1
    const revises = entry.isRevision ? (firstSeqs.get(actKey(entry)) ?? null) : null
    if (entry.isRevision && revises === null) {
      throw new TaggerError('revision-invalid', 'There is no earlier answer to this item to replace', {
        data: { seq },
      })
    }
    if (!entry.isRevision) firstSeqs.set(actKey(entry), seq)
    const record = {
      v: 1,
      campaign: chain.campaign,
      account: chain.account,
      seq,
      prev: link,
      salt: toHex(globalThis.crypto.getRandomValues(new Uint8Array(SALT_BYTES))),
      kind: entry.kind,
      task: entry.task,
      item: entry.item,
      body: entry.body,
      revises,
      assist: entry.assist,
      startedAt: entry.startedAt,
      endedAt: entry.endedAt,
    } as WorkRecord
    const payload = encodeRecord(record)
    payloads.push(payload)
    link = nextLink(link, payloadHashOf(payload, crypto), crypto)
    count = seq
    return { record: entry, seq, link }
  })
  return { payloads, head: { count, link }, placed }
}

const CODES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Bytes as base64, as the API carries payloads. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(i, i + 3) as unknown as [number, number?, number?]
    text += CODES[a >> 2]! + CODES[((a & 3) << 4) | (b >> 4)]!
    text += i + 1 < bytes.length ? CODES[((b & 15) << 2) | (c >> 6)]! : '='
    text += i + 2 < bytes.length ? CODES[c & 63]! : '='
  }
  return text
}

/** The bytes of {@link toBase64}. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}
