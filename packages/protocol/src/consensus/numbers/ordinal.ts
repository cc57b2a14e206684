import { TaggerError } from '../../errors.ts'
import { exp, log } from '../../math/log-exp.ts'
import type { NumberTable } from './number-table.ts'

/** Probabilities of levels per item, and what each label is worth. Levels are whole numbers from 0 up. */
export interface OrdinalConsensus {
  readonly levels: number
  /** items × levels, row by row. */
  readonly posterior: Float64Array
  /** The posterior's middle level (half of the probability on each side), its mean, and how sure the level is. */
  estimate(item: number): { level: number; mean: number; confidence: number }
  /** The levels' probabilities of a label's item with that label's own likelihood taken out. */
  withoutLabel(index: number): Float64Array
  /** 0 to 1: expected nearness of a label to the item's level without it; 1 at the level, 0 at the far end. */
  quality(index: number): number
}

/** Above this, use the numbers' consensus and round. */
export const MOST_LEVELS = 32
const ITERATIONS = 50
/** What a worker may be: shifted by so many levels, with errors of so many levels. */
const BIASES = [-1.5, -1, -0.5, 0, 0.5, 1, 1.5]
const NOISES = [0.1, 0.15, 0.22, 0.33, 0.5, 0.75, 1.1, 1.7, 2.5, 5]
/** The share of any worker's labels that say nothing: keeps a single slip from weighing without bound. */
const BLIND = 0.02
/** Pseudo-items per level in the distribution of levels. */
const PRIOR_ITEMS = 1

/**
 * The consensus of levels (ordinal choices, ratings): each item has a true level, each worker a bias and a noise on the
 * scale, p(label ≤ l | level) a logistic curve. Variational EM with the worker's parameters on a grid, their
 * distribution over the crowd learned as well, so that workers with few labels look like the crowd.
 * @param known level per item, −1 where unknown.
 * Throws `answer-invalid` for a label that is no level.
 */
export function ordinalConsensus(table: NumberTable, levels: number, known: Int32Array): OrdinalConsensus {
  checkLevels(table, levels)
  const items = table.items.length
  const workers = table.workers.length
  const kinds = likelihoods(levels)
  const cells = levels * levels
  const count = kinds.length / cells
  const posterior = vote(table, levels, known)
  const share = new Float64Array(levels)
  const kindShare = new Float64Array(count).fill(1 / count)
  const worker = new Float64Array(workers * cells)
  const seen = new Float64Array(workers * cells)
  const row = new Float64Array(levels)
  const weights = new Float64Array(count)
  updateWorkers()
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const moved = updateItems()
    updateWorkers()
    if (moved < 1e-6) break
  }

  function updateWorkers() {
    share.fill(PRIOR_ITEMS)
    seen.fill(0)
    for (let t = 0; t < items; t++) for (let k = 0; k < levels; k++) share[k]! += posterior[t * levels + k]!
    for (let k = 0; k < levels; k++) share[k]! /= items + PRIOR_ITEMS * levels
    for (let i = 0; i < table.value.length; i++) {
      const at = table.worker[i]! * cells + table.value[i]!
      for (let k = 0; k < levels; k++) seen[at + k * levels]! += posterior[table.item[i]! * levels + k]!
    }
    const total = new Float64Array(count).fill(1 / count)
    worker.fill(0)
    for (let j = 0; j < workers; j++) {
      for (let kind = 0; kind < count; kind++) {
        let sum = log(kindShare[kind]!)
        for (let cell = 0; cell < cells; cell++) sum += seen[j * cells + cell]! * kinds[kind * cells + cell]!
        weights[kind] = sum
      }
      normalize(weights)
      for (let kind = 0; kind < count; kind++) {
        const weight = weights[kind]!
        total[kind]! += weight
        if (weight < 1e-12) continue
        for (let cell = 0; cell < cells; cell++)
          worker[j * cells + cell]! += weight * kinds[kind * cells + cell]!
      }
    }
    // As many lean up as down: a shift of the whole crowd would look the same as a shift of all items.
    for (let kind = 0; kind < count; kind++) {
      const mirrored = count - NOISES.length * (Math.floor(kind / NOISES.length) + 1) + (kind % NOISES.length)
      kindShare[kind] = (total[kind]! + total[mirrored]!) / 2 / (workers + 1)
    }
  }

  function updateItems(): number {
    let moved = 0
    for (let t = 0; t < items; t++) {
      if (known[t]! >= 0) continue
      readItem(t, -1)
      for (let k = 0; k < levels; k++) {
        moved = Math.max(moved, Math.abs(row[k]! - posterior[t * levels + k]!))
        posterior[t * levels + k] = row[k]!
      }
    }
    return moved
  }

  /** Fills `row` with the probabilities of an item's levels, one label left out (−1: none). */
  function readItem(t: number, without: number) {
    for (let k = 0; k < levels; k++) row[k] = log(share[k]!)
    for (let i = table.start[t]!; i < table.start[t + 1]!; i++) {
      if (i === without) continue
      const at = table.worker[i]! * cells + table.value[i]!
      for (let k = 0; k < levels; k++) row[k]! += worker[at + k * levels]!
    }
    normalize(row)
  }

  const withoutLabel = (index: number): Float64Array => {
    const t = table.item[index]!
    if (known[t]! >= 0) return posterior.slice(t * levels, (t + 1) * levels)
    readItem(t, index)
    return row.slice()
  }
  return {
    levels,
    posterior,
    estimate: (item) => middleOf(posterior.subarray(item * levels, (item + 1) * levels)),
    withoutLabel,
    quality(index) {
      const others = withoutLabel(index)
      let distance = 0
      for (let k = 0; k < levels; k++) distance += others[k]! * Math.abs(k - table.value[index]!)
      return levels > 1 ? Math.max(0, 1 - distance / (levels - 1)) : 1
    },
  }
}

function checkLevels(table: NumberTable, levels: number) {
  if (!(levels >= 1 && levels <= MOST_LEVELS && Math.floor(levels) === levels))
    throw new TaggerError('bad-request', `${levels} levels: an ordinal scale has 1 to ${MOST_LEVELS}`, {
      hints: ['Use the consensus of numbers for finer scales.'],
    })
  for (const value of table.value)
    if (!(value >= 0 && value < levels && Math.floor(value) === value))
      throw new TaggerError('answer-invalid', `${value} is not one of the levels 0 to ${levels - 1}`)
}

/** Log-likelihoods of every kind of worker: kinds × levels × labels. */
function likelihoods(levels: number): Float64Array {
  const table = new Float64Array(BIASES.length * NOISES.length * levels * levels)
  let at = 0
  for (const bias of BIASES)
    for (const noise of NOISES)
      for (let level = 0; level < levels; level++) {
        let below = 0
        for (let label = 0; label < levels; label++) {
          const upTo = label === levels - 1 ? 1 : logistic((label + 0.5 - level - bias) / noise)
          table[at + label] = log((1 - BLIND) * (upTo - below) + BLIND / levels)
          below = upTo
        }
        at += levels
      }
  return table
}

function logistic(x: number): number {
  return 1 / (1 + exp(-x))
}

/** First probabilities: shares of the labels, known items as they are, items without labels even. */
function vote(table: NumberTable, levels: number, known: Int32Array): Float64Array {
  const posterior = new Float64Array(table.items.length * levels)
  for (let t = 0; t < table.items.length; t++) {
    const labels = table.start[t + 1]! - table.start[t]!
    if (known[t]! >= 0) {
      posterior[t * levels + known[t]!] = 1
      continue
    }
    for (let k = 0; k < levels; k++) posterior[t * levels + k] = 1 / levels / (labels + 1)
    for (let i = table.start[t]!; i < table.start[t + 1]!; i++)
      posterior[t * levels + table.value[i]!]! += 1 / (labels + 1)
  }
  return posterior
}

/** Logarithms to shares that sum to 1. */
function normalize(logs: Float64Array) {
  let largest = -Infinity
  for (const value of logs) largest = Math.max(largest, value)
  let sum = 0
  for (let k = 0; k < logs.length; k++) {
    logs[k] = exp(logs[k]! - largest)
    sum += logs[k]!
  }
  for (let k = 0; k < logs.length; k++) logs[k]! /= sum
}

function middleOf(row: Float64Array) {
  let mean = 0
  let below = 0
  let level = -1
  for (let k = 0; k < row.length; k++) {
    mean += k * row[k]!
    below += row[k]!
    if (level < 0 && below >= 0.5) level = k
  }
  if (level < 0) level = row.length - 1
  return { level, mean, confidence: row[level]! }
}
