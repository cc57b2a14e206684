import { exp, log } from '../../math/log-exp.ts'

/** How true tags follow each other, as probabilities; 0 where they may not. */
export interface Transitions {
  readonly width: number
  readonly first: Float64Array
  /** width × width, from row to column. */
  readonly next: Float64Array
}

/** What is believed of the true tags of one item: forward and backward probabilities (Rabiner 1989, scaled). */
export interface Chain {
  readonly length: number
  /** length × width: of each token its likelihoods, the largest being 1, and the two passes. */
  readonly likelihood: Float64Array
  readonly forward: Float64Array
  readonly backward: Float64Array
  readonly scale: Float64Array
}

/** No likelihood falls below this share of the largest, so that some path always remains. */
const LEAST = 1e-200

/** Runs both passes over an item's log likelihoods (length × width). */
export function believe(logs: Float64Array, { width, first, next }: Transitions): Chain {
  const length = logs.length / width
  const likelihood = new Float64Array(logs.length)
  const forward = new Float64Array(logs.length)
  const backward = new Float64Array(logs.length).fill(1)
  const scale = new Float64Array(length)
  for (let t = 0; t < length; t++) {
    const at = t * width
    let largest = -Infinity
    for (let a = 0; a < width; a++) largest = Math.max(largest, logs[at + a]!)
    for (let a = 0; a < width; a++) likelihood[at + a] = Math.max(LEAST, exp(logs[at + a]! - largest))
    let total = 0
    for (let b = 0; b < width; b++) {
      let sum = 0
      if (t === 0) sum = first[b]!
      else for (let a = 0; a < width; a++) sum += forward[at - width + a]! * next[a * width + b]!
      forward[at + b] = sum * likelihood[at + b]!
      total += forward[at + b]!
    }
    for (let b = 0; b < width; b++) forward[at + b]! /= total
    scale[t] = total
  }
  for (let t = length - 2; t >= 0; t--) {
    const at = t * width
    for (let a = 0; a < width; a++) {
      let sum = 0
      for (let b = 0; b < width; b++)
        sum += next[a * width + b]! * likelihood[at + width + b]! * backward[at + width + b]!
      backward[at + a] = sum / scale[t + 1]!
    }
  }
  return { length, likelihood, forward, backward, scale }
}

/** Adds the probability of each pair of neighboring tags to `pairs`, of each first tag to `firsts`. */
export function addTransitions(
  chain: Chain,
  { width, next }: Transitions,
  firsts: Float64Array,
  pairs: Float64Array,
): void {
  const { length, likelihood, forward, backward, scale } = chain
  if (length === 0) return
  for (let b = 0; b < width; b++) firsts[b]! += forward[b]! * backward[b]!
  for (let t = 1; t < length; t++) {
    const at = t * width
    for (let b = 0; b < width; b++) {
      const onward = (likelihood[at + b]! * backward[at + b]!) / scale[t]!
      for (let a = 0; a < width; a++)
        pairs[a * width + b]! += forward[at - width + a]! * next[a * width + b]! * onward
    }
  }
}

/**
 * Probability that the tags from `start` on are exactly these; with `stop` also that the one after them is not that tag
 * (which would continue a span).
 */
export function pathProbability(
  chain: Chain,
  { width, next }: Transitions,
  start: number,
  tags: readonly number[],
  stop = -1,
): number {
  const { length, likelihood, forward, backward, scale } = chain
  if (tags.length === 0) return 1
  let probability = forward[start * width + tags[0]!]!
  let last = start
  for (let i = 1; i < tags.length; i++) {
    last = start + i
    const at = last * width + tags[i]!
    probability *= (next[tags[i - 1]! * width + tags[i]!]! * likelihood[at]!) / scale[last]!
  }
  const tag = tags.at(-1)!
  if (stop < 0 || last === length - 1) return Math.min(1, probability * backward[last * width + tag]!)
  let onward = 0
  for (let b = 0; b < width; b++) {
    const at = (last + 1) * width + b
    if (b !== stop) onward += next[tag * width + b]! * likelihood[at]! * backward[at]!
  }
  return Math.min(1, (probability * onward) / scale[last + 1]!)
}

/** The most probable sequence of tags (Viterbi 1967); of equals the one of lower indices. */
export function bestPath({ length, likelihood }: Chain, { width, first, next }: Transitions): number[] {
  if (length === 0) return []
  const logNext = next.map(log)
  const from = new Int32Array(length * width)
  let score = new Float64Array(width)
  let following = new Float64Array(width)
  for (let b = 0; b < width; b++) score[b] = log(first[b]!) + log(likelihood[b]!)
  for (let t = 1; t < length; t++) {
    for (let b = 0; b < width; b++) {
      let best = 0
      for (let a = 1; a < width; a++) {
        if (score[a]! + logNext[a * width + b]! > score[best]! + logNext[best * width + b]!) best = a
      }
      from[t * width + b] = best
      following[b] = score[best]! + logNext[best * width + b]! + log(likelihood[t * width + b]!)
    }
    ;[score, following] = [following, score]
  }
  let tag = 0
  for (let b = 1; b < width; b++) if (score[b]! > score[tag]!) tag = b
  const path = [tag]
  for (let t = length - 1; t > 0; t--) {
    tag = from[t * width + tag]!
    path.push(tag)
  }
  return path.reverse()
}
