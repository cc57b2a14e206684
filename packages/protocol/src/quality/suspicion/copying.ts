import { log } from '../../math/log-exp.ts'
import { type Crowd, labelsOf } from './crowd.ts'
import { logMeanExp, type Tested } from './flags.ts'
import { matchRates } from './match-rates.ts'

/** Fewer shared items than this say nothing about a pair. */
const LEAST_SHARED = 8
/** Shares of its answers a copier may take over; less than half is not looked for. */
const COPIED = [0.5, 0.7, 0.9, 0.98]
const LOG_OWN = COPIED.map((share) => log(1 - share))

/**
 * Copying: pairs that agree, above all on errors, more than chance gives honest workers. Per shared item a copier repeats
 * the other's answer with probability c, else answers by itself: a match multiplies the evidence by 1 − c + c ÷ (honest
 * chance of a match), a miss by 1 − c; averaged over some c and over who copies whom. The honest chance is the largest
 * of three rates seen in the crowd, see {@link matchRates}; a match on what half of the remaining say, or on
 * an answer `known` to be right, proves nothing. Two experts in a crowd that errs still look like this.
 * Only workers who share items are compared; time: pairs of labels of one item.
 */
export function copyingPairs(crowd: Crowd, known?: ArrayLike<number>): Tested {
  const { table } = crowd
  const { workers, item, worker, label, start } = table
  const chance = matchRates(crowd, known)
  const logMatch = COPIED.map((share) => Float64Array.from(chance, (p) => log(1 - share + share / p)))
  const pairs = new PairsOfOne(workers)
  const tested: Tested = { suspicions: [], tests: 0 }
  for (let a = 0; a < workers; a++) {
    for (const i of labelsOf(crowd, a)) {
      for (let j = start[item[i]!]!; j < start[item[i]! + 1]!; j++) {
        const b = worker[j]!
        if (b <= a) continue
        pairs.share(b)
        if (label[i] === label[j]) pairs.match(b, i, j, chance, logMatch)
      }
    }
    for (const b of pairs.met) {
      if (pairs.shared[b]! >= LEAST_SHARED) {
        tested.tests++
        const logEvidence = pairs.logEvidence(b)
        if (logEvidence > 0) {
          const evidence = pairs.figures(b)
          tested.suspicions.push({
            conduct: 'copying',
            workers: [a, b],
            logEvidence,
            labels: evidence.shared,
            evidence,
          })
        }
      }
      pairs.forget(b)
    }
    pairs.met.length = 0
  }
  return tested
}

/** One worker against all later ones it shares items with; arrays by the other worker, used again for the next one. */
class PairsOfOne {
  readonly met: number[] = []
  readonly shared: Int32Array
  readonly #matches: Int32Array
  /** Matches on answers that half of the remaining workers do not give, and what honest ones would come to. */
  readonly #unpopular: Int32Array
  readonly #chances: Float64Array
  /** Per other worker and share copied: log evidence of the matches that it copies this one, and that this one copies it. */
  readonly #ofOther: Float64Array
  readonly #ofThis: Float64Array

  constructor(workers: number) {
    this.shared = new Int32Array(workers)
    this.#matches = new Int32Array(workers)
    this.#unpopular = new Int32Array(workers)
    this.#chances = new Float64Array(workers)
    this.#ofOther = new Float64Array(workers * COPIED.length)
    this.#ofThis = new Float64Array(workers * COPIED.length)
  }

  share(b: number): void {
    if (this.shared[b] === 0) this.met.push(b)
    this.shared[b]!++
  }

  /** This one's label i and b's label j are the same. */
  match(b: number, i: number, j: number, chance: Float64Array, logMatch: readonly Float64Array[]): void {
    this.#matches[b]!++
    if (chance[i] === 1) return
    this.#unpopular[b]!++
    this.#chances[b]! += Math.max(chance[i]!, chance[j]!)
    for (let c = 0; c < COPIED.length; c++) {
      this.#ofOther[b * COPIED.length + c]! += logMatch[c]![j]!
      this.#ofThis[b * COPIED.length + c]! += logMatch[c]![i]!
    }
  }

  logEvidence(b: number): number {
    const missed = this.shared[b]! - this.#matches[b]!
    const alternatives = LOG_OWN.flatMap((own, c) => [
      this.#ofOther[b * COPIED.length + c]! + missed * own,
      this.#ofThis[b * COPIED.length + c]! + missed * own,
    ])
    return logMeanExp(alternatives)
  }

  figures(b: number) {
    const unpopularMatches = this.#unpopular[b]!
    return {
      shared: this.shared[b]!,
      matches: this.#matches[b]!,
      unpopularMatches,
      meanHonestChance: unpopularMatches === 0 ? 0 : this.#chances[b]! / unpopularMatches,
    }
  }

  forget(b: number): void {
    for (const counts of [this.shared, this.#matches, this.#unpopular, this.#chances]) counts[b] = 0
    this.#ofOther.fill(0, b * COPIED.length, (b + 1) * COPIED.length)
    this.#ofThis.fill(0, b * COPIED.length, (b + 1) * COPIED.length)
  }
}
