import { sortByCodePoints } from '../../bytes/order.ts'
import { exp, log } from '../../math/log-exp.ts'
import { type AnswerTable, answerTable, type NamedAnswer } from '../answer-table.ts'
import { fitStrengths, KINDS, type Rankings, type Strengths } from './strengths.ts'

/** One worker's order of the objects of an item, best first; two objects are a pairwise comparison. */
export interface RankedObjects {
  readonly order: readonly string[]
  /** The objects in the order in which they were shown, where known: tells who takes what comes first. */
  readonly shown?: readonly string[]
}

/** The crowd's order of objects, and what each answer is worth. */
export interface RankingConsensus {
  readonly table: AnswerTable<RankedObjects>
  /** All objects, best first; of equals by code point. */
  readonly order: readonly string[]
  /** Log strength of an object (0 is the middle), and its standard deviation. Of an unknown one what the prior holds. */
  score(object: string): { score: number; deviation: number }
  /** Probability that one object is better than another. */
  better(object: string, other: string): number
  /** The objects of an item, best first, and the probability that each of them is better than the next. */
  find(item: number): { order: readonly string[]; confidence: number }
  /** Share of a worker's rankings that follow the objects, rather than being guessed or the wrong way round. */
  reliability(worker: number): number
  /**
   * 0 to 1: how probable the pairs of an answer's order are, on average, without that answer; of long ones the pairs at
   * most 64 places apart. 0.5 where nothing else is known. 0 for an answer that compares nothing.
   */
  quality(index: number): number
}

/** Turns the logistic function into the normal distribution's, to 0.01. */
const LOGISTIC_TO_NORMAL = 1.702
const WINDOW = 64
/** Information of an object about which only the prior is known. */
const PRIOR_INFORMATION = 0.5
const LARGEST_STEP = 2

/**
 * The consensus of rankings and of pairwise comparisons, see {@link fitStrengths}: objects that recur in many items
 * get one strength each, and workers are known by how they rank in all of them. An object named twice in one answer
 * counts where it comes first. The same for any order of the answers.
 */
export function rankingConsensus(answers: readonly NamedAnswer<RankedObjects>[]): RankingConsensus {
  const table = answerTable(answers)
  const orders = table.answer.map(({ order }) => [...new Set(order)])
  const objects = sortByCodePoints(new Set(orders.flat()), (name) => name)
  const indexOf = new Map(objects.map((name, index) => [name, index]))
  const rankings = toRankings(table, orders, indexOf)
  const fit = fitStrengths(rankings)
  const scores = fit.strength.map(log)
  const byStrength = (a: string, b: string) =>
    scores[indexOf.get(b)!]! - scores[indexOf.get(a)!]! || indexOf.get(a)! - indexOf.get(b)!
  const score = (object: string) => {
    const index = indexOf.get(object)
    if (index === undefined) return { score: 0, deviation: Math.sqrt(1 / PRIOR_INFORMATION) }
    return { score: scores[index]!, deviation: Math.sqrt(1 / fit.information[index]!) }
  }
  const better = (object: string, other: string) => {
    const [a, b] = [score(object), score(other)]
    return probabilityAbove(a.score - b.score, a.deviation * a.deviation + b.deviation * b.deviation)
  }
  return {
    table,
    order: [...objects].sort(byStrength),
    score,
    better,
    find: (item) => {
      const own = new Set(orders.slice(table.start[item]!, table.start[item + 1]!).flat())
      const order = [...own].sort(byStrength)
      let confidence = 1
      for (let i = 1; i < order.length; i++) confidence *= better(order[i - 1]!, order[i]!)
      return { order, confidence }
    },
    reliability: (worker) => fit.shares[worker * KINDS]!,
    quality: (index) => qualityOf(rankings, fit, scores, index),
  }
}

function toRankings(
  table: AnswerTable<RankedObjects>,
  orders: readonly (readonly string[])[],
  indexOf: ReadonlyMap<string, number>,
): Rankings {
  const start = new Int32Array(orders.length + 1)
  orders.forEach((order, r) => {
    start[r + 1] = start[r]! + order.length
  })
  const object = new Int32Array(start[orders.length]!)
  orders.forEach((order, r) => {
    order.forEach((name, place) => {
      object[start[r]! + place] = indexOf.get(name)!
    })
  })
  const firstShown = Int8Array.from(orders, (order, r) => {
    const first = table.answer[r]!.shown?.[0]
    if (order.length !== 2 || first === undefined) return -1
    return order.indexOf(first) === 0 ? 1 : 0
  })
  return {
    objects: indexOf.size,
    workers: table.workers.length,
    object,
    start,
    worker: table.worker,
    firstShown,
  }
}

/** Φ(difference ÷ √variance), nearly. */
function probabilityAbove(difference: number, variance: number): number {
  return 1 / (1 + exp((-LOGISTIC_TO_NORMAL * difference) / Math.sqrt(variance)))
}

function qualityOf(rankings: Rankings, fit: Strengths, scores: Float64Array, index: number): number {
  const own = rankings.object.subarray(rankings.start[index]!, rankings.start[index + 1]!)
  const { score, variance } = withoutRanking(own, fit, scores, index)
  let sum = 0
  let pairs = 0
  for (let a = 0; a < own.length; a++) {
    for (let b = a + 1; b < own.length && b - a <= WINDOW; b++) {
      sum += probabilityAbove(score[a]! - score[b]!, variance[a]! + variance[b]!)
      pairs++
    }
  }
  return pairs === 0 ? 0 : sum / pairs
}

/** Scores of a ranking's objects without its own pull on them: one Newton step back from the fit. */
function withoutRanking(own: Int32Array, fit: Strengths, scores: Float64Array, index: number) {
  const pull = new Float64Array(own.length)
  const information = new Float64Array(own.length)
  for (const isReversed of [false, true]) {
    const weight = fit.responsibility[index * KINDS + (isReversed ? 1 : 0)]!
    const at = (k: number) => (isReversed ? own.length - 1 - k : k)
    const rest = new Float64Array(own.length + 1)
    for (let k = own.length - 1; k >= 0; k--) rest[k] = rest[k + 1]! + fit.strength[own[at(k)]!]!
    let first = 0
    let second = 0
    for (let k = 0; k < own.length; k++) {
      const strength = fit.strength[own[at(k)]!]!
      if (k < own.length - 1) {
        first += 1 / rest[k]!
        second += 1 / (rest[k]! * rest[k]!)
        pull[at(k)]! += weight
      }
      pull[at(k)]! -= weight * strength * first
      information[at(k)]! += weight * (strength * first - strength * strength * second)
    }
  }
  const score = new Float64Array(own.length)
  const variance = new Float64Array(own.length)
  for (let k = 0; k < own.length; k++) {
    const left = Math.max(fit.information[own[k]!]! - information[k]!, PRIOR_INFORMATION / 4)
    const step = Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, pull[k]! / left))
    score[k] = scores[own[k]!]! - step
    variance[k] = 1 / left
  }
  return { score, variance }
}
