import type { Address, Hex } from '../bytes/hex.ts'
import { compareCodePoints, sortByCodePoints } from '../bytes/order.ts'
import { labelReader, labelsOf } from '../labeling/labels.ts'
import type { WorkRecord } from '../records/work-record.ts'
import type { Spec } from '../spec/spec.ts'

/** One counting record that names a label; `worker`, `item` and `label` are indices into the lists of {@link Votes}. */
export interface Vote {
  item: number
  worker: number
  label: number
}

/** Counting records as numbers, in an order that does not depend on how they came in. */
export interface Votes {
  labels: readonly string[]
  items: readonly Hex[]
  workers: readonly Address[]
  /** By item, then worker, then seq. */
  votes: readonly Vote[]
  /** Votes of item i are votes[start[i]] up to votes[start[i + 1]]. */
  start: readonly number[]
  /** The record of each vote. */
  records: readonly WorkRecord[]
}

/** The records that count: of each worker, item and kind the last. Sorted by item, account, seq. */
export function countingRecords(records: readonly WorkRecord[]): WorkRecord[] {
  const last = new Map<string, WorkRecord>()
  for (const record of records) {
    const key = `${record.item}/${record.account}/${record.kind}`
    const other = last.get(key)
    if (other === undefined || other.seq < record.seq) last.set(key, record)
  }
  return [...last.values()].sort(
    (a, b) => compareCodePoints(a.item, b.item) || compareCodePoints(a.account, b.account) || a.seq - b.seq,
  )
}

/** Votes among counting records (see {@link countingRecords}). */
export function votesOf(spec: Spec, counting: readonly WorkRecord[]): Votes {
  const labels = labelsOf(spec)
  const labelIndex = new Map(labels.map((label, index) => [label, index]))
  const readLabel = labelReader(spec)
  const items = sortByCodePoints(new Set(counting.map((record) => record.item)), (item) => item)
  const workers = sortByCodePoints(new Set(counting.map((record) => record.account)), (account) => account)
  const itemIndex = new Map(items.map((item, index) => [item, index]))
  const workerIndex = new Map(workers.map((account, index) => [account, index]))
  const votes: Vote[] = []
  const voting: WorkRecord[] = []
  const start = new Array<number>(items.length + 1).fill(0)
  for (const record of counting) {
    const text = readLabel(record)
    const label = text === null ? undefined : labelIndex.get(text)
    if (label === undefined) continue
    const item = itemIndex.get(record.item)!
    votes.push({ item, worker: workerIndex.get(record.account)!, label })
    voting.push(record)
    start[item + 1]!++
  }
  for (let i = 0; i < items.length; i++) start[i + 1]! += start[i]!
  return { labels, items, workers, votes, start, records: voting }
}
