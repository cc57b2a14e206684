import { type Coefficient, correctedForChance, pairable, type Ratings } from './ratings.ts'

/** What a difference between two ratings counts: any (nominal), by rank, by distance, by proportion. */
export type Level = 'nominal' | 'ordinal' | 'interval' | 'ratio'

/** Alpha of all workers together, and of each: its pairs' disagreement against what chance gives the whole crowd. */
export interface Alpha {
  readonly overall: Coefficient
  readonly perWorker: readonly Coefficient[]
}

/**
 * Krippendorff's alpha: 1 − observed ÷ expected disagreement over all pairs of ratings of one item; ratings may be
 * missing, items with a single rating do not count. Krippendorff, Content Analysis (2004), chapter 11.
 * Ordinal distances are distances of mid-ranks. Time: linear in the ratings, at the ratio level plus the square of the
 * number of distinct values.
 */
export function alpha(ratings: Ratings, level: Level): Alpha {
  const pairs = pairable(ratings)
  if (pairs.value.length === 0) return without(ratings.workers, 'no-pairs')
  if (level === 'ratio' && smallest(pairs.value) < 0) return without(ratings.workers, 'negative-value')
  const value = level === 'ordinal' ? midRanks(pairs.value) : Float64Array.from(pairs.value)
  const disagreement = level === 'nominal' ? differing : level === 'ratio' ? proportion : squaredDistance
  const expected = expectedDisagreement(value, level)
  const observed = observedDisagreement({ ...pairs, value }, disagreement)
  return {
    overall: correctedForChance(observed.total / value.length, expected),
    perWorker: Array.from(observed.perWorker, (sum, worker) => {
      const count = observed.ratings[worker]!
      return count === 0
        ? { defined: false, reason: 'no-pairs' as const }
        : correctedForChance(sum / count, expected)
    }),
  }
}

/** Nominal alpha of each class against all others: which label people do not agree on. `classes` indices from 0. */
export function alphaPerClass(ratings: Ratings, classes: number): Coefficient[] {
  return Array.from({ length: classes }, (_, label) => {
    const value = Uint8Array.from({ length: ratings.value.length }, (_, i) =>
      ratings.value[i] === label ? 1 : 0,
    )
    return alpha({ ...ratings, value }, 'nominal').overall
  })
}

type Disagreement = (a: number, b: number) => number

const differing: Disagreement = (a, b) => (a === b ? 0 : 1)
const squaredDistance: Disagreement = (a, b) => (a - b) * (a - b)
const proportion: Disagreement = (a, b) => (a === b ? 0 : ((a - b) / (a + b)) * ((a - b) / (a + b)))

/** Mean disagreement of two ratings drawn from all, without putting the first back. */
function expectedDisagreement(value: Float64Array, level: Level): number {
  const n = value.length
  const sorted = value.slice().sort((a, b) => a - b)
  if (level === 'ordinal' || level === 'interval') {
    let sum = 0
    for (const x of sorted) sum += x
    const mean = sum / n
    let squares = 0
    for (const x of sorted) squares += (x - mean) * (x - mean)
    return sorted[0] === sorted[n - 1] ? 0 : (2 * squares) / (n - 1)
  }
  const { distinct, count } = tally(sorted)
  let total = 0
  if (level === 'nominal') for (const c of count) total += c * (n - c)
  else {
    for (let a = 0; a < distinct.length; a++) {
      for (let b = 0; b < a; b++) total += 2 * count[a]! * count[b]! * proportion(distinct[a]!, distinct[b]!)
    }
  }
  return total / n / (n - 1)
}

/** Per worker the sum over its ratings of the mean disagreement with the item's others. */
function observedDisagreement({ items, workers, worker, value, start }: Ratings, disagreement: Disagreement) {
  const perWorker = new Float64Array(workers)
  const ratings = new Int32Array(workers)
  let total = 0
  for (let t = 0; t < items; t++) {
    const [from, to] = [start[t]!, start[t + 1]!]
    for (let i = from; i < to; i++) {
      let sum = 0
      for (let j = from; j < to; j++) sum += disagreement(value[i]!, value[j]!)
      const mean = sum / (to - from - 1)
      perWorker[worker[i]!]! += mean
      ratings[worker[i]!]!++
      total += mean
    }
  }
  return { perWorker, ratings, total }
}

function midRanks(value: ArrayLike<number>): Float64Array {
  const { distinct, count } = tally(Float64Array.from(value).sort((a, b) => a - b))
  const rank = new Map<number, number>()
  let below = 0
  distinct.forEach((x, index) => {
    rank.set(x, below + count[index]! / 2)
    below += count[index]!
  })
  return Float64Array.from(value, (x) => rank.get(x)!)
}

function tally(sorted: Float64Array): { distinct: number[]; count: number[] } {
  const distinct: number[] = []
  const count: number[] = []
  for (const x of sorted) {
    if (x === distinct[distinct.length - 1]) count[count.length - 1]!++
    else {
      distinct.push(x)
      count.push(1)
    }
  }
  return { distinct, count }
}

function smallest(value: ArrayLike<number>): number {
  let least = value[0]!
  for (let i = 1; i < value.length; i++) least = Math.min(least, value[i]!)
  return least
}

function without(workers: number, reason: 'no-pairs' | 'negative-value'): Alpha {
  const overall: Coefficient = { defined: false, reason }
  return { overall, perWorker: Array.from({ length: workers }, () => overall) }
}
