import { exp, log } from '../../math/log-exp.ts'
import type { Classifier, LabelTable } from './label-table.ts'
import { voteShares } from './response-model.ts'

/** Means of the normal priors (variance 1) of a worker's ability and of the logarithm of an item's ease, as published. */
const PRIOR_ABILITY = 1
const PRIOR_LOG_EASE = 1
/** Newton steps on a curve that is not everywhere concave are kept short. */
const LONGEST_STEP = 1
const TOLERANCE = 1e-4
const MAX_ITERATIONS = 200

/** Fitted numbers of workers and items. */
interface Parameters {
  ability: Float64Array
  logEase: Float64Array
}

/**
 * A difficulty model after GLAD (Whitehill and others 2009): a label is right with probability σ(ability of the worker ×
 * ease of the item), wrong ones are spread evenly. Maximum a posteriori by EM whose M step is one Newton step per worker
 * and one per item. Classes are equally likely beforehand.
 */
export const glad: Classifier = (table, known) => {
  const { classes, items, workers, item } = table
  const posterior = voteShares(table, known)
  const parameters: Parameters = {
    ability: new Float64Array(workers).fill(PRIOR_ABILITY),
    logEase: new Float64Array(items).fill(PRIOR_LOG_EASE),
  }
  const row = new Float64Array(classes)
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    let largest = 0
    for (let t = 0; t < items; t++) {
      if (known[t]! >= 0) continue
      weigh(table, parameters, t, -1, row)
      for (let k = 0; k < classes; k++) {
        largest = Math.max(largest, Math.abs(row[k]! - posterior[t * classes + k]!))
        posterior[t * classes + k] = row[k]!
      }
    }
    if (largest < TOLERANCE) break
    stepAbilities(table, posterior, parameters)
    stepEases(table, posterior, parameters)
  }
  return {
    posterior,
    withoutLabel(index) {
      const left = new Float64Array(classes)
      weigh(table, parameters, item[index]!, index, left)
      return left
    },
  }
}

/** Probabilities of an item's classes by its labels but `leaveOut`, into `row`. */
function weigh(
  { classes, worker, label, start }: LabelTable,
  { ability, logEase }: Parameters,
  t: number,
  leaveOut: number,
  row: Float64Array,
): void {
  row.fill(0)
  const ease = exp(logEase[t]!)
  const others = log(Math.max(1, classes - 1))
  // log σ(x) − log((1 − σ(x)) / others) = x + log others: all that a label says for its class.
  for (let i = start[t]!; i < start[t + 1]!; i++)
    if (i !== leaveOut) row[label[i]!]! += ability[worker[i]!]! * ease + others
  let largest = row[0]!
  for (let k = 1; k < classes; k++) largest = Math.max(largest, row[k]!)
  let total = 0
  for (let k = 0; k < classes; k++) {
    row[k] = exp(row[k]! - largest)
    total += row[k]!
  }
  for (let k = 0; k < classes; k++) row[k]! /= total
}

function stepAbilities(table: LabelTable, posterior: Float64Array, { ability, logEase }: Parameters): void {
  const { classes, items, workers, worker, label, start } = table
  const slope = new Float64Array(workers)
  const curve = new Float64Array(workers)
  for (let t = 0; t < items; t++) {
    const ease = exp(logEase[t]!)
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      const w = worker[i]!
      const right = sigmoid(ability[w]! * ease)
      slope[w]! += (posterior[t * classes + label[i]!]! - right) * ease
      curve[w]! += right * (1 - right) * ease * ease
    }
  }
  for (let w = 0; w < workers; w++)
    ability[w]! += bounded((slope[w]! - (ability[w]! - PRIOR_ABILITY)) / (curve[w]! + 1))
}

function stepEases(table: LabelTable, posterior: Float64Array, { ability, logEase }: Parameters): void {
  const { classes, items, worker, label, start } = table
  for (let t = 0; t < items; t++) {
    const ease = exp(logEase[t]!)
    let slope = PRIOR_LOG_EASE - logEase[t]!
    let curve = 1
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      const strength = ability[worker[i]!]! * ease
      const right = sigmoid(strength)
      slope += (posterior[t * classes + label[i]!]! - right) * strength
      curve += right * (1 - right) * strength * strength
    }
    logEase[t]! += bounded(slope / curve)
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + exp(-x))
}

function bounded(step: number): number {
  return Math.min(LONGEST_STEP, Math.max(-LONGEST_STEP, step))
}
