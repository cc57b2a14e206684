import type { LabelTable } from './label-table.ts'

/** Labels of the crowd's accuracy imagined of every worker. */
const IMAGINED_LABELS = 10

/**
 * How much workers err together: the correlation, at least 0, between two labels of an item of being right, beyond what
 * their workers' accuracies explain. Under probabilities that are true of a crowd whose workers err apart, Σ over pairs
 * and classes k of q(k) × (right − accuracy) × (right' − accuracy') is expected to be 0; hard items make it more.
 * `posterior`: items × classes, fitted without known items.
 */
export function sharedErrors(table: LabelTable, posterior: Float64Array): number {
  const { items, classes, label, worker, start } = table
  const accuracy = accuracies(table, posterior)
  let together = 0
  let possible = 1
  for (let t = 0; t < items; t++) {
    let deviations = 0
    let variances = 0
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      const variance = accuracy[worker[i]!]! * (1 - accuracy[worker[i]!]!)
      deviations += Math.sqrt(variance)
      variances += variance
    }
    possible += deviations * deviations - variances
    for (let k = 0; k < classes; k++) {
      let sum = 0
      let squares = 0
      for (let i = start[t]!; i < start[t + 1]!; i++) {
        const surprise = (label[i] === k ? 1 : 0) - accuracy[worker[i]!]!
        sum += surprise
        squares += surprise * surprise
      }
      together += posterior[t * classes + k]! * (sum * sum - squares)
    }
  }
  return Math.max(0, together / possible)
}

/** Per worker the expected share of right labels. */
function accuracies({ classes, workers, item, worker, label }: LabelTable, posterior: Float64Array) {
  const right = new Float64Array(workers)
  const labels = new Float64Array(workers)
  let all = 0
  for (let i = 0; i < label.length; i++) {
    const share = posterior[item[i]! * classes + label[i]!]!
    right[worker[i]!]! += share
    labels[worker[i]!]!++
    all += share
  }
  const imagined = IMAGINED_LABELS * (all / Math.max(1, label.length))
  for (let w = 0; w < workers; w++) {
    right[w] = Math.min(1, (right[w]! + imagined) / (labels[w]! + IMAGINED_LABELS))
  }
  return right
}
