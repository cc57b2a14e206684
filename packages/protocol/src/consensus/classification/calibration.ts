import { exp, log } from '../../math/log-exp.ts'

/** How sure is how right (Platt 1999, with a prior): P(top label is right) = σ(offset + slope × logit(stated)). */
export interface Calibration {
  readonly offset: number
  readonly slope: number
}

/**
 * Before any gold: stated odds count as they are, less where workers err together. Deviations are what one crowd differs
 * from another by; a calibration from few gold items stays near this one.
 */
const PRIOR = { offset: 0.1, offsetPerShared: -3.5, slope: 1, offsetDeviation: 0.45, slopeDeviation: 0.3 }
const NEWTON_STEPS = 20
/** Beyond so much, confidence of being right or wrong says little: some errors no label shows. */
const DOUBT = 0.02
/** How many times as probable as the second class the top one stays, where it was more. */
const LEAD = 1 + 1e-6
const BINS = 10

/**
 * The most probable calibration by Newton's method. `posterior`: items × classes, fitted without knowledge of `known`
 * (class per item, −1 where unknown). `shared`: {@link sharedErrors}.
 */
export function fitCalibration(
  posterior: Float64Array,
  classes: number,
  known: Int32Array,
  shared: number,
): Calibration {
  const stated: number[] = []
  const right: number[] = []
  for (let t = 0; t < known.length; t++) {
    if (known[t]! < 0) continue
    const top = topClass(posterior, classes, t)
    stated.push(logit(posterior[t * classes + top]!))
    right.push(top === known[t] ? 1 : 0)
  }
  const offsetWeight = 1 / (PRIOR.offsetDeviation * PRIOR.offsetDeviation)
  const slopeWeight = 1 / (PRIOR.slopeDeviation * PRIOR.slopeDeviation)
  const expectedOffset = PRIOR.offset + PRIOR.offsetPerShared * shared
  let offset = expectedOffset
  let slope = PRIOR.slope
  for (let step = 0; step < NEWTON_STEPS; step++) {
    let a = (expectedOffset - offset) * offsetWeight
    let b = (PRIOR.slope - slope) * slopeWeight
    let aa = offsetWeight
    let ab = 0
    let bb = slopeWeight
    for (let i = 0; i < stated.length; i++) {
      const x = stated[i]!
      const p = sigmoid(offset + slope * x)
      a += right[i]! - p
      b += (right[i]! - p) * x
      aa += p * (1 - p)
      ab += p * (1 - p) * x
      bb += p * (1 - p) * x * x
    }
    const determinant = aa * bb - ab * ab
    const offsetStep = (bb * a - ab * b) / determinant
    const slopeStep = (aa * b - ab * a) / determinant
    // Far from the solution a full step may overshoot.
    const length = Math.max(1, Math.abs(offsetStep), Math.abs(slopeStep))
    offset += offsetStep / length
    slope += slopeStep / length
  }
  return { offset, slope }
}

/** Probabilities (items × classes) with the top one calibrated and the others in their old proportions below it. */
export function applyCalibration(
  { offset, slope }: Calibration,
  posterior: Float64Array,
  classes: number,
  known: Int32Array,
): Float64Array {
  const calibrated = posterior.slice()
  for (let t = 0; t < known.length; t++) {
    if (known[t]! >= 0) continue
    const first = t * classes
    const top = first + topClass(posterior, classes, t)
    let second = 0
    for (let i = first; i < first + classes; i++) if (i !== top) second = Math.max(second, posterior[i]!)
    const others = 1 - posterior[top]!
    // As far down as the second class nearly comes up to it, no further; a tie stays one.
    const close = Math.min(posterior[top]!, second * LEAD)
    const least = others > 0 ? close / (others + close) : LEAD / classes
    const confidence = Math.max(least, sigmoid(offset + slope * logit(posterior[top]!)))
    for (let i = first; i < first + classes; i++) {
      const share =
        others > 0 ? (posterior[i]! * (1 - confidence)) / others : (1 - confidence) / (classes - 1)
      calibrated[i] = Math.min(confidence, share)
    }
    calibrated[top] = confidence
  }
  return calibrated
}

/** Expected calibration error in ten bins of equal width: Σ over bins |Σ stated − Σ right| / items. */
export function expectedCalibrationError(stated: ArrayLike<number>, right: ArrayLike<number>): number {
  const excess = new Float64Array(BINS)
  for (let i = 0; i < stated.length; i++)
    excess[Math.min(BINS - 1, Math.floor(stated[i]! * BINS))]! += stated[i]! - right[i]!
  let error = 0
  for (let bin = 0; bin < BINS; bin++) error += Math.abs(excess[bin]!)
  return stated.length > 0 ? error / stated.length : 0
}

function topClass(posterior: Float64Array, classes: number, t: number): number {
  let top = 0
  for (let k = 1; k < classes; k++) if (posterior[t * classes + k]! > posterior[t * classes + top]!) top = k
  return top
}

function logit(p: number): number {
  const doubted = p * (1 - 2 * DOUBT) + DOUBT
  return log(doubted / (1 - doubted))
}

function sigmoid(x: number): number {
  return 1 / (1 + exp(-x))
}
