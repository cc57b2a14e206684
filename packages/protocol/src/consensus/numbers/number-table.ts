import { compareCodePoints, sortByCodePoints } from '../../bytes/order.ts'
import { TaggerError } from '../../errors.ts'

/** One worker's number for one item, by name. */
export interface NumberLabel {
  item: string
  worker: string
  value: number
}

/** The numbers of a crowd as a structure of arrays, sorted by item, then worker; one number per worker and item. */
export interface NumberTable {
  readonly items: readonly string[]
  readonly workers: readonly string[]
  /** Of label i: its item and worker by index, and its value. */
  readonly item: Int32Array
  readonly worker: Int32Array
  readonly value: Float64Array
  /** Labels of item t are start[t] up to start[t + 1]. */
  readonly start: Int32Array
}

/** Beyond this, squares of differences lose all meaning in a double. */
const LARGEST = 1e15

/**
 * Labels in any order to a table whose order depends on nothing but them. Throws `answer-invalid` for a number that is
 * not finite or beyond ±10¹⁵, and for a second label of one worker on one item (the caller knows which one counts).
 */
export function numberTable(labels: readonly NumberLabel[]): NumberTable {
  const items = [...new Set(sortByCodePoints(labels, (label) => label.item).map(({ item }) => item))]
  const workers = [...new Set(sortByCodePoints(labels, (label) => label.worker).map(({ worker }) => worker))]
  const itemIndex = new Map(items.map((name, index) => [name, index]))
  const workerIndex = new Map(workers.map((name, index) => [name, index]))
  const sorted = [...labels].sort(
    (a, b) => compareCodePoints(a.item, b.item) || compareCodePoints(a.worker, b.worker),
  )
  const item = new Int32Array(labels.length)
  const worker = new Int32Array(labels.length)
  const value = new Float64Array(labels.length)
  const start = new Int32Array(items.length + 1)
  sorted.forEach((label, i) => {
    item[i] = itemIndex.get(label.item)!
    worker[i] = workerIndex.get(label.worker)!
    value[i] = checkNumber(label)
    if (i > 0 && item[i] === item[i - 1] && worker[i] === worker[i - 1])
      throw new TaggerError(
        'answer-invalid',
        `worker ${label.worker} has two numbers for item ${label.item}`,
        {
          hints: ['Pass only the record that counts: the last one of a worker for an item.'],
        },
      )
    start[item[i]! + 1] = i + 1
  })
  return { items, workers, item, worker, value, start }
}

function checkNumber({ item, worker, value }: NumberLabel): number {
  if (!(Math.abs(value) <= LARGEST))
    throw new TaggerError(
      'answer-invalid',
      `${value} of worker ${worker} for item ${item} is not a usable number`,
      {
        hints: ['Numbers are finite and within ±10¹⁵.'],
      },
    )
  return value
}
