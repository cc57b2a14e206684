import type { NumberTable } from './number-table.ts'

/**
 * What a worker may do to a number. `noise`: own variance. `bias`: a constant is added too. `scale`: differences from
 * the middle are stretched too.
 */
export type WorkerModel = 'noise' | 'bias' | 'scale'

/** Items and workers as one fit sees them. All in the units of the labels. */
export interface NumberFit {
  readonly model: WorkerModel
  /** Of each item its value and the variance of it. */
  readonly value: Float64Array
  readonly variance: Float64Array
  /** Of each worker: bias at the middle, stretch, variance of bias and of stretch, covariance, noise variance. */
  readonly bias: Float64Array
  readonly scale: Float64Array
  readonly biasVariance: Float64Array
  readonly scaleVariance: Float64Array
  readonly covariance: Float64Array
  readonly noise: Float64Array
  /** How much each label counts beside its worker's precision: 1, less for one that lies far off. */
  readonly weight: Float64Array
  /** Mean and variance of the items: what is expected of one without labels. */
  readonly middle: number
  readonly spread: number
  /** Noise variance of a typical worker. */
  readonly pooled: number
}

const ITERATIONS = 60
/** The noise of a worker is shrunk to the crowd's as if this many more labels had shown the crowd's. */
const PRIOR_LABELS = 10
/** No worker weighs more than this many typical ones: with two labels per item the likelihood would let one win all. */
const LARGEST_WEIGHT = 16
/** Standard deviations up to which a label counts fully, and from which on its pull fades (Hampel's three parts). */
const FULL = 3
const FADING = 6

/**
 * Fits y = t + bias + (scale − 1)(t − middle) + noise by variational EM: items with a flat prior (values are in the
 * units of the crowd, or of the known ones), workers shrunk to the crowd as far as the crowd itself is alike, labels
 * far off with Hampel's weights. Known values (not NaN) are kept; labels with `mask` 0 are not looked at.
 * (The Gaussian worker model of Raykar et al., JMLR 11, 2010, with bias and scale, made robust.)
 */
export function fitNumbers(
  table: NumberTable,
  model: WorkerModel,
  known: Float64Array,
  mask: Uint8Array | null,
): NumberFit {
  const { item, worker, value: label } = table
  const items = table.items.length
  const workers = table.workers.length
  const labels = label.length
  const { value, tiny } = start(table, known, mask)
  const variance = new Float64Array(items)
  const bias = new Float64Array(workers)
  const scale = new Float64Array(workers).fill(1)
  const biasVariance = new Float64Array(workers)
  const scaleVariance = new Float64Array(workers)
  const covariance = new Float64Array(workers)
  const noise = new Float64Array(workers)
  const weight = new Float64Array(labels)
  for (let i = 0; i < labels; i++) weight[i] = mask !== null && mask[i] === 0 ? 0 : 1
  let pooled = meanSquare(table, value, weight) + tiny
  noise.fill(pooled)
  let biasSpread = pooled / 10
  let biasMiddle = 0
  let scaleSpread = 0.1
  let middle = 0
  let spread = 0
  let isAnchored = false
  for (let t = 0; t < items; t++) if (!Number.isNaN(known[t]!)) isAnchored = true

  const precision = new Float64Array(items)
  const pull = new Float64Array(items)
  const sums = new Float64Array(workers * 5)
  const square = new Float64Array(workers)
  const count = new Float64Array(workers)
  measureItems()

  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    if (model !== 'noise') updateWorkers()
    updateNoise()
    const moved = updateItems()
    measureItems()
    if (moved < 1e-10 * (spread + pooled)) break
  }
  return {
    model,
    value,
    variance,
    bias,
    scale,
    biasVariance,
    scaleVariance,
    covariance,
    noise,
    weight,
    middle,
    spread,
    pooled,
  }

  function measureItems() {
    let sum = 0
    for (let t = 0; t < items; t++) sum += value[t]!
    middle = items === 0 ? 0 : sum / items
    let squares = 0
    for (let t = 0; t < items; t++) squares += (value[t]! - middle) * (value[t]! - middle) + variance[t]!
    spread = items === 0 ? 0 : squares / items
  }

  /** New values of the items; the largest squared move. */
  function updateItems(): number {
    precision.fill(0)
    pull.fill(0)
    for (let i = 0; i < labels; i++) {
      const j = worker[i]!
      const p = weight[i]! / noise[j]!
      const s = scale[j]!
      precision[item[i]!]! += p * (s * s + scaleVariance[j]!)
      pull[item[i]!]! += p * (s * (label[i]! - bias[j]! - middle) - covariance[j]!)
    }
    let moved = 0
    for (let t = 0; t < items; t++) {
      if (!Number.isNaN(known[t]!)) continue
      // An item none of whose labels is looked at keeps the middle.
      const next = precision[t]! > 0 ? middle + pull[t]! / precision[t]! : middle
      variance[t] = precision[t]! > 0 ? 1 / precision[t]! : spread
      moved = Math.max(moved, (next - value[t]!) * (next - value[t]!))
      value[t] = next
    }
    return moved
  }

  function updateWorkers() {
    sums.fill(0)
    for (let i = 0; i < labels; i++) {
      const j = worker[i]! * 5
      const p = weight[i]! / noise[worker[i]!]!
      const x = value[item[i]!]! - middle
      const y = label[i]! - middle
      sums[j]! += p
      sums[j + 1]! += p * x
      sums[j + 2]! += p * (x * x + variance[item[i]!]!)
      sums[j + 3]! += p * y
      sums[j + 4]! += p * x * y
    }
    for (let j = 0; j < workers; j++) {
      const n = sums[j * 5]! + 1 / biasSpread
      const x = sums[j * 5 + 1]!
      const y = sums[j * 5 + 3]! + biasMiddle / biasSpread
      if (model === 'bias') {
        biasVariance[j] = 1 / n
        bias[j] = (y - x) / n
        continue
      }
      const xx = sums[j * 5 + 2]! + 1 / scaleSpread
      const xy = sums[j * 5 + 4]! + 1 / scaleSpread
      const determinant = n * xx - x * x
      biasVariance[j] = xx / determinant
      scaleVariance[j] = n / determinant
      covariance[j] = -x / determinant
      bias[j] = (xx * y - x * xy) / determinant
      scale[j] = (n * xy - x * y) / determinant
    }
    if (isAnchored) {
      // Known values show what the whole crowd does to a number, those who never saw one included.
      biasMiddle = 0
      for (let j = 0; j < workers; j++) biasMiddle += bias[j]! / workers
    } else centerWorkers()
    let biases = 0
    let scales = 0
    for (let j = 0; j < workers; j++) {
      const off = bias[j]! - biasMiddle
      biases += off * off + biasVariance[j]!
      scales += (scale[j]! - 1) * (scale[j]! - 1) + scaleVariance[j]!
    }
    biasSpread = Math.max(biases / workers, tiny)
    if (model === 'scale') scaleSpread = Math.max(scales / workers, 1e-6)
  }

  /** The crowd as a whole is neither biased nor stretched: without known values nothing else fixes the units. */
  function centerWorkers() {
    let biases = 0
    let scales = 0
    for (let j = 0; j < workers; j++) {
      biases += bias[j]!
      scales += scale[j]!
    }
    biases /= workers
    scales = Math.max(scales / workers, 0.1)
    for (let j = 0; j < workers; j++) {
      bias[j]! -= biases
      scale[j]! /= scales
      scaleVariance[j]! /= scales * scales
      covariance[j]! /= scales
    }
  }

  function updateNoise() {
    square.fill(0)
    count.fill(0)
    let squares = 0
    let counts = 0
    for (let i = 0; i < labels; i++) {
      if (mask !== null && mask[i] === 0) continue
      const t = item[i]!
      const j = worker[i]!
      const x = value[t]! - middle
      const s = scale[j]!
      const error = label[i]! - middle - bias[j]! - s * x
      const uncertain =
        biasVariance[j]! +
        2 * x * covariance[j]! +
        scaleVariance[j]! * (x * x + variance[t]!) +
        s * s * variance[t]!
      const distance = error * error + uncertain
      const w = hampel(Math.sqrt(distance / noise[j]!))
      weight[i] = w
      square[j]! += w * w * distance
      squares += w * w * distance
      count[j]!++
      counts++
    }
    pooled = counts === 0 ? pooled : squares / counts + tiny
    for (let j = 0; j < workers; j++)
      noise[j] = Math.max(
        (square[j]! + PRIOR_LABELS * pooled) / (count[j]! + PRIOR_LABELS),
        pooled / LARGEST_WEIGHT,
      )
  }
}

/** Weight of a label that many standard deviations off. */
function hampel(distance: number): number {
  if (distance <= FULL) return 1
  if (distance <= FADING) return FULL / distance
  return (FULL * FADING * FADING) / (distance * distance * distance)
}

/** Medians of the labels looked at, and a variance so small that it only keeps divisions possible. */
function start(table: NumberTable, known: Float64Array, mask: Uint8Array | null) {
  const items = table.items.length
  const value = new Float64Array(items)
  let largest = 0
  for (let t = 0; t < items; t++) {
    const own: number[] = []
    for (let i = table.start[t]!; i < table.start[t + 1]!; i++)
      if (mask === null || mask[i] !== 0) own.push(table.value[i]!)
    value[t] = Number.isNaN(known[t]!) ? median(own) : known[t]!
    largest = Math.max(largest, Math.abs(value[t]!))
  }
  return { value, tiny: (1 + largest * largest) * 1e-18 }
}

/** The middle of some numbers, the mean of the two middle ones when they are even in number; 0 of none. */
export function median(numbers: readonly number[]): number {
  if (numbers.length === 0) return 0
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** A first noise variance from the distances to the medians, the largest tenth of them left out. */
function meanSquare(table: NumberTable, value: Float64Array, weight: Float64Array): number {
  const distances: number[] = []
  for (let i = 0; i < weight.length; i++)
    if (weight[i] !== 0) distances.push(Math.abs(table.value[i]! - value[table.item[i]!]!))
  distances.sort((a, b) => a - b)
  const kept = distances.length - Math.floor((distances.length + 9) / 10)
  let sum = 0
  for (let i = 0; i < kept; i++) sum += distances[i]!
  if (sum === 0) for (const distance of distances) sum += distance
  const mean = sum / Math.max(kept, 1)
  return mean * mean * 2
}
