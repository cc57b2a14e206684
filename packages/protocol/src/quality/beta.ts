import { MILLION, quantize } from '../math/fixed.ts'

/** Evidence on a share in millionths of an observation, whole numbers: what spoke for and what against. */
export interface Evidence {
  readonly good: number
  readonly bad: number
}

export const NO_EVIDENCE: Evidence = { good: 0, bad: 0 }

/** One standard normal in twenty lies below −1.645. */
const ONE_IN_TWENTY = 1.645

/** The Beta(1, 1) posterior of a share, in millionths. */
export interface Posterior {
  readonly mean: number
  /** About one chance in twenty that the share is lower: mean − 1.645 standard deviations, at least 0. */
  readonly low: number
}

/** What the evidence says of the share; without any, ½ and a low end near 0. */
export function posteriorOf({ good, bad }: Evidence): Posterior {
  const [a, b] = [good / MILLION + 1, bad / MILLION + 1]
  const mean = a / (a + b)
  const deviation = Math.sqrt((mean * (1 - mean)) / (a + b + 1))
  return { mean: quantize(mean), low: quantize(Math.max(0, mean - ONE_IN_TWENTY * deviation)) }
}

/** Evidence of both. */
export function addEvidence(a: Evidence, b: Evidence): Evidence {
  return { good: a.good + b.good, bad: a.bad + b.bad }
}
