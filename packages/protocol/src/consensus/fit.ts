import type { Hex } from '../bytes/hex.ts'
import { compareCodePoints } from '../bytes/order.ts'
import { quantize } from '../math/fixed.ts'
import type { SettledRecord } from '../records/work-record.ts'
import type { Method, Spec } from '../spec/spec.ts'
import { type MethodPick, pickMethod } from './classification/auto.ts'
import { answerByAuto } from './classification/auto-answer.ts'
import { dawidSkeneOfLogs } from './classification/dawid-skene-logs.ts'
import type { Classification, Classifier } from './classification/label-table.ts'
import { majority } from './classification/majority.ts'
import { countingRecords, NO_VOTES, type SettledVotes, type Votes, votesOf } from './votes.ts'

/** The methods that need no pick. */
const FIXED: Record<Exclude<Method, 'auto'>, Classifier> = { majority, 'dawid-skene': dawidSkeneOfLogs }
/** A pick made from fewer labels is made anew for the next batch. */
const LEAST_LABELS_OF_A_PICK = 100

/** A campaign's method fitted to the records of all items at once. */
export interface Fit {
  /** Of the items still to be settled, by item, account, seq. */
  counting: readonly SettledRecord[]
  votes: Votes
  classification: Classification
  /** Label index per item, −1 where no gold is known or the crowd contradicts it (`auto` alone asks). */
  known: Int32Array
  /** What the campaign keeps of its pick of a method: nothing where the spec names one, or labels are few. */
  pick: MethodPick | undefined
}

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
export function fitRecords({ spec, pick, settled = NO_VOTES, records, gold }: FitInput): Fit {
  const counting = countingRecords(records)
  const votes = votesOf(spec, settled, counting)
  const known = new Int32Array(votes.items.length).fill(-1)
  if (gold.size > 0) {
    votes.items.forEach((item, index) => {
      const label = gold.get(item)
      if (label !== undefined) known[index] = votes.labels.indexOf(label)
    })
  }
  const { consensus, redundancy } = spec
  const { method } = consensus
  if (method !== 'auto') {
    return { counting, votes, known, classification: FIXED[method](votes.table, known), pick }
  }
  const picked = pick ?? pickMethod(votes.table, known)
  const isKept = votes.table.label.length >= LEAST_LABELS_OF_A_PICK
  const target = { confidence: redundancy.targetConfidence, labels: redundancy.min }
  const classification = answerByAuto(picked, votes.table, known, target)
  const { standing } = classification
  return { counting, votes, known: standing, classification, pick: isKept ? picked : undefined }
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
export function estimatesOf({ counting, votes, classification }: Fit): Map<Hex, Estimate> {
  const width = votes.labels.length
  const estimates = new Map<Hex, Estimate>()
  counting.forEach(({ item, kind }, i) => {
    let estimate = estimates.get(item)
    if (estimate === undefined) {
      const at = votes.itemOf[i]!
      const distribution = Array.from(
        classification.posterior.subarray(at * width, (at + 1) * width),
        quantize,
      )
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
