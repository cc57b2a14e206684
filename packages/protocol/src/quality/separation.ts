import type { LabelTable } from '../consensus/classification/label-table.ts'

/** Standard deviations of agreement beyond the expected from which two workers are kept apart. */
const EXCESS = 3
/** Known answers of the crowd's accuracy imagined of every worker. */
const IMAGINED_KNOWN = 4

/**
 * Pairs of workers to keep off each other's items from now on: they agree more often than people as often right as they
 * are on known items would (a × b, and whenever both are wrong). A ring that shares its answers, found out or made up, is
 * among them after a dozen shared items, and then has nothing to share; an honest pair hardly ever is, and loses nothing.
 * Only schedules, and is no accusation: those are `findSuspicion`. Per worker the workers to avoid; none without known
 * items (`known`: class index per item, or −1). Time: pairs of labels of one item.
 */
export function pairsToSeparate(table: LabelTable, known: Int32Array): Set<number>[] {
  const { workers, worker, item, label, start } = table
  const apart = Array.from({ length: workers }, () => new Set<number>())
  const right = rightShares(table, known)
  const ofWorker = labelsByWorker(workers, worker)
  const shared = new Int32Array(workers)
  const agreed = new Int32Array(workers)
  for (let a = 0; a < workers; a++) {
    const met: number[] = []
    for (const i of ofWorker[a]!) {
      for (let j = start[item[i]!]!; j < start[item[i]! + 1]!; j++) {
        const b = worker[j]!
        if (b <= a) continue
        if (shared[b] === 0) met.push(b)
        shared[b]!++
        if (label[j] === label[i]) agreed[b]!++
      }
    }
    for (const b of met) {
      const [both, n] = [right[a]! * right[b]! + (1 - right[a]!) * (1 - right[b]!), shared[b]!]
      if (agreed[b]! - n * both > EXCESS * Math.sqrt(n * both * (1 - both))) {
        apart[a]!.add(b)
        apart[b]!.add(a)
      }
      shared[b] = 0
      agreed[b] = 0
    }
  }
  return apart
}

/** Per worker the share of right answers to known items, between 0 and 1. */
function rightShares({ workers, item, worker, label }: LabelTable, known: Int32Array): Float64Array {
  const seen = new Int32Array(workers)
  const right = new Int32Array(workers)
  let [allSeen, allRight] = [1, 0.5]
  for (let i = 0; i < label.length; i++) {
    const k = known[item[i]!]!
    if (k < 0) continue
    seen[worker[i]!]!++
    allSeen++
    if (k !== label[i]) continue
    right[worker[i]!]!++
    allRight++
  }
  return Float64Array.from(
    seen,
    (count, w) => (right[w]! + (IMAGINED_KNOWN * allRight) / allSeen) / (count + IMAGINED_KNOWN),
  )
}

function labelsByWorker(workers: number, worker: Int32Array): number[][] {
  const own: number[][] = Array.from({ length: workers }, () => [])
  for (let i = 0; i < worker.length; i++) own[worker[i]!]!.push(i)
  return own
}
