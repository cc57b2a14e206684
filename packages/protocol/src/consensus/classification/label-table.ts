import { TaggerError } from '../../errors.ts'

/** The labels of a crowd as a structure of arrays, sorted by item, then worker; at most one label per worker and item. */
export interface LabelTable {
  readonly items: number
  readonly workers: number
  readonly classes: number
  /** Of label i: its item, worker and class index. */
  readonly item: Int32Array
  readonly worker: Int32Array
  readonly label: Int32Array
  /** Labels of item t are start[t] up to start[t + 1]. Length items + 1. */
  readonly start: Int32Array
}

/** Class probabilities. */
export interface Classification {
  /** items × classes row by row. */
  posterior: Float64Array
  /**
   * Of label `index` the class probabilities of its item with the label's own likelihood removed. A caller who asks for
   * very many may lend an array for the answer, of the length of the classes; it need not be taken.
   */
  withoutLabel(index: number, lent?: Float64Array): Float64Array
}

/** known: class index per item, or −1. */
export type Classifier = (table: LabelTable, known: Int32Array) => Classification

/** Labels in the order they were given: of label i its item, worker and class index, and how many of each there are. */
export type UnsortedLabels = Omit<LabelTable, 'start'>

/**
 * Sorts labels by item and worker in linear time; of several labels of a worker for one item the last given counts.
 * `repeats: 'count'` keeps them all as readings of their own, as in Dawid and Skene (1979).
 * Throws `bad-document` where the arrays differ in length or an index is out of range.
 */
export function labelTable(labels: UnsortedLabels, repeats: 'last' | 'count' = 'last'): LabelTable {
  checkIndices(labels)
  const { items, workers, classes } = labels
  const byWorker = sortedBy(labels.worker, workers, null)
  const order = sortedBy(labels.item, items, byWorker)
  const count = repeats === 'last' ? keepLast(labels, order) : order.length
  const item = new Int32Array(count)
  const worker = new Int32Array(count)
  const label = new Int32Array(count)
  const start = new Int32Array(items + 1)
  for (let i = 0; i < count; i++) {
    const from = order[i]!
    item[i] = labels.item[from]!
    worker[i] = labels.worker[from]!
    label[i] = labels.label[from]!
    start[item[i]! + 1]!++
  }
  for (let t = 0; t < items; t++) start[t + 1]! += start[t]!
  return { items, workers, classes, item, worker, label, start }
}

function checkIndices({ items, workers, classes, item, worker, label }: UnsortedLabels): void {
  const count = item.length
  let inRange = worker.length === count && label.length === count
  for (let i = 0; i < count && inRange; i++) {
    inRange =
      item[i]! >= 0 &&
      item[i]! < items &&
      worker[i]! >= 0 &&
      worker[i]! < workers &&
      label[i]! >= 0 &&
      label[i]! < classes
  }
  if (inRange) return
  throw new TaggerError(
    'bad-document',
    'Labels need an item, a worker and a class each, all below the number stated of them',
    { data: { items, workers, classes, labels: count } },
  )
}

/** A stable counting sort: the places of `order` (all places where null) by their key. */
function sortedBy(keys: Int32Array, size: number, order: Int32Array | null): Int32Array {
  const next = new Int32Array(size + 1)
  for (let i = 0; i < keys.length; i++) next[keys[i]! + 1]!++
  for (let key = 0; key < size; key++) next[key + 1]! += next[key]!
  const sorted = new Int32Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const from = order === null ? i : order[i]!
    sorted[next[keys[from]!]!++] = from
  }
  return sorted
}

/** Moves the last label of every worker and item to the front of `order`; returns how many there are. */
function keepLast({ item, worker }: UnsortedLabels, order: Int32Array): number {
  let count = 0
  for (let i = 0; i < order.length; i++) {
    const from = order[i]!
    const next = order[i + 1]
    const isRepeated = next !== undefined && item[next] === item[from] && worker[next] === worker[from]
    if (!isRepeated) order[count++] = from
  }
  return count
}
