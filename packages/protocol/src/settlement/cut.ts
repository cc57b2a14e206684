import type { Crypto } from '../bytes/crypto.ts'
import { pureCrypto } from '../bytes/crypto.ts'
import { type Address, type Hex, toHex } from '../bytes/hex.ts'
import { sortByCodePoints } from '../bytes/order.ts'
import { estimatesOf, fitRecords } from '../consensus/fit.ts'
import type { SettledVotes } from '../consensus/votes.ts'
import { TaggerError } from '../errors.ts'
import type { Head, SignedHead } from '../records/chain.ts'
import type { SignedReceipt } from '../records/receipt.ts'
import type { Delegation } from '../records/session-key.ts'
import { decodeRecord, payloadHashOf, type WorkRecord } from '../records/work-record.ts'
import { encodeSpec, type Spec } from '../spec/spec.ts'
import type { Deployment, Terms } from '../spec/terms.ts'
import { type BatchHeader, batchHashOf } from './batch-header.ts'
import { type Evidence, encodeBundle } from './bundle.ts'
import { rootsOf } from './roots.ts'
import { type GoldReveal, isSettleable, type Score, type Settlement, settle } from './settle.ts'
import { encodeState, type State } from './state.ts'

/** What one worker did since the last final batch, with the signatures a batch needs. */
export interface WorkerSegment {
  account: Address
  delegation: Delegation
  /** Head at the last final batch. */
  from: Head
  payloadHashes: readonly Hex[]
  links: readonly Hex[]
  /** The last head received by `cutAt`, and the receipt that answered it. */
  head: SignedHead
  receipt: SignedReceipt
}

export interface CutInput {
  deployment: Deployment
  terms: Terms
  campaignId: Hex
  spec: Spec
  /** After the previous final batch. */
  state: State
  /** Hash of the previous final header, 32 zero bytes for the first. */
  previous: Hex
  cutAt: number
  closing: boolean
  /** Candidates; those that do not qualify under this batch's own fit are left for a later one. */
  items: readonly Hex[]
  /** Gold among the candidates. */
  reveals: readonly GoldReveal[]
  workers: readonly WorkerSegment[]
  /** Payloads of every unsettled record (`state.open` and the new segments) of the candidates. */
  payloads: readonly Uint8Array[]
  /** Votes of items settled in earlier batches. */
  settled: SettledVotes
}

export interface CutBatch {
  header: BatchHeader
  hash: Hex
  /** Evidence bundle as a CAR file. */
  car: Uint8Array
  settlement: Settlement
  /** The candidates that made it into the batch. */
  items: Hex[]
}

/**
 * Settles a batch and composes everything that is proposed: header, roots and evidence bundle.
 * Throws `nothing-to-settle` when no candidate qualifies (never for a closing batch, which may be empty).
 */
export function cutBatch(input: CutInput, crypto: Crypto = pureCrypto): CutBatch {
  const { campaignId, terms, spec, state, settled } = input
  const open = input.payloads.map((payload) => ({ payload, record: decodeRecord(payload) }))
  const items = chooseItems(
    input,
    settled,
    open.map(({ record }) => record),
  )
  const chosen = new Set(items)
  const batch = open.filter(({ record }) => chosen.has(record.item))
  const reveals = sortByCodePoints(
    input.reveals.filter(({ item }) => chosen.has(item)),
    ({ item }) => item,
  )
  const settlement = settle({
    campaignId,
    pay: terms,
    spec,
    state,
    segments: input.workers,
    settled,
    records: batch.map(({ record }) => record),
    items,
    reveals,
    closing: input.closing,
  })
  const stateBytes = encodeState(settlement.state)
  const anchor = {
    previous: input.previous,
    index: state.index,
    cutAt: input.cutAt,
    ...rootsOf({ ...settlement, campaignId, chains: settlement.state.chains }, crypto),
    payoutsTotal: settlement.payoutsTotal,
    state: toHex(crypto.sha256(stateBytes)),
    closing: input.closing,
  }
  const evidence: Evidence = {
    campaignId,
    anchor,
    terms: { ...input.deployment, terms },
    spec: encodeSpec(spec),
    state: stateBytes,
    workers: sortByCodePoints(input.workers, ({ account }) => account).map(evidenceOf),
    reveals: reveals.map((reveal) => ({ ...reveal, proof: [...reveal.proof] })),
    results: settlement.results.map((result) => ({ ...result, distribution: [...result.distribution] })),
    scores: scoresByAccount(settlement.scores),
    payouts: [...settlement.payouts],
    payloads: new Map(batch.map(({ payload }) => [payloadHashOf(payload, crypto), payload])),
  }
  const { root, car } = encodeBundle(evidence, crypto)
  const header = { campaignId, ...anchor, bundle: root }
  return { header, hash: batchHashOf(header, crypto), car, settlement, items }
}

/** Scores as a bundle lists them: by account, then seq. */
export function scoresByAccount(scores: readonly Score[]): Evidence['scores'] {
  const accounts = new Map<Address, Evidence['scores'][number]['records']>()
  for (const { account, seq, quality, difficulty, micro } of scores) {
    const records = accounts.get(account) ?? []
    records.push([seq, quality, difficulty, micro])
    accounts.set(account, records)
  }
  return sortByCodePoints(
    [...accounts].map(([account, records]) => ({ account, records })),
    (entry) => entry.account,
  )
}

/**
 * Leaves out candidates that do not qualify. What is left out changes the fit, so this repeats until it is stable;
 * the set only shrinks, so it ends.
 */
function chooseItems(input: CutInput, settled: SettledVotes, open: readonly WorkRecord[]): Hex[] {
  const { spec, state, closing } = input
  const answered = new Set(open.map((record) => record.item))
  let items = input.items.filter((item) => answered.has(item))
  if (closing) return items
  const known = [...state.gold, ...input.reveals].map(({ item, label }) => [item, label] as const)
  for (;;) {
    const candidates = new Set(items)
    const records = open.filter(({ item }) => candidates.has(item))
    const estimates = estimatesOf(
      fitRecords({ spec, pick: state.pick, settled, records, gold: new Map(known) }),
    )
    const qualified = items.filter((item) => isSettleable(spec, estimates.get(item)!))
    if (qualified.length === 0) throw new TaggerError('nothing-to-settle', 'No item is ready to be settled')
    if (qualified.length === items.length) return qualified
    items = qualified
  }
}

function evidenceOf(worker: WorkerSegment): Evidence['workers'][number] {
  const { account, delegation, from, payloadHashes, links, head, receipt } = worker
  return { account, delegation, from, payloadHashes: [...payloadHashes], links: [...links], head, receipt }
}
