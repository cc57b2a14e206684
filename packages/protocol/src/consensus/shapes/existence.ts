import { exp, log } from '../../math/log-exp.ts'
import type { Candidate } from './objects.ts'

/** Candidates (clusters of shapes) and who saw which, as a structure of arrays. */
export interface Sightings {
  readonly workers: number
  readonly candidates: number
  /** Candidate c was before the eyes of worker[start[c]] up to worker[start[c + 1]]; `seen` 1: marked it, 0: did not. */
  readonly start: Int32Array
  readonly worker: Int32Array
  readonly seen: Uint8Array
  /** Per candidate 1: known to be real, 0: known to be false, −1: to be found out. */
  readonly known: Int8Array
}

/** How likely each candidate is real, and with one worker's word left out. */
export interface Existence {
  readonly probability: Float64Array
  /** workers × 4: the share marked of plain and hard things, and of tempting and far-fetched things that are not there. */
  readonly rates: Float64Array
  without(candidate: number, worker: number): number
}

const KINDS = 4
/** Kinds from here on are not real. */
const FALSE = 2
const ITERATIONS = 100
/** What a crowd without evidence is like: shares marked of plain, hard, tempting and far-fetched candidates. */
const MARKED = [0.95, 0.65, 0.35, 0.05]
/** How many there are of each kind. */
const SHARES = [0.5, 0.15, 0.15, 0.2]
/** Bounds of a worker's shares of plain and of far-fetched ones: beyond them a kind would turn into another. */
const LOWEST = [0.5, 0.65, 0.35, 0.01]
const HIGHEST = [0.99, 0.65, 0.35, 0.1]
/** How many candidates the belief in the plausible crowd is worth, and in the crowd when looking at one worker. */
const PRIOR_CANDIDATES = 10

/**
 * EM over four kinds of candidates, two real and two false: plain things most mark, hard things, tempting ones that are
 * not there, and what hardly anybody would mark. Plain and far-fetched ones are marked at rates of each worker's own,
 * shrunk to the crowd's, which is shrunk to a plausible crowd; in the middle every mark and every miss weighs the same.
 * What nobody marked is no candidate, so likelihoods are those of what was marked by somebody, and rates count what must
 * have gone unmarked: otherwise marks that stand alone, as most mistakes do, would look like a habit of joining in.
 * (Dawid and Skene's model, which Branson, Van Horn and Perona, CVPR 2017, use for boxes with two kinds; with two,
 * whatever some miss would have to be false.)
 */
export function fitExistence({ workers, candidates, start, worker, seen, known }: Sightings): Existence {
  const kinds = new Float64Array(candidates * KINDS)
  const rates = new Float64Array(workers * KINDS)
  for (let j = 0; j < workers; j++) rates.set(MARKED, j * KINDS)
  const shares = Float64Array.from(SHARES)
  const counts = new Float64Array(workers * KINDS * 2)
  const row = new Float64Array(KINDS)
  updateCandidates()
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    updateWorkers()
    if (updateCandidates() < 1e-7) break
  }
  const probability = new Float64Array(candidates)
  for (let c = 0; c < candidates; c++) probability[c] = realOf(c, -1)
  return {
    probability,
    rates,
    without(candidate, left) {
      return realOf(candidate, left)
    },
  }

  function realOf(candidate: number, left: number): number {
    if (known[candidate]! >= 0) return known[candidate]!
    readKinds(candidate, left)
    return Math.min(1, row[0]! + row[1]!)
  }

  function isExcluded(candidate: number, kind: number): boolean {
    return (known[candidate] === 1 && kind >= FALSE) || (known[candidate] === 0 && kind < FALSE)
  }

  /** Fills `row` with the probabilities of a candidate's kinds, the word of one worker left out (−1: of none). */
  function readKinds(candidate: number, left: number) {
    let largest = -Infinity
    for (let k = 0; k < KINDS; k++) {
      if (isExcluded(candidate, k)) {
        row[k] = -Infinity
        continue
      }
      let sum = log(shares[k]!)
      let isMarked = false
      let overlooked = 1
      for (let i = start[candidate]!; i < start[candidate + 1]!; i++) {
        if (worker[i] === left) continue
        const rate = rates[worker[i]! * KINDS + k]!
        sum += log(seen[i] === 1 ? rate : 1 - rate)
        overlooked *= 1 - rate
        if (seen[i] === 1) isMarked = true
      }
      row[k] = isMarked ? sum - log(1 - overlooked) : sum
      largest = Math.max(largest, row[k]!)
    }
    let total = 0
    for (let k = 0; k < KINDS; k++) {
      row[k] = exp(row[k]! - largest)
      total += row[k]!
    }
    for (let k = 0; k < KINDS; k++) row[k]! /= total
  }

  function updateCandidates(): number {
    let moved = 0
    for (let c = 0; c < candidates; c++) {
      readKinds(c, -1)
      for (let k = 0; k < KINDS; k++) {
        moved = Math.max(moved, Math.abs(row[k]! - kinds[c * KINDS + k]!))
        kinds[c * KINDS + k] = row[k]!
      }
    }
    return moved
  }

  function updateShares() {
    for (let k = 0; k < KINDS; k++) {
      let share = SHARES[k]! * PRIOR_CANDIDATES
      for (let c = 0; c < candidates; c++) share += kinds[c * KINDS + k]!
      shares[k] = share / (candidates + PRIOR_CANDIDATES)
    }
    // What about half of a crowd marks is as likely there as not: to learn which would take a truth.
    const middle = (shares[1]! + shares[2]!) / 2
    shares[1] = middle
    shares[2] = middle
  }

  /** How many candidates of a kind that the same workers looked at went unmarked for one that somebody marked. */
  function unmarkedPer(c: number, k: number): number {
    let overlooked = 1
    let isMarked = false
    for (let i = start[c]!; i < start[c + 1]!; i++) {
      overlooked *= 1 - rates[worker[i]! * KINDS + k]!
      if (seen[i] === 1) isMarked = true
    }
    return isMarked ? overlooked / (1 - overlooked) : 0
  }

  function updateWorkers() {
    counts.fill(0)
    updateShares()
    for (let k = 0; k < KINDS; k++) {
      let marked = MARKED[k]! * PRIOR_CANDIDATES
      let shown = PRIOR_CANDIDATES
      for (let c = 0; c < candidates; c++) {
        const p = kinds[c * KINDS + k]!
        const all = p * (1 + unmarkedPer(c, k))
        for (let i = start[c]!; i < start[c + 1]!; i++) {
          const at = (worker[i]! * KINDS + k) * 2
          counts[at]! += p * seen[i]!
          counts[at + 1]! += all
          marked += p * seen[i]!
          shown += all
        }
      }
      for (let j = 0; j < workers; j++) {
        const at = (j * KINDS + k) * 2
        const rate =
          (counts[at]! + (marked / shown) * PRIOR_CANDIDATES) / (counts[at + 1]! + PRIOR_CANDIDATES)
        rates[j * KINDS + k] = Math.min(HIGHEST[k]!, Math.max(LOWEST[k]!, rate))
      }
    }
  }
}

/** Who saw which of some candidates; `shownTo`: the workers, by index, before whose eyes one was. */
export function sightingsOf(
  workers: readonly string[],
  candidates: readonly Candidate<unknown>[],
  shownTo: (candidate: number) => readonly number[],
): Sightings {
  const start = new Int32Array(candidates.length + 1)
  for (let c = 0; c < candidates.length; c++) start[c + 1] = start[c]! + shownTo(c).length
  const worker = new Int32Array(start[candidates.length]!)
  const seen = new Uint8Array(start[candidates.length]!)
  const known = new Int8Array(candidates.length).fill(-1)
  candidates.forEach((candidate, c) => {
    const markers = new Set(candidate.members.map((member) => member.worker))
    shownTo(c).forEach((j, index) => {
      worker[start[c]! + index] = j
      seen[start[c]! + index] = markers.has(j) ? 1 : 0
    })
    if (candidate.known !== null) known[c] = candidate.known === 'false' ? 0 : 1
  })
  return { workers: workers.length, candidates: candidates.length, start, worker, seen, known }
}
