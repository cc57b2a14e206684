import { exp, log } from '../../math/log-exp.ts'

/** What the crowd's hands do to one side of a shape, per worker, in units in which the crowd's noise is 1. */
export interface Hands {
  /** Where the worker draws the side from where the crowd does, and the variance of that figure; Infinity: unknown. */
  readonly bias: Float64Array
  readonly variance: Float64Array
  /** Standard deviation of the worker's noise. */
  readonly deviation: Float64Array
}

const ITERATIONS = 100
/** Prior variance of how much bias comes with a unit of deviation, where any does. */
const SLOPE_VARIANCE = 1
/** Odds against that before anything is seen: a crowd's middle is not left lightly. */
const ODDS_AGAINST = 19
const LEAST_SPREAD = 1e-6
/** Beyond this the odds are certain, and exp would leave its range. */
const LARGEST_ODDS = 500

/**
 * Where the most careful hand of a crowd draws each side from where its middle does. That a crowd as a whole has no bias
 * is a convention, not a finding: who draws carelessly may draw too wide more often than too narrow. Either biases lie
 * around one value, or around a line over the deviations and scattered as they are (empirical Bayes); the evidence, its
 * mean over the sides because one hand draws them all, weighs the two. The line is read at the least deviation: nothing
 * is foretold beyond the hands that were seen.
 */
export function carefulHand(sides: readonly Hands[]): number[] {
  const fits = sides.map((hands) => ({ flat: fitLine(hands, 0), sloped: fitLine(hands, SLOPE_VARIANCE) }))
  let [sum, count] = [0, 0]
  for (const { flat, sloped } of fits) {
    if (flat.workers < 2) continue
    sum += sloped.evidence - flat.evidence
    count++
  }
  const odds = Math.max(-LARGEST_ODDS, Math.min(LARGEST_ODDS, sum / Math.max(1, count)))
  const weight = 1 / (1 + ODDS_AGAINST * exp(-odds))
  return fits.map(({ flat, sloped }) => weight * sloped.value + (1 - weight) * flat.value)
}

interface Line {
  readonly workers: number
  /** At the least deviation. */
  readonly value: number
  /** Log-likelihood of the biases, height and slope integrated out; the same constant left out of every line. */
  readonly evidence: number
}

/** Biases around a line, their scatter by EM. `slopeVariance` 0: around one value, scattered alike for all hands. */
function fitLine({ bias, variance, deviation }: Hands, slopeVariance: number): Line {
  const workers: number[] = []
  let least = Infinity
  for (let j = 0; j < bias.length; j++) {
    if (variance[j] === Infinity) continue
    workers.push(j)
    least = Math.min(least, deviation[j]!)
  }
  let line = { workers: workers.length, value: 0, evidence: 0 }
  if (workers.length < 2) return line
  const scale = deviation.map((size) => (slopeVariance > 0 ? size * size : 1))
  const weight = new Float64Array(bias.length)
  let spread = 0.1
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let [total, x, y] = [0, 0, 0]
    for (const j of workers) {
      weight[j] = 1 / (spread * scale[j]! + variance[j]!)
      total += weight[j]!
      x += weight[j]! * deviation[j]!
      y += weight[j]! * bias[j]!
    }
    x /= total
    y /= total
    let [xx, xy, yy, logs] = [0, 0, 0, log(total)]
    for (const j of workers) {
      const [dx, dy] = [deviation[j]! - x, bias[j]! - y]
      xx += weight[j]! * dx * dx
      xy += weight[j]! * dx * dy
      yy += weight[j]! * dy * dy
      logs -= log(weight[j]!)
    }
    const slope = (slopeVariance * xy) / (1 + slopeVariance * xx)
    line = {
      workers: workers.length,
      value: y + slope * (least - x),
      evidence: -(logs + log(1 + slopeVariance * xx) + yy - slope * xy) / 2,
    }
    let sum = 0
    for (const j of workers) {
      const share = spread * scale[j]! * weight[j]!
      const off = share * (bias[j]! - y - slope * (deviation[j]! - x))
      sum += (off * off + share * variance[j]!) / scale[j]!
    }
    const next = Math.max(LEAST_SPREAD, sum / workers.length)
    const isStill = Math.abs(next - spread) < 1e-9
    spread = next
    if (isStill) break
  }
  return line
}
