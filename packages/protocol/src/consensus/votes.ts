import type { Address, Hex } from '../bytes/hex.ts'
import { compareCodePoints, sortByCodePoints } from '../bytes/order.ts'
import { labelReader, labelsOf } from '../labeling/labels.ts'
import type { WorkRecord } from '../records/work-record.ts'
import type { Spec } from '../spec/spec.ts'
import { type LabelTable, labelTable } from './classification/label-table.ts'

/** Counting records that name a label, as numbers, in an order that does not depend on how they came in. */
export interface Votes {
  /** Items, workers and labels by their index in `table`. */
  items: readonly Hex[]
  workers: readonly Address[]
  labels: readonly string[]
  /** By item, then worker, then seq. A worker who both answered and reviewed an item has two labels. */
  table: LabelTable
  /** The record of each label of `table`. */
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
  const voting: WorkRecord[] = []
  const found: { item: number; worker: number; label: number }[] = []
  for (const record of counting) {
    const text = readLabel(record)
    const label = text === null ? undefined : labelIndex.get(text)
    if (label === undefined) continue
    found.push({ item: itemIndex.get(record.item)!, worker: workerIndex.get(record.account)!, label })
    voting.push(record)
  }
  const table = labelTable(
    {
      items: items.length,
      workers: workers.length,
      classes: labels.length,
      item: Int32Array.from(found, ({ item }) => item),
      worker: Int32Array.from(found, ({ worker }) => worker),
      label: Int32Array.from(found, ({ label }) => label),
    },
    'count',
  )
  return { labels, items, workers, table, records: voting }
}
