import { exp, log } from '../../math/log-exp.ts'

/** What kind of conduct a flag speaks of. */
export type Conduct = 'copying' | 'random' | 'constant' | 'speed' | 'change'

/**
 * A reason to look closer, never a verdict: no flag changes a result or a pay.
 *
 * Its strength is an e-value: how many times likelier the records are under the suspected conduct than under honest work,
 * where honest work is given the benefit of every doubt. If honest, it exceeds x with a chance of at most 1/x.
 */
export interface Flag {
  readonly conduct: Conduct
  /** Worker indices, ascending; two for copying. */
  readonly workers: readonly number[]
  /** Natural logarithm of the e-value. */
  readonly logEvidence: number
  /** 1 ÷ e-value, at most 1: reads like a p-value of this one test. */
  readonly chance: number
  /** Least share of false flags one must accept to raise this flag, all tests of the kind counted. */
  readonly adjusted: number
  /** Labels (or labels of shared items) looked at. */
  readonly labels: number
  /** The figures behind it, named in docs/quality.md. */
  readonly evidence: Readonly<Record<string, number>>
}

/** One test before the others of its kind are counted. */
export type Suspicion = Omit<Flag, 'chance' | 'adjusted'>

/** What a detector looked at: how many tests it made, and those with any evidence. */
export interface Tested {
  suspicions: Suspicion[]
  tests: number
}

/** At most this share of the flags of a kind is expected to be false. */
export const FALSE_FLAGS = 0.01

/**
 * The flags among all tests, strongest first: the e-BH procedure (Wang & Ramdas 2022), which holds the expected
 * share of false flags at or below `rate` however the tests depend on each other.
 */
export function raiseFlags({ suspicions, tests }: Readonly<Tested>, rate = FALSE_FLAGS): Flag[] {
  const strongest = suspicions.toSorted(
    (a, b) => b.logEvidence - a.logEvidence || compareWorkers(a.workers, b.workers),
  )
  const flags: Flag[] = []
  let adjusted = 1
  for (let rank = strongest.length; rank >= 1; rank--) {
    const suspicion = strongest[rank - 1]!
    adjusted = Math.min(adjusted, exp(log(tests / rank) - suspicion.logEvidence))
    if (adjusted <= rate)
      flags.push({ ...suspicion, chance: Math.min(1, exp(-suspicion.logEvidence)), adjusted })
  }
  return flags.reverse()
}

/** log of the mean of e^values: the evidence of several alternatives, each as likely as the others beforehand. */
export function logMeanExp(values: ArrayLike<number>): number {
  let largest = values[0]!
  for (let i = 1; i < values.length; i++) largest = Math.max(largest, values[i]!)
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += exp(values[i]! - largest)
  return largest + log(sum / values.length)
}

function compareWorkers(a: readonly number[], b: readonly number[]): number {
  return a[0]! - b[0]! || (a[1] ?? -1) - (b[1] ?? -1)
}
