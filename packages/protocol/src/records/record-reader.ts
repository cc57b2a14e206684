import { CanonicalWalk, fieldBytes, textBytes } from '../bytes/canonical-walk.ts'
import { concatBytes } from '../bytes/concat.ts'
import { type Address, fromHex, type Hex, isHexOf, toHex } from '../bytes/hex.ts'
import { decodeRecord, type RecordKind, type SettledRecord, type WorkRecord } from './work-record.ts'

/** A body that {@link decodeRecord} took, and its bytes. */
interface KnownBody {
  kind: RecordKind
  bytes: Uint8Array
  body: SettledRecord['body']
}

const BODIES = 1024
const LONGEST_BODY = 200
const ITEMS = 65_536

const KINDS: readonly RecordKind[] = ['submission', 'annotation', 'review']
const KIND_TEXTS = KINDS.map(textBytes)
const USE_TEXTS = ['accepted', 'edited', 'own', 'blind'].map(textBytes)

const NULL = Uint8Array.of(0xf6)
const BYTES_16 = [0x50]
const BYTES_20 = [0x54]
const BYTES_32 = [0x58, 0x20]
/** The keys of a record in canonical order, each with the bytes around it that are always the same. */
const SEQ = concatBytes(Uint8Array.of(0xae), fieldBytes('v', [1]), fieldBytes('seq'))
const BODY = fieldBytes('body')
const ITEM = fieldBytes('item', BYTES_32)
const KIND = fieldBytes('kind')
const PREV = fieldBytes('prev', BYTES_32)
const SALT = fieldBytes('salt', BYTES_16)
const TASK = fieldBytes('task')
const ASSIST = fieldBytes('assist')
const ASSIST_USE = concatBytes(Uint8Array.of(0xa3), fieldBytes('use'))
const ASSIST_MODEL = fieldBytes('model')
const ASSIST_SUGGESTION = fieldBytes('suggestion', BYTES_32)
const ENDED_AT = fieldBytes('endedAt')
const REVISES = fieldBytes('revises')
const STARTED_AT = fieldBytes('startedAt')

/**
 * Reads the records of one campaign, best account by account. They nearly all look the same: the keys in their one
 * order, an answer others gave too. Such a payload is walked through in place, and what it shares with others is made
 * once. One that looks different in any way is left to {@link decodeRecord}, which alone says what a record is.
 */
export class RecordReader {
  readonly #campaignId: Hex
  readonly #campaign: Uint8Array
  /** By the hash of their bytes; one in the slot of another pushes it out. So with the names of items. */
  readonly #bodies = new Array<KnownBody | null>(BODIES).fill(null)
  readonly #items = new Array<Hex>(ITEMS).fill('0x')
  #accountId: Address | null = null
  #account: Uint8Array = NULL

  constructor(campaignId: Hex) {
    this.#campaignId = campaignId
    this.#campaign = fieldBytes('campaign', [...BYTES_32, ...fromHex(campaignId, 32)])
  }

  /** The record of a payload that `account` is said to have made. Throws what {@link decodeRecord} throws. */
  read(payload: Uint8Array, account: Address): SettledRecord | WorkRecord {
    if (account !== this.#accountId) {
      this.#accountId = account
      this.#account = fieldBytes('account', [...BYTES_20, ...fromHex(account, 20)])
    }
    return this.#readUsual(payload, account) ?? this.#readNew(payload)
  }

  #readUsual(payload: Uint8Array, account: Address): SettledRecord | null {
    const walk = new CanonicalWalk(payload)
    walk.skip(SEQ)
    const seq = walk.integer()
    walk.skip(BODY)
    const bodyAt = walk.at
    walk.skipValue()
    const bodyEnd = walk.at
    walk.skip(ITEM)
    const itemAt = walk.advance(32)
    walk.skip(KIND)
    const kind = KINDS[walk.oneOf(KIND_TEXTS)]
    walk.skip(PREV)
    walk.advance(32)
    walk.skip(SALT)
    walk.advance(16)
    walk.skip(TASK)
    walk.skipText(100)
    walk.skip(ASSIST)
    if (!walk.isNext(NULL)) skipAssist(walk)
    walk.skip(this.#account)
    walk.skip(ENDED_AT)
    walk.integer()
    walk.skip(REVISES)
    const revises = walk.isNext(NULL) ? null : walk.integer()
    walk.skip(this.#campaign)
    walk.skip(STARTED_AT)
    walk.integer()
    if (!walk.hasArrived() || kind === undefined || seq === 0 || revises === 0) return null
    const body = this.#knownBody(payload, bodyAt, bodyEnd, kind)
    if (body === null) return null
    const item = this.#itemAt(payload, itemAt)
    return { campaign: this.#campaignId, account, seq, kind, item, revises, body } as SettledRecord
  }

  #knownBody(payload: Uint8Array, from: number, to: number, kind: RecordKind): SettledRecord['body'] | null {
    const known = this.#bodies[bodySlot(payload, from, to)]!
    if (known === null || known.kind !== kind || known.bytes.length !== to - from) return null
    for (let i = 0; i < known.bytes.length; i++) if (known.bytes[i] !== payload[from + i]) return null
    return known.body
  }

  #readNew(payload: Uint8Array): WorkRecord {
    const record = decodeRecord(payload)
    const { kind, body } = record
    const walk = new CanonicalWalk(payload)
    walk.skip(SEQ)
    walk.integer()
    walk.skip(BODY)
    const from = walk.at
    walk.skipValue()
    if (walk.at <= payload.length && walk.at - from <= LONGEST_BODY) {
      this.#bodies[bodySlot(payload, from, walk.at)] = { kind, bytes: payload.slice(from, walk.at), body }
    }
    return record
  }

  #itemAt(payload: Uint8Array, at: number): Hex {
    const slot = (payload[at]! << 8) | payload[at + 1]!
    const known = this.#items[slot]!
    if (isHexOf(known, payload, at, 32)) return known
    const item = toHex(payload.subarray(at, at + 32))
    this.#items[slot] = item
    return item
  }
}

function skipAssist(walk: CanonicalWalk): void {
  walk.skip(ASSIST_USE)
  walk.oneOf(USE_TEXTS)
  walk.skip(ASSIST_MODEL)
  walk.skipText(200)
  walk.skip(ASSIST_SUGGESTION)
  walk.advance(32)
}

function bodySlot(payload: Uint8Array, from: number, to: number): number {
  let hash = 0
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + payload[at]!) | 0
  return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (BODIES - 1)
}
