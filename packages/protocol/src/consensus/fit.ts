import type { Hex } from '../bytes/hex.ts'
import { compareCodePoints } from '../bytes/order.ts'
import { quantize } from '../math/fixed.ts'
import type { SettledRecord } from '../records/work-record.ts'
import type { Spec } from '../spec/spec.ts'
import type { MethodPick } from './classification/auto.ts'
import { type FitTask, type Fitted, makeFit } from './fit-task.ts'
import { countingRecords, NO_VOTES, type SettledVotes, type Votes, votesOf } from './votes.ts'

/** Records as votes, and the fit that is to be made of them. */
export interface OpenFit {
  /** Of the items still to be settled, by item, account, seq. */
  counting: readonly SettledRecord[]
  votes: Votes
  task: FitTask
}

/** A campaign's method fitted to the records of all items at once. */
export type Fit = Omit<OpenFit, 'task'> & Fitted

export interface FitInput {
  spec: Spec
  /** The method picked in an earlier batch. */
  pick?: MethodPick | undefined
  /** Votes of items settled before; none when left out. */
  settled?: SettledVotes
  /** Every record of other items. */
  records: readonly SettledRecord[]
  /** Known answers by item. */
  gold: ReadonlyMap<Hex, string>
}

/** Fits the spec's consensus method. The same for any order of the records. */
export function fitRecords(input: FitInput): Fit {
  const { counting, votes, task } = openFit(input)
  return { counting, votes, ...makeFit(task) }
}

/** What is to be fitted for {@link fitRecords}. */
export function openFit({ spec, pick, settled = NO_VOTES, records, gold }: FitInput): OpenFit {
  const counting = countingRecords(records)
  const votes = votesOf(spec, settled, counting)
  const known = new Int32Array(votes.items.length).fill(-1)
  if (gold.size > 0) {
    votes.items.forEach((item, index) => {
      const label = gold.get(item)
      if (label !== undefined) known[index] = votes.labels.indexOf(label)
    })
  }
  const { targetConfidence, min } = spec.redundancy
  const target = { confidence: targetConfidence, labels: min }
  return { counting, votes, task: { method: spec.consensus.method, target, pick, table: votes.table, known } }
}

/** The answer for one item under a fit. */
export interface Estimate {
  label: string
  confidence: number
  /** Millionths per label in config order. */
  distribution: number[]
  annotations: number
  reviews: number
}

/**
 * Estimates for the items of a fit's counting records. Ties go to the label first in code-point order;
 * `distribution` shows them.
 */
export function estimatesOf({ counting, votes, posterior }: Fit): Map<Hex, Estimate> {
  const width = votes.labels.length
  const estimates = new Map<Hex, Estimate>()
  counting.forEach(({ item, kind }, i) => {
    let estimate = estimates.get(item)
    if (estimate === undefined) {
      const at = votes.itemOf[i]!
      const distribution = new Array<number>(width)
      for (let k = 0; k < width; k++) distribution[k] = quantize(posterior[at * width + k]!)
      estimate = { ...topLabel(votes.labels, distribution), distribution, annotations: 0, reviews: 0 }
      estimates.set(item, estimate)
    }
    if (kind === 'annotation') estimate.annotations++
    if (kind === 'review') estimate.reviews++
  })
  return estimates
}

/** One fit over these records, an estimate per item: what scheduling asks and what reports compare. */
export function estimate(input: FitInput): Map<Hex, Estimate> {
  return estimatesOf(fitRecords(input))
}

function topLabel(labels: readonly string[], distribution: readonly number[]) {
  let best = 0
  for (let i = 1; i < labels.length; i++) {
    const difference = distribution[i]! - distribution[best]!
    if (difference > 0 || (difference === 0 && compareCodePoints(labels[i]!, labels[best]!) < 0)) best = i
  }
  return { label: labels[best]!, confidence: distribution[best]! }
}
