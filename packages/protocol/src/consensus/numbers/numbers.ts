import { exp } from '../../math/log-exp.ts'
import { fitNumbers, type NumberFit, type WorkerModel } from './fit.ts'
import type { NumberTable } from './number-table.ts'

/** A value and the standard deviation of what is not known about it, in the units of the labels. */
export interface NumberEstimate {
  value: number
  deviation: number
}

/** The crowd's numbers: one estimate per item, and what each label is worth. */
export interface NumberConsensus {
  readonly fit: NumberFit
  estimate(item: number): NumberEstimate
  /** The item of a label as everybody else sees it, with worker models as fitted. Alone: what items are in general. */
  withoutLabel(index: number): NumberEstimate
  /** 0 to 1: how near a label is to {@link NumberConsensus.withoutLabel}, measured by the crowd's own noise. */
  quality(index: number): number
}

const FOLDS = 5
const MODELS: readonly WorkerModel[] = ['noise', 'bias', 'scale']
/** A richer worker model must foretell better by this share; below it the two differ by chance. */
const LEAST_GAIN = 0.002
/** The choice looks at the first items with about this many labels: more would not change it, only take longer. */
const CHOICE_LABELS = 20_000
/** With this many known values they decide, being what is asked for. */
const ENOUGH_KNOWN = 20

/**
 * The consensus of numbers. The worker model is the one whose fit to four fifths foretells the other fifth best
 * (mean absolute error; of the labels, the worker seen as a stranger, or of the known values where there are enough). The same for any order of the labels.
 * @param known value per item, NaN where unknown.
 * @param models worker models to choose from, the plainest first.
 */
export function numberConsensus(
  table: NumberTable,
  known = unknown(table),
  models: readonly WorkerModel[] = MODELS,
): NumberConsensus {
  const model = models.length === 1 ? models[0]! : chooseModel(table, known, models)
  const fit = fitNumbers(table, model, known, null)
  return { fit, ...readingsOf(table, fit, known) }
}

/** The worker model that foretells best: known values where there are enough of them, else labels of strangers. */
function chooseModel(table: NumberTable, known: Float64Array, models: readonly WorkerModel[]): WorkerModel {
  const looked = firstItems(table)
  const knownOfLooked = known.subarray(0, looked.items.length)
  const foretell = countKnown(knownOfLooked) >= ENOUGH_KNOWN ? hiddenError : heldOutError
  let best = models[0]!
  let least = Infinity
  for (const model of models) {
    const error = foretell(looked, model, knownOfLooked)
    if (error < least * (1 - LEAST_GAIN)) {
      best = model
      least = error
    }
  }
  return best
}

function firstItems(table: NumberTable): NumberTable {
  let items = 0
  while (items < table.items.length && table.start[items]! < CHOICE_LABELS) items++
  const labels = table.start[items]!
  return {
    items: table.items.slice(0, items),
    workers: table.workers,
    item: table.item.subarray(0, labels),
    worker: table.worker.subarray(0, labels),
    value: table.value.subarray(0, labels),
    start: table.start.subarray(0, items + 1),
  }
}

/** Sum of absolute errors of foretelling each label of items with two or more from the labels of other folds. */
function heldOutError(table: NumberTable, model: WorkerModel, known: Float64Array): number {
  const labels = table.value.length
  const mask = new Uint8Array(labels)
  let sum = 0
  for (let fold = 0; fold < FOLDS; fold++) {
    for (let i = 0; i < labels; i++) mask[i] = foldOf(table, i) === fold ? 0 : 1
    const fit = fitNumbers(table, model, known, mask)
    for (let i = 0; i < labels; i++) {
      const t = table.item[i]!
      if (mask[i] === 0 && table.start[t + 1]! - table.start[t]! > 1)
        sum += Math.abs(table.value[i]! - fit.value[t]!)
    }
  }
  return sum
}

/** Sum of absolute errors of foretelling each known value from the labels and the known values of other folds. */
function hiddenError(table: NumberTable, model: WorkerModel, known: Float64Array): number {
  const order: number[] = []
  for (let t = 0; t < known.length; t++) if (!Number.isNaN(known[t]!)) order.push(t)
  let sum = 0
  for (let fold = 0; fold < FOLDS; fold++) {
    const shown = known.slice()
    for (let k = fold; k < order.length; k += FOLDS) shown[order[k]!] = Number.NaN
    const fit = fitNumbers(table, model, shown, null)
    for (let k = fold; k < order.length; k += FOLDS)
      sum += Math.abs(known[order[k]!]! - fit.value[order[k]!]!)
  }
  return sum
}

function countKnown(known: Float64Array): number {
  let count = 0
  for (let t = 0; t < known.length; t++) if (!Number.isNaN(known[t]!)) count++
  return count
}

/** Turns with the item, so that no worker who comes first everywhere is held out everywhere at once. */
function foldOf(table: NumberTable, label: number): number {
  const t = table.item[label]!
  return (label - table.start[t]! + t) % FOLDS
}

function readingsOf(table: NumberTable, fit: NumberFit, known: Float64Array) {
  const estimate = (item: number): NumberEstimate => ({
    value: fit.value[item]!,
    deviation: Math.sqrt(fit.variance[item]!),
  })
  const withoutLabel = (index: number): NumberEstimate => {
    const t = table.item[index]!
    if (!Number.isNaN(known[t]!)) return { value: known[t]!, deviation: 0 }
    let precision = 0
    let pull = 0
    for (let i = table.start[t]!; i < table.start[t + 1]!; i++) {
      if (i === index) continue
      const j = table.worker[i]!
      const p = fit.weight[i]! / fit.noise[j]!
      const s = fit.scale[j]!
      precision += p * (s * s + fit.scaleVariance[j]!)
      pull += p * (s * (table.value[i]! - fit.bias[j]! - fit.middle) - fit.covariance[j]!)
    }
    if (!(precision > 0)) return { value: fit.middle, deviation: Math.sqrt(fit.spread) }
    return { value: fit.middle + pull / precision, deviation: Math.sqrt(1 / precision) }
  }
  const quality = (index: number): number => {
    const { value, deviation } = withoutLabel(index)
    return nearness(table.value[index]! - value, fit.pooled, deviation * deviation)
  }
  return { estimate, withoutLabel, quality }
}

/** Expectation of exp(−distance² ÷ 2 noise) when the distance itself has this variance. */
function nearness(distance: number, noise: number, variance: number): number {
  const total = noise + variance
  if (!(total > 0)) return distance === 0 ? 1 : 0
  return Math.sqrt(noise / total) * exp((-distance * distance) / (2 * total))
}

/** How alike two numbers are within a range of that width: 1 equal, 0 as far apart as can be. */
export function numberAgreement(a: number, b: number, range: number): number {
  if (a === b) return 1
  return range > 0 ? Math.max(0, 1 - Math.abs(a - b) / range) : 0
}

function unknown(table: NumberTable): Float64Array {
  return new Float64Array(table.items.length).fill(NaN)
}
