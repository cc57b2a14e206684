import { log } from '../../math/log-exp.ts'
import { Extrapolation } from './extrapolation.ts'
import type { Classification, LabelTable } from './label-table.ts'
import { addRows, multiplyRows } from './rows.ts'

/**
 * What Dawid–Skene, one-coin, MACE, IBCC and EBCC share: an item is in one of some hidden states, `groups` of them per
 * class (state s belongs to class floor(s / groups)), and a worker answers by a table P(label | worker, state). They
 * differ in how the tables follow from expected counts.
 */
export interface ResponseModel {
  readonly states: number
  readonly groups: number
  /** Of worker w: `response[(w × classes + label) × states + state]`, positive, not of any scale. */
  readonly response: Float64Array
  /** Per state. */
  readonly prior: Float64Array
}

/** How many labels and items there are expected to be of each kind, imagined ones included. */
export interface ExpectedCounts {
  /** Laid out as {@link ResponseModel.response}. */
  readonly responses: Float64Array
  readonly states: Float64Array
}

/** A method: its hidden states, its prior as imagined counts, and its M step. */
export interface ResponseMethod {
  readonly groups: number
  /** classes × states, the same for all workers. */
  readonly imaginedResponses: Float64Array
  readonly imaginedStates: Float64Array
  maximize(counts: ExpectedCounts, model: ResponseModel): void
  readonly stop: StopRule
  readonly maxIterations: number
  /** Whether to extrapolate every two iterations (see {@link Extrapolation}). */
  readonly accelerated: boolean
}

/**
 * Stops when, from one iteration to the next, no probability of a class moved by as much as `largest`, or when the most
 * moved class of an item moved by less than `mean` on average, which asks no more of a large campaign than of a small one.
 */
export type StopRule = { readonly largest: number } | { readonly mean: number }

export interface ResponseFit extends Classification {
  readonly iterations: number
  /** Probability of each state, items × states. */
  readonly states: Float64Array
  readonly model: ResponseModel
  /** Expected under `states`. */
  readonly counts: ExpectedCounts
}

/** Products of more labels than this could leave the range of doubles. */
const LABELS_WITHOUT_RESCALING = 16
/** Where extrapolation has not led to an end by then, plain iterations do. */
const ACCELERATED_ITERATIONS = 100

/**
 * Fits a method by turns of M and E steps, from the states' probabilities in `states` (which it overwrites).
 * Known items keep their class.
 */
export function fitResponses(
  table: LabelTable,
  known: Int32Array,
  method: ResponseMethod,
  states: Float64Array,
): ResponseFit {
  const { classes, workers } = table
  const { groups, stop, maxIterations } = method
  const width = classes * groups
  const model: ResponseModel = {
    states: width,
    groups,
    response: new Float64Array(workers * classes * width),
    prior: new Float64Array(width),
  }
  const all = new Float64Array(workers * classes * width + width)
  const counts: ExpectedCounts = {
    responses: all.subarray(0, workers * classes * width),
    states: all.subarray(workers * classes * width),
  }
  const cells = responseCells(table, width)
  imagine(counts, method)
  const least = all.slice()
  countAll(table, cells, counts, states)
  const extrapolation = method.accelerated ? new Extrapolation(all, least) : null

  let iterations = 0
  while (iterations < maxIterations) {
    method.maximize(counts, model)
    all.set(least)
    iterations++
    const change = sweep(table, known, cells, model, states, counts)
    if ('mean' in stop ? change.sum < stop.mean * table.items : change.largest < stop.largest) break
    if (iterations < ACCELERATED_ITERATIONS) extrapolation?.step()
  }
  const row = new Float64Array(width)
  return {
    iterations,
    model,
    states,
    counts,
    posterior: groups === 1 ? states : classShares(states, groups),
    withoutLabel(index, lent = new Float64Array(classes)) {
      weigh(table, cells, model, table.item[index]!, index, row)
      normalize(row)
      return classShares(row, groups, lent)
    },
  }
}

/** Vote shares as a start: items × classes × groups, every class divided evenly among its groups. */
export function voteShares(
  { classes, items, label, start }: LabelTable,
  known: Int32Array,
  groups = 1,
): Float64Array {
  const shares = new Float64Array(items * classes * groups)
  for (let t = 0; t < items; t++) {
    const first = t * classes
    const labels = start[t + 1]! - start[t]!
    if (known[t]! >= 0) shares[(first + known[t]!) * groups] = 1 / groups
    else if (labels === 0)
      for (let k = 0; k < classes; k++) shares[(first + k) * groups] = 1 / (classes * groups)
    else {
      const share = 1 / (labels * groups)
      for (let i = start[t]!; i < start[t + 1]!; i++) shares[(first + label[i]!) * groups]! += share
    }
  }
  for (let first = 0; first < shares.length && groups > 1; first += groups)
    shares.fill(shares[first]!, first + 1, first + groups)
  return shares
}

/** States (items × classes × groups) as a start once more items are known: theirs are kept in proportion within their class. */
export function startFrom(states: Float64Array, known: Int32Array, classes: number, groups: number) {
  const start = states.slice()
  for (let t = 0; t < known.length; t++) {
    if (known[t]! < 0) continue
    const row = start.subarray(t * classes * groups, (t + 1) * classes * groups)
    keepClass(row, known[t]!, groups)
    if (row.every((share) => share === 0)) row.fill(1, known[t]! * groups, (known[t]! + 1) * groups)
    normalize(row)
  }
  return start
}

/** Σ over items of log Σ over states of prior × responses; of known items only the states of their class. */
export function logEvidence(table: LabelTable, known: Int32Array, model: ResponseModel): number {
  const cells = responseCells(table, model.states)
  const row = new Float64Array(model.states)
  let sum = 0
  for (let t = 0; t < table.items; t++) {
    sum += weigh(table, cells, model, t, -1, row)
    if (known[t]! >= 0) keepClass(row, known[t]!, model.groups)
    let total = 0
    for (let s = 0; s < row.length; s++) total += row[s]!
    sum += log(total)
  }
  return sum
}

/** Where the responses to label i begin. */
function responseCells({ classes, worker, label }: LabelTable, states: number): Int32Array {
  const cells = new Int32Array(worker.length)
  for (let i = 0; i < cells.length; i++) cells[i] = (worker[i]! * classes + label[i]!) * states
  return cells
}

function imagine({ responses, states }: ExpectedCounts, method: ResponseMethod): void {
  const { imaginedResponses, imaginedStates } = method
  for (let at = 0; at < responses.length; at += imaginedResponses.length) responses.set(imaginedResponses, at)
  states.set(imaginedStates)
}

/** How far the probabilities of items moved, each by its most moved class. */
interface Change {
  largest: number
  sum: number
}

/** E step: new probabilities of every item, and what they add to the counts. */
function sweep(
  table: LabelTable,
  known: Int32Array,
  cells: Int32Array,
  model: ResponseModel,
  states: Float64Array,
  counts: ExpectedCounts,
): Change {
  const { items, start } = table
  const { states: width, groups, prior, response } = model
  const { responses, states: stateCounts } = counts
  const row = new Float64Array(width)
  let largest = 0
  let sum = 0
  for (let t = 0; t < items; t++) {
    const from = start[t]!
    const end = start[t + 1]!
    if (end - from <= LABELS_WITHOUT_RESCALING) {
      for (let s = 0; s < width; s++) row[s] = prior[s]!
      multiplyRows(row, response, cells, from, end)
    } else weigh(table, cells, model, t, -1, row)
    if (known[t]! >= 0) keepClass(row, known[t]!, groups)
    let total = 0
    for (let s = 0; s < width; s++) total += row[s]!
    const at = t * width
    for (let s = 0; s < width; s++) row[s]! /= total
    const change = largestClassChange(row, states, at, groups)
    if (change > largest) largest = change
    sum += change
    for (let s = 0; s < width; s++) {
      states[at + s] = row[s]!
      stateCounts[s]! += row[s]!
    }
    addRows(responses, cells, from, end, row)
  }
  return { largest, sum }
}

function largestClassChange(row: Float64Array, states: Float64Array, at: number, groups: number): number {
  let largest = 0
  if (groups === 1) {
    for (let s = 0; s < row.length; s++) {
      const change = Math.abs(row[s]! - states[at + s]!)
      if (change > largest) largest = change
    }
    return largest
  }
  for (let first = 0; first < row.length; first += groups) {
    let change = 0
    for (let s = first; s < first + groups; s++) change += row[s]! - states[at + s]!
    largest = Math.max(largest, Math.abs(change))
  }
  return largest
}

/** Adds what all items are expected to be to the counts. */
function countAll(
  { items, start }: LabelTable,
  cells: Int32Array,
  counts: ExpectedCounts,
  states: Float64Array,
) {
  const width = counts.states.length
  const row = new Float64Array(width)
  for (let t = 0; t < items; t++) {
    for (let s = 0; s < width; s++) {
      row[s] = states[t * width + s]!
      counts.states[s]! += row[s]!
    }
    addRows(counts.responses, cells, start[t]!, start[t + 1]!, row)
  }
}

/** Prior × responses of an item's labels but `leaveOut`, into `row`. Returns the logarithm of the scale taken out. */
function weigh(
  { start }: LabelTable,
  cells: Int32Array,
  { prior, response }: ResponseModel,
  t: number,
  leaveOut: number,
  row: Float64Array,
): number {
  let scale = 0
  for (let s = 0; s < row.length; s++) row[s] = prior[s]!
  let from = start[t]!
  const end = start[t + 1]!
  while (from < end) {
    if (from === leaveOut) from++
    let to = Math.min(end, from + LABELS_WITHOUT_RESCALING)
    if (leaveOut >= from && leaveOut < to) to = leaveOut
    multiplyRows(row, response, cells, from, to)
    if (to < end) scale += rescale(row)
    from = to
  }
  return scale
}

function rescale(row: Float64Array): number {
  let largest = 0
  for (let s = 0; s < row.length; s++) largest = Math.max(largest, row[s]!)
  for (let s = 0; s < row.length; s++) row[s]! /= largest
  return log(largest)
}

function normalize(row: Float64Array): void {
  let total = 0
  for (let s = 0; s < row.length; s++) total += row[s]!
  for (let s = 0; s < row.length; s++) row[s]! /= total
}

function keepClass(row: Float64Array, known: number, groups: number): void {
  for (let s = 0; s < row.length; s++) if (s < known * groups || s >= (known + 1) * groups) row[s] = 0
}

function classShares(
  states: Float64Array,
  groups: number,
  shares: Float64Array = new Float64Array(states.length / groups),
): Float64Array {
  for (let k = 0, first = 0; k < shares.length; k++, first += groups) {
    let sum = 0
    for (let s = first; s < first + groups; s++) sum += states[s]!
    // A sum of rounded parts of 1 may end a bit above it.
    shares[k] = Math.min(1, sum)
  }
  return shares
}
