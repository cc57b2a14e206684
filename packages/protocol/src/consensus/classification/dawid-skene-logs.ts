import { exp, log } from '../../math/log-exp.ts'
import type { Classifier, LabelTable } from './label-table.ts'

const MAX_ITERATIONS = 200
const TOLERANCE = 1e-6
/** Imagined items per class: keeps a class of few items possible. */
const PRIOR_ITEMS = 1
/**
 * Imagined labels per row of a worker's matrix: one that is right, and one spread over all classes. A worker of few
 * answers is thought a little better than chance and never certain, however many classes there are.
 */
const PRIOR_RIGHT = 1
const PRIOR_SPREAD = 1

/** What is fitted to the table in turns. Of worker w: `confusion[(w × classes + label) × classes + truth]`. */
interface Model {
  /** Logarithms of the probabilities; expected counts while they are gathered. */
  confusion: Float64Array
  prior: Float64Array
}

/**
 * Version 1 of `dawid-skene`, kept for the campaigns that name it: sums of logarithms, weak priors (one imagined label
 * for the truth, one spread over the classes, one item per class), EM from the vote shares. Known items keep their class.
 * Stops when no probability moves by 1e-6 (never because a loss fell), or after 200 iterations.
 */
export const dawidSkeneOfLogs: Classifier = (table, known) => {
  const { classes, workers, item } = table
  const posterior = voteShares(table, known)
  const model: Model = {
    confusion: new Float64Array(workers * classes * classes),
    prior: new Float64Array(classes),
  }
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    fitWorkers(table, posterior, model.confusion)
    fitPrior(table, posterior, model.prior)
    if (updatePosterior(table, known, model, posterior) < TOLERANCE) break
  }
  return {
    posterior,
    withoutLabel(index) {
      const row = new Float64Array(classes)
      sumEvidence(table, model, item[index]!, index, row)
      normalizeLogs(row)
      return row
    },
  }
}

function voteShares({ classes, items, label, start }: LabelTable, known: Int32Array): Float64Array {
  const posterior = new Float64Array(items * classes)
  for (let t = 0; t < items; t++) {
    const row = t * classes
    const count = start[t + 1]! - start[t]!
    if (known[t]! >= 0) posterior[row + known[t]!] = 1
    else if (count === 0) posterior.fill(1 / classes, row, row + classes)
    else for (let i = start[t]!; i < start[t + 1]!; i++) posterior[row + label[i]!]! += 1 / count
  }
  return posterior
}

/** M step, workers: log P(label | truth) from expected counts. */
function fitWorkers(
  { classes, workers, items, worker, label, start }: LabelTable,
  posterior: Float64Array,
  confusion: Float64Array,
): void {
  confusion.fill(PRIOR_SPREAD / classes)
  for (let cell = 0; cell < workers * classes; cell++)
    confusion[cell * classes + (cell % classes)]! += PRIOR_RIGHT
  for (let t = 0; t < items; t++) {
    const row = t * classes
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      const cell = (worker[i]! * classes + label[i]!) * classes
      for (let k = 0; k < classes; k++) confusion[cell + k]! += posterior[row + k]!
    }
  }
  for (let w = 0; w < workers; w++) {
    const end = (w + 1) * classes * classes
    for (let first = w * classes * classes; first < w * classes * classes + classes; first++) {
      let total = 0
      for (let cell = first; cell < end; cell += classes) total += confusion[cell]!
      for (let cell = first; cell < end; cell += classes) confusion[cell] = log(confusion[cell]! / total)
    }
  }
}

/** M step, class prior. */
function fitPrior({ classes, items }: LabelTable, posterior: Float64Array, prior: Float64Array): void {
  prior.fill(PRIOR_ITEMS)
  for (let t = 0; t < items; t++) {
    for (let k = 0; k < classes; k++) prior[k]! += posterior[t * classes + k]!
  }
  const total = items + PRIOR_ITEMS * classes
  for (let k = 0; k < classes; k++) prior[k] = log(prior[k]! / total)
}

/** E step; returns the largest change of any probability. */
function updatePosterior(
  table: LabelTable,
  known: Int32Array,
  model: Model,
  posterior: Float64Array,
): number {
  const { classes, items } = table
  const row = new Float64Array(classes)
  let largest = 0
  for (let t = 0; t < items; t++) {
    if (known[t]! >= 0) continue
    sumEvidence(table, model, t, -1, row)
    normalizeLogs(row)
    for (let k = 0; k < classes; k++) {
      largest = Math.max(largest, Math.abs(row[k]! - posterior[t * classes + k]!))
      posterior[t * classes + k] = row[k]!
    }
  }
  return largest
}

/** log prior + log likelihood of every label of an item but `leaveOut`, per possible truth, into `row`. */
function sumEvidence(
  { classes, worker, label, start }: LabelTable,
  { prior, confusion }: Model,
  t: number,
  leaveOut: number,
  row: Float64Array,
): void {
  row.set(prior)
  for (let i = start[t]!; i < start[t + 1]!; i++) {
    if (i === leaveOut) continue
    const cell = (worker[i]! * classes + label[i]!) * classes
    for (let k = 0; k < classes; k++) row[k]! += confusion[cell + k]!
  }
}

function normalizeLogs(row: Float64Array): void {
  let largest = row[0]!
  for (let k = 1; k < row.length; k++) largest = Math.max(largest, row[k]!)
  let total = 0
  for (let k = 0; k < row.length; k++) {
    row[k] = exp(row[k]! - largest)
    total += row[k]!
  }
  for (let k = 0; k < row.length; k++) row[k]! /= total
}
