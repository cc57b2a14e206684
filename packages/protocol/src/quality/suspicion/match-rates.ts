import type { Crowd } from './crowd.ts'

/** From this share on a match proves nothing, and nothing is learned from it. */
const POPULAR = 0.5
/** Upper ends of the bins of a class's share among the remaining workers, up to where it is popular. */
const SHARE_BINS = [0.001, 0.15, 0.35, POPULAR]
/** Upper ends of the bins of how many remaining workers there are. */
const COUNT_BINS = [0, 1, 3, 7, Infinity]
const BINS = SHARE_BINS.length * COUNT_BINS.length
/** A rate of few answers is drawn towards the crowd's as if that had been seen so often. */
const STRENGTH = 2
/** Nothing is certain, and nothing is impossible. */
const [LEAST, MOST] = [0.01, 0.99]

/**
 * Per label the chance that an honest worker in this one's place gives the same answer as another who gave it: how often
 * pairs match where the *remaining* workers give the class such a share, so that hard items invite the same error without
 * suspicion. The largest of: the crowd's rate; this worker's rate (it may err more than others); this worker's rate for
 * the class (it may be fond of it). 1 where half of the remaining give that
 * answer, or it is `known` to be right (class index per item, −1 where unknown). Each label counts once, however many
 * others the item has.
 */
export function matchRates({ table, votes }: Crowd, known?: ArrayLike<number>): Float64Array {
  const { workers, classes, item, worker, label, start } = table
  const ofCrowd = new Rates(BINS)
  const ofWorker = new Rates(workers * BINS)
  const ofClass = new Rates(workers * classes)
  for (let i = 0; i < label.length; i++) {
    const t = item[i]!
    const others = start[t + 1]! - start[t]! - 1
    if (others < 1) continue
    for (let k = 0; k < classes; k++) {
      if (known?.[t] === k) continue
      const isMatch = k === label[i]
      // The other worker of the pair gave class k; it and this one are not among the remaining.
      const givers = votes[t * classes + k]! - (isMatch ? 1 : 0)
      if (givers === 0) continue
      const bin = binOf(givers - 1, others - 1)
      if (bin < 0) continue
      const weight = givers / others
      ofCrowd.add(bin, weight, isMatch)
      ofWorker.add(worker[i]! * BINS + bin, weight, isMatch)
      ofClass.add(worker[i]! * classes + k, weight, isMatch)
    }
  }
  return Float64Array.from(label, (k, i) => {
    const t = item[i]!
    const others = start[t + 1]! - start[t]! - 1
    const bin = binOf(Math.max(0, votes[t * classes + k]! - 2), Math.max(0, others - 1))
    if (bin < 0 || known?.[t] === k) return 1
    const crowd = ofCrowd.rate(bin, 0.5)
    const own = ofWorker.rate(worker[i]! * BINS + bin, crowd)
    const fond = ofClass.rate(worker[i]! * classes + k, crowd)
    return Math.min(MOST, Math.max(LEAST, crowd, own, fond))
  })
}

class Rates {
  readonly #matched: Float64Array
  readonly #seen: Float64Array

  constructor(size: number) {
    this.#matched = new Float64Array(size)
    this.#seen = new Float64Array(size)
  }

  add(at: number, weight: number, isMatch: boolean): void {
    this.#seen[at]! += weight
    if (isMatch) this.#matched[at]! += weight
  }

  rate(at: number, usual: number): number {
    return (this.#matched[at]! + STRENGTH * usual) / (this.#seen[at]! + STRENGTH)
  }
}

/** The bin of a class that so many of the remaining workers give; −1 where it is popular. */
function binOf(givers: number, remaining: number): number {
  const share = remaining === 0 ? 0 : givers / remaining
  if (share >= POPULAR) return -1
  let [row, column] = [0, 0]
  while (share > SHARE_BINS[row]!) row++
  while (remaining > COUNT_BINS[column]!) column++
  return row * COUNT_BINS.length + column
}
