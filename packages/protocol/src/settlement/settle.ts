import type { Address, Hex } from '../bytes/hex.ts'
import { sortByCodePoints } from '../bytes/order.ts'
import { estimatesOf, type Fit, type OpenFit, openFit } from '../consensus/fit.ts'
import { type Fitted, makeFit } from '../consensus/fit-task.ts'
import type { SettledVotes } from '../consensus/votes.ts'
import { TaggerError } from '../errors.ts'
import { scoreRecords } from '../quality/score.ts'
import type { ReviewVerdict, SettledRecord } from '../records/work-record.ts'
import type { Spec } from '../spec/spec.ts'
import { conclude, inAccountOrder } from './conclude.ts'
import { payOf } from './pay.ts'
import type { Result } from './result.ts'
import type { State } from './state.ts'

/** The chain segment of one worker since the last final batch. */
export interface Segment {
  account: Address
  /** Head before the segment. */
  from: { count: number; link: Hex }
  payloadHashes: readonly Hex[]
  /** They follow from the hashes; the last is all that settling needs. */
  links: readonly Hex[]
}

/** A hidden item's answer, opened: `salt` and Merkle `proof` lead to the spec's gold root. */
export interface GoldReveal {
  item: Hex
  label: string
  salt: Hex
  proof: readonly Hex[]
}

/** What one record earned and why, in millionths (`micro` of the token's smallest unit). */
export interface Score {
  account: Address
  seq: number
  item: Hex
  kind: SettledRecord['kind']
  /** Probability of this record's answer under everything but this record. */
  quality: number
  /** Multiplier of base pay from the disagreement of the other records. */
  difficulty: number
  micro: bigint
}

export interface SettleInput {
  campaignId: Hex
  pay: { basePay: bigint; floorPay: bigint }
  spec: Spec
  /** After the previous final batch. */
  state: State
  segments: readonly Segment[]
  /** Votes of the items settled before. */
  settled: SettledVotes
  /** Every record of this batch's items, in any order. */
  records: readonly SettledRecord[]
  /** Items put into this batch. */
  items: readonly Hex[]
  /** Gold among `items`. */
  reveals: readonly GoldReveal[]
  closing: boolean
}

export interface Settlement {
  /** Of this batch's items, by code point. */
  results: readonly Result[]
  /** Of this batch's paid records, by account and seq. */
  scores: readonly Score[]
  /** Cumulative, floored to whole units, by account: the leaves of the payouts root. */
  payouts: readonly { account: Address; amount: bigint }[]
  payoutsTotal: bigint
  state: State
}

/** A batch whose records are votes already; what is left is the fit. */
export interface OpenSettlement {
  input: SettleInput
  fit: OpenFit
}

/**
 * Settles a batch: results from one fit over the records of all items settled so far, pays for this batch's records,
 * the state for the next. A pure function of the *set* of records: their order changes nothing.
 * Throws `batch-invalid` naming the first item that may not be settled yet.
 */
export function settle(input: SettleInput): Settlement {
  const open = openSettlement(input)
  return closeSettlement(open, makeFit(open.fit.task))
}

/** The part of {@link settle} before the fit. */
export function openSettlement(input: SettleInput): OpenSettlement {
  const { spec, state, settled, records, reveals } = input
  checkItems(input)
  const gold = new Map([...state.gold, ...reveals].map(({ item, label }) => [item, label]))
  return { input, fit: openFit({ spec, pick: state.pick, settled, records, gold }) }
}

/** The part of {@link settle} after the fit, which may have been made elsewhere. */
export function closeSettlement(
  { input, fit: { counting, votes } }: OpenSettlement,
  fitted: Fitted,
): Settlement {
  const { spec, state, records, items, closing } = input
  const fit: Fit = { counting, votes, ...fitted }
  const estimates = estimatesOf(fit)
  const verdicts = reviewVerdicts(fit.counting)
  const results = new Map<Hex, Result>()
  for (const item of sortByCodePoints(items, (id) => id)) {
    const estimate = estimates.get(item)
    if (estimate === undefined) throw invalid(`Item ${item} has no record`, { item })
    const result: Result = {
      item,
      ...estimate,
      status: statusOf(spec, estimate.label, verdicts.get(item) ?? []),
    }
    if (!closing && !isSettleable(spec, result)) {
      throw invalid(`Item ${item} has neither enough answers nor enough certainty`, { item })
    }
    results.set(item, result)
  }

  const scores = scoreRecords(spec, fit, results).map(({ record, quality, difficulty }): Score => {
    const { account, seq, item, kind } = record
    return {
      account,
      seq,
      item,
      kind,
      quality,
      difficulty,
      micro: payOf(input.pay, spec, { kind, quality, difficulty }),
    }
  })
  const outcome = {
    results: [...results.values()],
    scores: inAccountOrder(scores),
    reveals: input.reveals,
    segments: input.segments,
    settled: records,
    pick: fit.pick,
  }
  return { results: outcome.results, scores: outcome.scores, ...conclude(state, outcome) }
}

/** Whether an item may be settled before the campaign closes: sure enough, fully answered, or decided by review. */
export function isSettleable(
  spec: Spec,
  item: { confidence: number; annotations: number; reviews: number },
): boolean {
  if (spec.kind === 'collect') return item.reviews >= spec.review.reviews
  const { min, max, targetConfidence } = spec.redundancy
  const isSure = item.annotations >= min && item.confidence >= targetConfidence
  return isSure || item.annotations >= max || (spec.review.reviews > 0 && item.reviews >= spec.review.reviews)
}

/** No item is settled twice, and all records are of the batch. */
function checkItems({ state, items, records, campaignId }: SettleInput): void {
  if (state.campaignId !== campaignId) throw invalid('The state belongs to another campaign')
  const frozen = new Set(state.results.map(({ item }) => item))
  const batch = new Set<Hex>()
  for (const item of items) {
    if (frozen.has(item) || batch.has(item)) throw invalid(`Item ${item} is settled twice`, { item })
    batch.add(item)
  }
  const stray = records.find(({ item }) => !batch.has(item))
  if (stray !== undefined) throw invalid(`Item ${stray.item} is not of this batch`, { item: stray.item })
}

function reviewVerdicts(counting: readonly SettledRecord[]): Map<Hex, ReviewVerdict[]> {
  const verdicts = new Map<Hex, ReviewVerdict[]>()
  for (const record of counting) {
    if (record.kind !== 'review') continue
    const list = verdicts.get(record.item) ?? []
    list.push(record.body.verdict)
    verdicts.set(record.item, list)
  }
  return verdicts
}

/** Rejected work is settled and paid for but not delivered. */
function statusOf(spec: Spec, label: string, verdicts: readonly ReviewVerdict[]): Result['status'] {
  if (spec.kind === 'collect') return label === 'accept' && verdicts.length > 0 ? 'accepted' : 'rejected'
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'reject') ? 'rejected' : 'accepted'
}

function invalid(message: string, data: Record<string, unknown> = {}): TaggerError {
  return new TaggerError('batch-invalid', message, { data })
}
