import type { Address } from '../bytes/hex.ts'
import { sortByCodePoints } from '../bytes/order.ts'
import { TaggerError } from '../errors.ts'
import { MILLION } from '../math/fixed.ts'
import { type Evidence, type Posterior, posteriorOf } from './beta.ts'

/** After so many seconds (178 days) evidence counts half. */
export const HALF_LIFE = 15_360_000
const STEPS_PER_HALF_LIFE = 1024
const STEP = HALF_LIFE / STEPS_PER_HALF_LIFE
/** floor(2⁴⁸ × 2^(−2^b / 1024)) for b = 0 … 9: decay over 2^b steps. */
const DECAY = [
  281284510335223n,
  281094172843149n,
  280713884160286n,
  279954849561487n,
  278442931975302n,
  275443548385834n,
  269541361132678n,
  258113691704612n,
  236691298899613n,
  199032864766430n,
]

/** What one operator's final batches say of an account's skill. Whole numbers; there is no score over all operators. */
export interface Reputation extends Evidence {
  readonly account: Address
  readonly skill: string
  readonly operator: Address
  /** Block time the evidence is decayed to. */
  readonly asOf: number
}

/** Reputations after some final batches, and the last batch's place on chain. */
export interface ReputationBook {
  readonly entries: ReadonlyMap<string, Reputation>
  readonly last: ChainPlace | null
}

/** Where on chain a batch became final. */
export interface ChainPlace {
  readonly block: number
  readonly logIndex: number
}

/** A final batch as reputation sees it. */
export interface FinalBatch {
  readonly place: ChainPlace
  /** Block time in seconds. */
  readonly finalizedAt: number
  readonly operator: Address
  /** Skills the campaign's spec names. */
  readonly skills: readonly string[]
  /** Of each account, what the batch showed; see {@link evidenceOf}. Several of one account add up. */
  readonly evidence: readonly (Evidence & { readonly account: Address })[]
}

export const EMPTY_BOOK: ReputationBook = { entries: new Map(), last: null }

/** Evidence of scored records: each is one observation, split by its quality (millionths). */
export function evidenceOf(
  scores: readonly { readonly account: Address; readonly quality: number }[],
): (Evidence & { account: Address })[] {
  return scores.map(({ account, quality }) => ({ account, good: quality, bad: MILLION - quality }))
}

/**
 * Adds one final batch. Batches come in the order they became final; a fold of all equals the fold of the first ones
 * continued, bit for bit, and the order of evidence inside a batch is free. Throws `batch-invalid` out of order.
 */
export function foldBatch(book: ReputationBook, batch: FinalBatch): ReputationBook {
  const { place, finalizedAt, operator, skills } = batch
  if (book.last !== null && !isBefore(book.last, place)) {
    throw new TaggerError('batch-invalid', `Batch ${place.block}/${place.logIndex} comes after a later one`, {
      hints: ['Fold batches in the order they became final: by block, then log index.'],
    })
  }
  const entries = new Map(book.entries)
  for (const { account, good, bad } of sumByAccount(batch.evidence)) {
    for (const skill of new Set(skills)) {
      const key = keyOf(account, skill, operator)
      const before = entries.get(key) ?? { account, skill, operator, good: 0, bad: 0, asOf: finalizedAt }
      const decayed = decay(before, finalizedAt)
      entries.set(key, { ...decayed, good: decayed.good + good, bad: decayed.bad + bad })
    }
  }
  return { entries, last: place }
}

/** One account's reputation at block time `at`: Beta posterior of its quality, and how many records it rests on (millionths). */
export function reputationAt(
  book: ReputationBook,
  { account, skill, operator }: Pick<Reputation, 'account' | 'skill' | 'operator'>,
  at: number,
): Posterior & { readonly evidence: number } {
  const entry = book.entries.get(keyOf(account, skill, operator))
  if (entry === undefined) return { ...posteriorOf({ good: 0, bad: 0 }), evidence: 0 }
  // Read only: what is kept decays when a batch adds to it, or reading would change the rounding.
  const decayed = decay(entry, at)
  return { ...posteriorOf(decayed), evidence: decayed.good + decayed.bad }
}

/**
 * Evidence × 2^(−elapsed / half-life), rounded down, in whole steps of 15,000 s. `asOf` moves by the steps taken, so that
 * many short spans decay as much as a long one.
 */
function decay(reputation: Reputation, at: number): Reputation {
  const steps = Math.floor(Math.max(0, at - reputation.asOf) / STEP)
  const shrink = (micro: number) => {
    let value = BigInt(micro) >> BigInt(Math.min(64, Math.floor(steps / STEPS_PER_HALF_LIFE)))
    DECAY.forEach((factor, bit) => {
      if (((steps % STEPS_PER_HALF_LIFE) >> bit) & 1) value = (value * factor) >> 48n
    })
    return Number(value)
  }
  return {
    ...reputation,
    good: shrink(reputation.good),
    bad: shrink(reputation.bad),
    asOf: reputation.asOf + steps * STEP,
  }
}

function sumByAccount(evidence: FinalBatch['evidence']): (Evidence & { account: Address })[] {
  const sums = new Map<Address, { account: Address; good: number; bad: number }>()
  for (const { account, good, bad } of evidence) {
    const sum = sums.get(account) ?? { account, good: 0, bad: 0 }
    sum.good += good
    sum.bad += bad
    sums.set(account, sum)
  }
  return sortByCodePoints(sums.values(), ({ account }) => account)
}

function isBefore(a: ChainPlace, b: ChainPlace): boolean {
  return a.block < b.block || (a.block === b.block && a.logIndex < b.logIndex)
}

function keyOf(account: Address, skill: string, operator: Address): string {
  return `${account}/${operator}/${skill}`
}
