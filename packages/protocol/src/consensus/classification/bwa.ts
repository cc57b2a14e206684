import type { Classifier, LabelTable } from './label-table.ts'

/** Strength of the gamma prior of a worker's precision, and of the pull of an item towards the mean. */
const PRIOR_PRECISION = 15
const PULL = 1
const TOLERANCE = 1e-3
const MAX_ITERATIONS = 500

/**
 * Bayesian weighted average (Li, Rubinstein and Cohn, WWW 2019): per class the labels are numbers, 1 or 0, that
 * scatter around the item's value with the worker's variance; items and precisions are fitted in turns. Probabilities
 * are the values of the classes as shares.
 */
export const bwa: Classifier = (table, known) => {
  const { items, classes, item, worker, label, start } = table
  const values = new Float64Array(items * classes)
  const means = new Float64Array(classes)
  const precisions: Float64Array[] = []
  for (let k = 0; k < classes; k++) {
    const value = shares(table, known, k)
    const fit = fitClass(table, known, k, value)
    means[k] = fit.mean
    precisions.push(fit.precision)
    for (let t = 0; t < items; t++) values[t * classes + k] = value[t]!
  }
  for (let t = 0; t < items; t++) toShares(values.subarray(t * classes, (t + 1) * classes))
  return {
    posterior: values,
    withoutLabel(index) {
      const t = item[index]!
      const row = new Float64Array(classes)
      for (let k = 0; k < classes; k++) {
        let top = PULL * means[k]!
        let bottom = PULL
        for (let i = start[t]!; i < start[t + 1]!; i++) {
          if (i === index) continue
          const weight = precisions[k]![worker[i]!]!
          if (label[i] === k) top += weight
          bottom += weight
        }
        row[k] = top / bottom
      }
      toShares(row)
      return row
    },
  }
}

function shares({ items, label, start }: LabelTable, known: Int32Array, k: number): Float64Array {
  const value = new Float64Array(items)
  for (let t = 0; t < items; t++) {
    for (let i = start[t]!; i < start[t + 1]!; i++) if (label[i] === k) value[t]!++
    value[t]! /= Math.max(1, start[t + 1]! - start[t]!)
    if (known[t]! >= 0) value[t] = known[t] === k ? 1 : 0
  }
  return value
}

/** Items' values and workers' precisions for one class; returns the precisions and the mean. */
function fitClass(
  { classes, items, workers, worker, label, start }: LabelTable,
  known: Int32Array,
  k: number,
  value: Float64Array,
): { precision: Float64Array; mean: number } {
  const precision = new Float64Array(workers)
  const labels = new Float64Array(workers)
  let spread = 0
  for (let t = 0; t < items; t++) {
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      labels[worker[i]!]!++
      spread += value[t]! * (1 - value[t]!)
    }
  }
  // With many classes most labels of one are 0 and scatter little; the factor makes priors of all sizes alike.
  const priorScatter = (PRIOR_PRECISION * spread * 4 * (1 - 1 / classes)) / Math.max(1, worker.length)
  let mean = 0
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    mean = 0
    for (let t = 0; t < items; t++) mean += value[t]! / items
    precision.fill(priorScatter)
    for (let t = 0; t < items; t++) {
      for (let i = start[t]!; i < start[t + 1]!; i++) {
        const error = value[t]! - (label[i] === k ? 1 : 0)
        precision[worker[i]!]! += error * error
      }
    }
    for (let w = 0; w < workers; w++) precision[w] = (PRIOR_PRECISION + labels[w]!) / precision[w]!
    let isSettled = true
    for (let t = 0; t < items; t++) {
      if (known[t]! >= 0) continue
      let top = PULL * mean
      let bottom = PULL
      for (let i = start[t]!; i < start[t + 1]!; i++) {
        const weight = precision[worker[i]!]!
        if (label[i] === k) top += weight
        bottom += weight
      }
      const next = top / bottom
      if (Math.abs(next - value[t]!) > TOLERANCE * next) isSettled = false
      value[t] = next
    }
    if (isSettled) break
  }
  return { precision, mean }
}

function toShares(row: Float64Array): void {
  let total = 0
  for (let k = 0; k < row.length; k++) total += row[k]!
  for (let k = 0; k < row.length; k++) row[k]! /= total
}
