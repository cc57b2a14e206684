import type { Address, Hex } from '../bytes/hex.ts'
import { sortByCodePoints } from '../bytes/order.ts'
import { labelReader, labelsOf } from '../labeling/labels.ts'
import type { SettledRecord } from '../records/work-record.ts'
import type { Spec } from '../spec/spec.ts'
import { type LabelTable, labelTable } from './classification/label-table.ts'

/** The records that count: of each worker, item and kind the last. Sorted by item, account, seq. */
export function countingRecords(records: readonly SettledRecord[]): SettledRecord[] {
  const item = ranksOf(records.map((record) => record.item))
  const worker = ranksOf(records.map((record) => record.account))
  const order = Int32Array.from(records.keys())
  order.sort((a, b) => item[a]! - item[b]! || worker[a]! - worker[b]! || records[a]!.seq - records[b]!.seq)
  const counting: SettledRecord[] = []
  order.forEach((place, at) => {
    const record = records[place]!
    for (let next = at + 1; next < order.length; next++) {
      const later = records[order[next]!]!
      if (item[order[next]!] !== item[place] || worker[order[next]!] !== worker[place]) break
      if (later.kind === record.kind) return
    }
    counting.push(record)
  })
  return counting
}

/**
 * Votes of items that are settled, in columns: all that later fits need of records of which a campaign may have
 * millions. Of vote i, `item`, `worker` and `label` are places in `items`, `workers` and the spec's labels.
 */
export interface SettledVotes {
  /** Every item settled so far, voted on or not. */
  readonly items: readonly Hex[]
  readonly workers: readonly Address[]
  readonly item: Int32Array
  readonly worker: Int32Array
  readonly label: Int32Array
}

export const NO_VOTES: SettledVotes = {
  items: [],
  workers: [],
  item: new Int32Array(),
  worker: new Int32Array(),
  label: new Int32Array(),
}

/** Counting records that name a label, as numbers, in an order that does not depend on how they came in. */
export interface Votes {
  /** Items, workers and labels by their index in `table`. */
  items: readonly Hex[]
  workers: readonly Address[]
  labels: readonly string[]
  /** By item, then worker, then seq. A worker who both answered and reviewed an item has two labels. */
  table: LabelTable
  /** Of each counting record its item, and its label in `table` or −1. */
  itemOf: Int32Array
  labelOf: Int32Array
  /** The same votes, for fits over these and later items. */
  settled: SettledVotes
}

/** Votes settled before and those among counting records (see {@link countingRecords}) of items not settled yet. */
export function votesOf(spec: Spec, before: SettledVotes, counting: readonly SettledRecord[]): Votes {
  const { columns, isVote } = columnsOf(before, spec, counting)
  const labels = labelsOf(spec)
  const [items, itemRank] = ranked(columns.items)
  const [workers, workerRank] = ranked(columns.workers)
  const table = labelTable(
    {
      items: items.length,
      workers: workers.length,
      classes: labels.length,
      item: columns.item.map((item) => itemRank[item]!),
      worker: columns.worker.map((worker) => workerRank[worker]!),
      label: columns.label,
    },
    'count',
  )
  // Counting records stand in the order of the table, and no item of theirs has other votes.
  const index = new Map(columns.items.slice(before.items.length).map((item, i) => [item, i]))
  const itemOf = new Int32Array(counting.length)
  const labelOf = new Int32Array(counting.length).fill(-1)
  let place = 0
  counting.forEach(({ item }, i) => {
    const at = itemRank[before.items.length + index.get(item)!]!
    if (i === 0 || at !== itemOf[i - 1]) place = table.start[at]!
    itemOf[i] = at
    if (isVote[i] === 1) labelOf[i] = place++
  })
  return { labels, items, workers, table, itemOf, labelOf, settled: columns }
}

function columnsOf(
  before: SettledVotes,
  spec: Spec,
  counting: readonly SettledRecord[],
): { columns: SettledVotes; isVote: Uint8Array } {
  const labelIndex = new Map(labelsOf(spec).map((label, index) => [label, index]))
  const readLabel = labelReader(spec)
  const items = new Places(before.items)
  const workers = new Places(before.workers)
  const isVote = new Uint8Array(counting.length)
  const known = before.item.length
  const item = grown(before.item, counting.length)
  const worker = grown(before.worker, counting.length)
  const label = grown(before.label, counting.length)
  let count = known
  counting.forEach((record, i) => {
    const at = items.of(record.item)
    const by = workers.of(record.account)
    const text = readLabel(record)
    const chosen = text === null ? undefined : labelIndex.get(text)
    if (chosen === undefined) return
    isVote[i] = 1
    item[count] = at
    worker[count] = by
    label[count++] = chosen
  })
  const columns = {
    items: items.names,
    workers: workers.names,
    item: item.subarray(0, count),
    worker: worker.subarray(0, count),
    label: label.subarray(0, count),
  }
  return { columns, isVote }
}

/** Numbers names in the order they come, after those already numbered. */
class Places<Name extends string> {
  readonly names: Name[]
  readonly #places: Map<Name, number>

  constructor(names: readonly Name[]) {
    this.names = [...names]
    this.#places = new Map(names.map((name, place) => [name, place]))
  }

  of(name: Name): number {
    const known = this.#places.get(name)
    if (known !== undefined) return known
    this.#places.set(name, this.names.length)
    return this.names.push(name) - 1
  }
}

function grown(column: Int32Array, by: number): Int32Array {
  const longer = new Int32Array(column.length + by)
  longer.set(column)
  return longer
}

/** Of each name its place among the different ones in code-point order. */
function ranksOf(names: readonly string[]): Int32Array {
  const places = new Places<string>([])
  const placeOf = Int32Array.from(names, (name) => places.of(name))
  const [, rank] = ranked(places.names)
  return placeOf.map((place) => rank[place]!)
}

/** Names in code-point order, and the place there of each name as given. */
function ranked<Name extends string>(names: readonly Name[]): [Name[], Int32Array] {
  const order = sortByCodePoints(names.keys(), (place) => names[place]!)
  const rank = new Int32Array(names.length)
  order.forEach((place, at) => {
    rank[place] = at
  })
  return [order.map((place) => names[place]!), rank]
}
