import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import { type ErrorCode, TaggerError } from '../errors.ts'
import { bodyChecker, labelReader } from '../labeling/labels.ts'
import type { Spec } from '../spec/spec.ts'
import { type ChainedRecord, extendChain, type Head, type SignedHead } from './chain.ts'
import { decodeRecord, type RecordKind, type WorkRecord } from './work-record.ts'

/** A lease of the account whose chunk is judged. */
export interface LeaseFact {
  item: Hex
  kind: RecordKind
  state: 'leased' | 'done' | 'released' | 'expired'
  /** Milliseconds since epoch. */
  expiresAt: number
}

/** An item a chunk speaks of. */
export interface ItemFact {
  /** Already in a batch: its answer can no longer change. */
  isBatched: boolean
  /** What the account itself uploaded under this id, null for everyone else's items. */
  submission: { mediaType: string; bytes: number } | null
}

/** What the node knows when a chunk arrives. */
export interface IntakeFacts {
  /** Milliseconds since epoch on the node's clock. */
  now: number
  /** By assignment id. */
  leases: ReadonlyMap<string, LeaseFact>
  items: ReadonlyMap<Hex, ItemFact>
  /** `seq` of the account's first record of an item and kind, by {@link workKey}. */
  firsts: ReadonlyMap<string, number>
}

/** A record that was accepted, with what is kept beside it. */
export interface AcceptedRecord extends ChainedRecord {
  label: string | null
  /** A later record of the same chunk replaces it. */
  isReplaced: boolean
  isRevision: boolean
  /** How long it took as the worker said, within a day. */
  seconds: number
}

export interface Intake {
  accepted: AcceptedRecord[]
  /** New records that count, that is without revisions: each is owed the floor. */
  counting: number
  /** Assignments that are answered now. */
  answered: string[]
}

/** The parts of a spec that intake needs, read once per campaign and not per chunk. */
export interface IntakeRules {
  checkBody(record: WorkRecord): void
  labelOf(record: WorkRecord): string | null
}

const LONGEST_SECONDS = 86_400

/** Reads a campaign's intake rules. */
export function intakeRules(spec: Spec): IntakeRules {
  return { checkBody: bodyChecker(spec), labelOf: labelReader(spec) }
}

/** One worker's work of one kind on one item: of the records under it only the last counts. */
export function workKey(item: Hex, kind: RecordKind): string {
  return `${kind}:${item}`
}

/**
 * Builds a chunk on the head the node holds and compares where it ends with the head that was signed.
 * Throws `chain-conflict` with the held head when the chunk starts elsewhere, `chain-broken` when it breaks inside.
 */
export function continueChain(
  chain: { campaignId: Hex; account: Address; head: Head },
  chunk: { payloads: readonly Uint8Array[]; signed: SignedHead },
  crypto: Crypto = pureCrypto,
): ChainedRecord[] {
  const { campaignId, account, head } = chain
  let records: ChainedRecord[]
  try {
    records = extendChain(campaignId, account, head, chunk.payloads, crypto)
  } catch (error) {
    const startsElsewhere =
      error instanceof TaggerError && error.code === 'chain-broken' && error.data.seq === head.count + 1
    throw startsElsewhere ? chainConflict(head) : error
  }
  const last = records.at(-1)
  if (last?.link !== chunk.signed.link || last.record.seq !== chunk.signed.count) {
    throw new TaggerError('chain-broken', 'The signed head is not where these records end', {
      hints: ['Sign the count and link of the last record of the chunk.'],
      data: { end: last && { count: last.record.seq, link: last.link } },
    })
  }
  return records
}

/**
 * Holds a chunk whose signed head the node has already against that head: its hashes must lead there from where its
 * first record says it starts, so nothing that was stored is needed. Throws `chain-conflict` with the head of the chain
 * when they lead elsewhere, and what {@link continueChain} throws for records that are none of this chain.
 */
export function checkKnownChunk(
  chain: { campaignId: Hex; account: Address; head: Head },
  chunk: { payloads: readonly Uint8Array[]; signed: SignedHead },
  crypto: Crypto = pureCrypto,
): void {
  const [payload] = chunk.payloads
  if (payload === undefined) throw chainConflict(chain.head)
  const { seq, prev } = decodeRecord(payload)
  try {
    continueChain({ ...chain, head: { count: seq - 1, link: prev } }, chunk, crypto)
  } catch (error) {
    if (error instanceof TaggerError && error.code === 'chain-broken') throw chainConflict(chain.head)
    throw error
  }
}

/** The refusal of a chunk that does not start at the head the node holds. */
export function chainConflict(head: Head): TaggerError {
  return new TaggerError('chain-conflict', `This chain already stands at record ${head.count}`, {
    hints: ['Fetch the head of your chain, build the records that are not in it anew, and send them again.'],
    data: { head: { count: head.count, link: head.link } },
  })
}

/**
 * Decides over a whole chunk: every record is accepted or none is.
 * A refusal names the first record at fault in `data`, and in `data.refused` all that stumble over the same rule,
 * so that a client drops them in one go.
 */
export function decideIntake(
  rules: IntakeRules,
  records: readonly ChainedRecord[],
  facts: IntakeFacts,
): Intake {
  const firsts = new Map(facts.firsts)
  const latest = new Map<string, AcceptedRecord>()
  const answered = new Set<string>()
  const refusals: Refusal[] = []
  const accepted = records.map((chained): AcceptedRecord => {
    const { record } = chained
    rules.checkBody(record)
    const key = workKey(record.item, record.kind)
    const first = firsts.get(key)
    const refusal =
      afterSettlement(record, facts) ??
      (first === undefined ? startFault(record, facts, answered) : revisionFault(record, first))
    if (refusal !== null) refusals.push(refusal)
    const entry: AcceptedRecord = {
      ...chained,
      label: rules.labelOf(record),
      isReplaced: false,
      isRevision: first !== undefined,
      seconds: Math.max(0, Math.min(LONGEST_SECONDS, record.endedAt - record.startedAt)),
    }
    if (first === undefined) {
      firsts.set(key, record.seq)
      if (record.kind !== 'submission') answered.add(record.task)
    }
    const before = latest.get(key)
    if (before !== undefined) before.isReplaced = true
    latest.set(key, entry)
    return entry
  })
  if (refusals.length > 0) throw refused(refusals)
  return {
    accepted,
    counting: accepted.filter((entry) => !entry.isRevision).length,
    answered: [...answered],
  }
}

interface Refusal {
  code: ErrorCode
  message: string
  hint: string
  record: WorkRecord
  data?: Record<string, unknown>
}

function afterSettlement(record: WorkRecord, facts: IntakeFacts): Refusal | null {
  if (facts.items.get(record.item)?.isBatched !== true) return null
  return {
    code: 'record-after-settlement',
    message: `Record ${record.seq}: its item is already in a batch`,
    hint: 'Leave this record out; the answer of a settled item no longer changes.',
    record,
  }
}

function startFault(record: WorkRecord, facts: IntakeFacts, answered: ReadonlySet<string>): Refusal | null {
  if (record.revises !== null) {
    return {
      code: 'revision-invalid',
      message: `Record ${record.seq} revises record ${record.revises}, but this is your first of its item and kind`,
      hint: 'Set `revises` to null.',
      record,
    }
  }
  if (record.kind === 'submission') return submissionFault(record, facts)
  const lease = facts.leases.get(record.task)
  const isYours = lease !== undefined && lease.item === record.item && lease.kind === record.kind
  if (!isYours || lease.state === 'released' || lease.state === 'done' || answered.has(record.task)) {
    return {
      code: 'lease-missing',
      message: `Record ${record.seq}: no running assignment of yours covers this item`,
      hint: 'Name in `task` the assignment that gave you the item.',
      record,
    }
  }
  if (lease.state === 'expired' || lease.expiresAt <= facts.now) {
    return {
      code: 'lease-expired',
      message: `Record ${record.seq}: the assignment ran out before it was answered`,
      hint: 'Leave this record out, or ask for the item again if it is still open.',
      record,
    }
  }
  return null
}

function submissionFault(record: WorkRecord & { kind: 'submission' }, facts: IntakeFacts): Refusal | null {
  const content = facts.items.get(record.item)?.submission
  if (content === undefined || content === null) {
    return {
      code: 'lease-missing',
      message: `Record ${record.seq}: you submitted no content under this item`,
      hint: 'Upload the content first; the answer names the item.',
      record,
    }
  }
  if (content.mediaType !== record.body.mediaType || content.bytes !== record.body.bytes) {
    return {
      code: 'answer-invalid',
      message: `Record ${record.seq} does not describe the content that was uploaded`,
      hint: 'Use the media type and size the upload was answered with.',
      record,
      data: { expected: { ...content } },
    }
  }
  return null
}

function revisionFault(record: WorkRecord, first: number): Refusal | null {
  if (record.revises === first) return null
  return {
    code: record.revises === null ? 'revision-required' : 'revision-invalid',
    message: `Record ${record.seq}: you already have a record of this item and kind, number ${first}`,
    hint: `Set \`revises\` to ${first} to replace it.`,
    record,
    data: { revises: first },
  }
}

function refused(refusals: readonly Refusal[]): TaggerError {
  const [fault] = refusals as [Refusal]
  const same = refusals.filter((refusal) => refusal.code === fault.code)
  const place = ({ record, data }: Refusal) => ({
    seq: record.seq,
    item: record.item,
    task: record.task,
    ...data,
  })
  return new TaggerError(fault.code, fault.message, {
    hints: [fault.hint],
    data: { ...place(fault), refused: same.map(place) },
  })
}
