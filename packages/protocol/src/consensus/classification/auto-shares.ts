import type { LabelTable } from './label-table.ts'

/** How often each label was given, one imagined label each: shares that sum to 1 and are never 0. */
export function labelShares({ classes, label }: LabelTable): Float64Array {
  const shares = new Float64Array(classes).fill(1)
  for (let i = 0; i < label.length; i++) shares[label[i]!]!++
  for (let k = 0; k < classes; k++) shares[k]! /= label.length + classes
  return shares
}

export interface LabelCounts {
  readonly perWorker: Float64Array
  /** workers × classes. */
  readonly perWorkerAndLabel: Float64Array
}

export function labelCounts({ classes, workers, worker, label }: LabelTable): LabelCounts {
  const perWorker = new Float64Array(workers)
  const perWorkerAndLabel = new Float64Array(workers * classes)
  for (let i = 0; i < label.length; i++) {
    perWorker[worker[i]!]!++
    perWorkerAndLabel[worker[i]! * classes + label[i]!]!++
  }
  return { perWorker, perWorkerAndLabel }
}
