import type { LabelTable } from '../consensus/classification/label-table.ts'
import { log } from '../math/log-exp.ts'

/** The share of its answers somebody who repeats another's takes over. */
const REPEATED = 0.9
/** A shared item on which the two differ. */
const MISS = log(1 - REPEATED)
/** Evidence, as a logarithm of odds, from which two are kept apart: some 4.5 times likelier repeated than their own. */
const LEAST_EVIDENCE = 1.5
/** Answers of the crowd's accuracy imagined of every worker. */
const IMAGINED_ANSWERS = 4
/** Answers imagined of every item, as alike as the crowd's usually are. */
const IMAGINED_OTHERS = 2
/** No match is certain. */
const MOST = 0.99

/** Per worker those it is to be kept apart from, and how strong the evidence is: a logarithm of odds. */
export type Apart = readonly ReadonlyMap<number, number>[]

/**
 * Pairs of workers to keep off each other's items from now on, because one of them probably repeats answers of the other
 * or both those of somebody else. Per shared item: who repeats nine answers in ten matches with chance .9 + .1 p, where p
 * is how often others of the item say the same, or two people as often right would agree, whichever is more; so
 * matching on what all say tells nothing, on a rare error much, and a miss clears. A ring that shares its answers is found after some
 * ten items, sooner where it errs, and has then nothing to share; an honest pair seldom is, and loses
 * nothing. Only schedules, and is no accusation: those are `findSuspicion`.
 * `others`: per label how likely everything but itself makes it (`Statements.others`). Time: pairs of labels of one item.
 */
export function pairsToSeparate(table: LabelTable, others: Float64Array): Apart {
  const { workers, classes, worker, item, label, start } = table
  const apart = Array.from({ length: workers }, () => new Map<number, number>())
  const right = rightShares(table, others)
  const votes = votesOf(table)
  const alike = usualMatch(table, votes)
  const ofWorker = labelsByWorker(workers, worker)
  const evidence = new Float64Array(workers)
  const isMet = new Uint8Array(workers)
  for (let a = 0; a < workers; a++) {
    const met: number[] = []
    for (const i of ofWorker[a]!) {
      const [t, k] = [item[i]!, label[i]!]
      const remaining = start[t + 1]! - start[t]! - 2
      const share = (votes[t * classes + k]! - 2 + IMAGINED_OTHERS * alike) / (remaining + IMAGINED_OTHERS)
      for (let j = start[t]!; j < start[t + 1]!; j++) {
        const b = worker[j]!
        if (b <= a) continue
        if (isMet[b] === 0) met.push(b)
        isMet[b] = 1
        if (label[j] !== k) evidence[b]! += MISS
        else {
          const asGood = right[a]! * right[b]! + (1 - right[a]!) * (1 - right[b]!)
          evidence[b]! += log(1 - REPEATED + REPEATED / Math.min(MOST, Math.max(share, asGood)))
        }
      }
    }
    for (const b of met) {
      if (evidence[b]! >= LEAST_EVIDENCE) {
        apart[a]!.set(b, evidence[b]!)
        apart[b]!.set(a, evidence[b]!)
      }
      isMet[b] = 0
      evidence[b] = 0
    }
  }
  return apart
}

/** What speaks against giving a worker an item that these have answered: the sum of the evidence, 0 among strangers. */
export function harmOf(apart: Apart, worker: number, answered: Iterable<number>): number {
  const avoided = apart[worker]
  if (avoided === undefined || avoided.size === 0) return 0
  let harm = 0
  for (const other of answered) harm += avoided.get(other) ?? 0
  return harm
}

/** Per worker the share of right answers, as far as known and others' answers tell. */
function rightShares({ workers, worker }: LabelTable, others: Float64Array): Float64Array {
  const seen = new Float64Array(workers)
  const right = new Float64Array(workers)
  let all = 0
  for (let i = 0; i < others.length; i++) {
    seen[worker[i]!]!++
    right[worker[i]!]! += others[i]!
    all += others[i]!
  }
  const usual = all / Math.max(1, others.length)
  return right.map((sum, w) => (sum + IMAGINED_ANSWERS * usual) / (seen[w]! + IMAGINED_ANSWERS))
}

/** Labels per item and class, row by row. */
function votesOf({ items, classes, item, label }: LabelTable): Int32Array {
  const votes = new Int32Array(items * classes)
  for (let i = 0; i < label.length; i++) votes[item[i]! * classes + label[i]!]!++
  return votes
}

/** How often two answers to one item are the same, each answer counting once. */
function usualMatch({ classes, start, items }: LabelTable, votes: Int32Array): number {
  let [matches, answers] = [0.5, 1]
  for (let t = 0; t < items; t++) {
    const count = start[t + 1]! - start[t]!
    if (count < 2) continue
    answers += count
    for (let k = 0; k < classes; k++) {
      const same = votes[t * classes + k]!
      matches += (same * (same - 1)) / (count - 1)
    }
  }
  return matches / answers
}

function labelsByWorker(workers: number, worker: Int32Array): number[][] {
  const own: number[][] = Array.from({ length: workers }, () => [])
  for (let i = 0; i < worker.length; i++) own[worker[i]!]!.push(i)
  return own
}
