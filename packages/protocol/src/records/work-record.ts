import { z } from 'zod'
import { type Canonical, decodeCanonical, encodeCanonical } from '../bytes/canonical.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Address, fromHex, type Hex, toHex } from '../bytes/hex.ts'
import { TaggerError } from '../errors.ts'

/** Chosen values per question name, in config order. A single-choice question has exactly one. */
export type Answer = { readonly [question: string]: readonly string[] }

export type RecordKind = 'submission' | 'annotation' | 'review'
export type ReviewVerdict = 'accept' | 'fix' | 'reject'

export type AnnotationBody = { answer: Answer }
/** `answer` is the accepted or the corrected one; a rejection has none and gives its reason. */
export type ReviewBody = { verdict: ReviewVerdict; answer: Answer | null; reason: string }
export type SubmissionBody = { mediaType: string; bytes: number }

/** What a model suggested and what the worker made of it. */
export interface Assist {
  model: string
  suggestion: Hex
  use: 'accepted' | 'edited' | 'own' | 'blind'
}

interface RecordBase {
  v: 1
  campaign: Hex
  account: Address
  /** 1 for the first record of a chain. */
  seq: number
  /** Link before this record. */
  prev: Hex
  /** 16 random bytes: a payload hash must not give its answer away. */
  salt: Hex
  /** The assignment this answers: the operator's name for it, not evidence. */
  task: string
  item: Hex
  /** `seq` of this worker's first record of the same item and kind, when this one replaces it. */
  revises: number | null
  assist: Assist | null
  /** Seconds since epoch on the worker's clock; shown, never trusted. */
  startedAt: number
  endedAt: number
}

/** One act of a worker. */
export type WorkRecord =
  | (RecordBase & { kind: 'annotation'; body: AnnotationBody })
  | (RecordBase & { kind: 'review'; body: ReviewBody })
  | (RecordBase & { kind: 'submission'; body: SubmissionBody })

/** A record as results and pays see it: without what only its chain and its maker need. */
export type SettledRecord = Settled<WorkRecord>
type Settled<R> = R extends WorkRecord
  ? Pick<R, 'campaign' | 'account' | 'seq' | 'kind' | 'item' | 'revises' | 'body'>
  : never

const bytes = (size: number) =>
  z.custom<Uint8Array>((v) => v instanceof Uint8Array && v.length === size, `expected ${size} bytes`)
const seconds = z.int().min(0)
const answer = z.record(z.string().min(1).max(200), z.array(z.string().max(500)).max(100))
const base = {
  v: z.literal(1),
  campaign: bytes(32),
  account: bytes(20),
  seq: z.int().min(1),
  prev: bytes(32),
  salt: bytes(16),
  task: z.string().max(100),
  item: bytes(32),
  revises: z.int().min(1).nullable(),
  assist: z
    .strictObject({
      model: z.string().max(200),
      suggestion: bytes(32),
      use: z.enum(['accepted', 'edited', 'own', 'blind']),
    })
    .nullable(),
  startedAt: seconds,
  endedAt: seconds,
}
const PayloadSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...base, kind: z.literal('annotation'), body: z.strictObject({ answer }) }),
  z.strictObject({
    ...base,
    kind: z.literal('review'),
    body: z.strictObject({
      verdict: z.enum(['accept', 'fix', 'reject']),
      answer: answer.nullable(),
      reason: z.string().max(2000),
    }),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('submission'),
    body: z.strictObject({ mediaType: z.string().min(1).max(200), bytes: z.int().min(1) }),
  }),
])

/** Canonical bytes of a record: its *payload*. */
export function encodeRecord(record: WorkRecord): Uint8Array {
  return encodeCanonical({
    ...record,
    campaign: fromHex(record.campaign, 32),
    account: fromHex(record.account, 20),
    prev: fromHex(record.prev, 32),
    salt: fromHex(record.salt, 16),
    item: fromHex(record.item, 32),
    assist: record.assist && { ...record.assist, suggestion: fromHex(record.assist.suggestion, 32) },
  } as Canonical)
}

/** Reads a payload. Throws `not-canonical` or `record-invalid` naming the field. */
export function decodeRecord(payload: Uint8Array): WorkRecord {
  const parsed = PayloadSchema.safeParse(decodeCanonical(payload))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new TaggerError('record-invalid', `Not a work record: ${issue.path.join('.')}: ${issue.message}`)
  }
  const { campaign, account, prev, salt, item, assist, ...rest } = parsed.data
  return {
    ...rest,
    campaign: toHex(campaign),
    account: toHex(account),
    prev: toHex(prev),
    salt: toHex(salt),
    item: toHex(item),
    assist: assist && { ...assist, suggestion: toHex(assist.suggestion) },
  } as WorkRecord
}

/** SHA-256 of a payload: what the chain and the bundle keep when the payload itself is withheld or erased. */
export function payloadHashOf(payload: Uint8Array, crypto: Crypto = pureCrypto): Hex {
  return toHex(crypto.sha256(payload))
}
