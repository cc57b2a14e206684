import { exp, log } from '../../math/log-exp.ts'

/** Rankings as a structure of arrays: objects of ranking r, best first, are object[start[r]] up to object[start[r + 1]]. */
export interface Rankings {
  readonly objects: number
  readonly workers: number
  readonly object: Int32Array
  readonly start: Int32Array
  readonly worker: Int32Array
  /** Of a pair 1 when the winner was shown first, 0 when second; −1 where unknown, or for longer rankings. */
  readonly firstShown: Int8Array
}

/** Objects and workers as one fit sees them. */
export interface Strengths {
  /** Of each object its strength; an object of strength 1 is what the prior holds for the middle. */
  readonly strength: Float64Array
  /** Of each object the information its log strength rests on: 1 ÷ its variance. */
  readonly information: Float64Array
  /** workers × 3: the shares of rankings they make by the objects, the wrong way round, and by guessing. */
  readonly shares: Float64Array
  /** Of each worker the share of guessed pairs won by what was shown first. */
  readonly firstBias: Float64Array
  /** rankings × 3: how likely each was made so. */
  readonly responsibility: Float64Array
}

export const KINDS = 3
const ITERATIONS = 300
const TOLERANCE = 1e-6
/** So many wins and so many defeats against the middle are imagined for each object: the undefeated stay finite. */
const PRIOR_WINS = 1
/** The shares of a plausible crowd, and by how many workers they are believed. */
const PLAUSIBLE = [0.85, 0.03, 0.12]
const PRIOR_WORKERS = 5
/** By how many rankings a worker is thought to be like the crowd. */
const PRIOR_RANKINGS = 5
/** Imagined guessed pairs, half of them won by what was shown first. */
const PRIOR_GUESSES = 4

/**
 * Strengths of objects from rankings by workers of unknown quality. A ranking chooses the best of what is left again
 * and again, each with a chance in proportion to its strength (Plackett–Luce; of two, Bradley–Terry); a worker makes a
 * share of them so, a share the wrong way round (CrowdBT of Chen et al., WSDM 2013), and a share by guessing, perhaps
 * by what is shown first. Maximum a posteriori by EM, strengths by one round of minorization–maximization each
 * (Hunter, Annals of Statistics 32, 2004). Linear in the lengths of the rankings.
 * @param trusting take every ranking at its word: plain Plackett–Luce with the same prior.
 */
export function fitStrengths(rankings: Rankings, trusting = false): Strengths {
  const { objects, workers, start, worker, firstShown } = rankings
  const count = worker.length
  const strength = new Float64Array(objects).fill(1)
  const shares = new Float64Array(workers * KINDS)
  const firstBias = new Float64Array(workers).fill(0.5)
  const responsibility = new Float64Array(count * KINDS)
  for (let j = 0; j < workers; j++) shares.set(PLAUSIBLE, j * KINDS)
  for (let r = 0; r < count; r++) responsibility[r * KINDS] = 1
  const longest = longestOf(start)
  const logFactorial = new Float64Array(longest + 1)
  for (let k = 2; k <= longest; k++) logFactorial[k] = logFactorial[k - 1]! + log(k)
  const rest = new Float64Array(longest + 1)
  const chance = new Float64Array(KINDS)
  const wins = new Float64Array(objects)
  const losses = new Float64Array(objects)

  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const moved = updateStrengths()
    if (!trusting) {
      updateResponsibilities()
      updateWorkers()
    }
    if (moved < TOLERANCE) break
  }
  return { strength, information: informationOf(), shares, firstBias, responsibility }

  /** The k-th object of a ranking, read from the best or from the worst. */
  function objectAt(r: number, k: number, isReversed: boolean): number {
    return rankings.object[isReversed ? start[r + 1]! - 1 - k : start[r]! + k]!
  }

  /** Fills `rest` with the strengths left at each choice of a ranking. */
  function sumRest(r: number, isReversed: boolean): number {
    const length = start[r + 1]! - start[r]!
    rest[length] = 0
    for (let k = length - 1; k >= 0; k--) rest[k] = rest[k + 1]! + strength[objectAt(r, k, isReversed)]!
    return length
  }

  /** One round of minorization–maximization; the largest relative move of a strength. */
  function updateStrengths(): number {
    wins.fill(PRIOR_WINS)
    for (let i = 0; i < objects; i++) losses[i] = (2 * PRIOR_WINS) / (strength[i]! + 1)
    for (let r = 0; r < count; r++) {
      addRanking(r, false, responsibility[r * KINDS]!)
      addRanking(r, true, responsibility[r * KINDS + 1]!)
    }
    let moved = 0
    for (let i = 0; i < objects; i++) {
      const next = wins[i]! / losses[i]!
      moved = Math.max(moved, Math.abs(next - strength[i]!) / strength[i]!)
      strength[i] = next
    }
    return moved
  }

  function addRanking(r: number, isReversed: boolean, weight: number) {
    if (weight === 0) return
    const length = sumRest(r, isReversed)
    let loss = 0
    for (let k = 0; k < length; k++) {
      const i = objectAt(r, k, isReversed)
      if (k < length - 1) {
        wins[i]! += weight
        loss += weight / rest[k]!
      }
      losses[i]! += loss
    }
  }

  /** Log probability that a ranking came from choosing by strength. */
  function logLikelihood(r: number, isReversed: boolean): number {
    const length = sumRest(r, isReversed)
    let sum = 0
    for (let k = 0; k < length - 1; k++) sum += log(strength[objectAt(r, k, isReversed)]! / rest[k]!)
    return sum
  }

  /** Fills `chance` with the probabilities of a ranking under each kind of making, up to a common factor. */
  function readChances(r: number) {
    const length = start[r + 1]! - start[r]!
    const bias = firstShown[r]! === 1 ? firstBias[worker[r]!]! : 1 - firstBias[worker[r]!]!
    if (length === 2) {
      const share =
        strength[objectAt(r, 0, false)]! /
        (strength[objectAt(r, 0, false)]! + strength[objectAt(r, 1, false)]!)
      chance[0] = share
      chance[1] = 1 - share
      chance[2] = firstShown[r]! < 0 ? 0.5 : bias
      return
    }
    chance[0] = logLikelihood(r, false)
    chance[1] = logLikelihood(r, true)
    chance[2] = -logFactorial[length]!
    const largest = Math.max(chance[0]!, chance[1]!, chance[2]!)
    for (let k = 0; k < KINDS; k++) chance[k] = exp(chance[k]! - largest)
  }

  function updateResponsibilities() {
    for (let r = 0; r < count; r++) {
      readChances(r)
      let total = 0
      for (let k = 0; k < KINDS; k++) {
        responsibility[r * KINDS + k] = shares[worker[r]! * KINDS + k]! * chance[k]!
        total += responsibility[r * KINDS + k]!
      }
      for (let k = 0; k < KINDS; k++) responsibility[r * KINDS + k]! /= total
    }
  }

  function updateWorkers() {
    const sums = new Float64Array(workers * KINDS)
    const made = new Float64Array(workers)
    const guesses = new Float64Array(workers).fill(PRIOR_GUESSES)
    const firsts = new Float64Array(workers).fill(PRIOR_GUESSES / 2)
    for (let r = 0; r < count; r++) {
      const j = worker[r]!
      made[j]!++
      for (let k = 0; k < KINDS; k++) sums[j * KINDS + k]! += responsibility[r * KINDS + k]!
      if (firstShown[r]! < 0) continue
      guesses[j]! += responsibility[r * KINDS + 2]!
      if (firstShown[r]! === 1) firsts[j]! += responsibility[r * KINDS + 2]!
    }
    for (let k = 0; k < KINDS; k++) {
      let crowd = PLAUSIBLE[k]! * PRIOR_WORKERS
      for (let j = 0; j < workers; j++) crowd += sums[j * KINDS + k]! / Math.max(1, made[j]!)
      crowd /= workers + PRIOR_WORKERS
      for (let j = 0; j < workers; j++)
        shares[j * KINDS + k] = (sums[j * KINDS + k]! + PRIOR_RANKINGS * crowd) / (made[j]! + PRIOR_RANKINGS)
    }
    for (let j = 0; j < workers; j++) firstBias[j] = firsts[j]! / guesses[j]!
  }

  function informationOf(): Float64Array {
    const information = new Float64Array(objects)
    for (let i = 0; i < objects; i++) {
      const share = strength[i]! / (strength[i]! + 1)
      information[i] = 2 * PRIOR_WINS * share * (1 - share)
    }
    for (let r = 0; r < count; r++) {
      for (const isReversed of [false, true]) {
        const weight = responsibility[r * KINDS + (isReversed ? 1 : 0)]!
        const length = sumRest(r, isReversed)
        let first = 0
        let second = 0
        for (let k = 0; k < length; k++) {
          const i = objectAt(r, k, isReversed)
          if (k < length - 1) {
            first += 1 / rest[k]!
            second += 1 / (rest[k]! * rest[k]!)
          }
          information[i]! += weight * (strength[i]! * first - strength[i]! * strength[i]! * second)
        }
      }
    }
    return information
  }
}

function longestOf(start: Int32Array): number {
  let longest = 0
  for (let r = 0; r + 1 < start.length; r++) longest = Math.max(longest, start[r + 1]! - start[r]!)
  return longest
}
