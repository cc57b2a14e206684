import { compareCodePoints, sortByCodePoints } from '../bytes/order.ts'
import { TaggerError } from '../errors.ts'

/** One worker's answer to one item, by name. */
export interface NamedAnswer<T> {
  item: string
  worker: string
  answer: T
}

/** The answers of a crowd as parallel lists, sorted by item, then worker; one answer per worker and item. */
export interface AnswerTable<T> {
  readonly items: readonly string[]
  readonly workers: readonly string[]
  /** Of answer i: its item and worker by index, and what it says. */
  readonly item: Int32Array
  readonly worker: Int32Array
  readonly answer: readonly T[]
  /** Answers of item t are start[t] up to start[t + 1]. */
  readonly start: Int32Array
}

/**
 * Answers in any order to a table whose order depends on nothing but them. Throws `answer-invalid` for a second answer
 * of one worker to one item (the caller knows which one counts).
 */
export function answerTable<T>(answers: readonly NamedAnswer<T>[]): AnswerTable<T> {
  const items = sortByCodePoints(new Set(answers.map((answer) => answer.item)), (name) => name)
  const workers = sortByCodePoints(new Set(answers.map((answer) => answer.worker)), (name) => name)
  const itemIndex = new Map(items.map((name, index) => [name, index]))
  const workerIndex = new Map(workers.map((name, index) => [name, index]))
  const sorted = [...answers].sort(
    (a, b) => compareCodePoints(a.item, b.item) || compareCodePoints(a.worker, b.worker),
  )
  const item = Int32Array.from(sorted, (answer) => itemIndex.get(answer.item)!)
  const worker = Int32Array.from(sorted, (answer) => workerIndex.get(answer.worker)!)
  const start = new Int32Array(items.length + 1)
  for (let i = 0; i < sorted.length; i++) {
    start[item[i]! + 1] = i + 1
    if (i > 0 && item[i] === item[i - 1] && worker[i] === worker[i - 1])
      throw new TaggerError(
        'answer-invalid',
        `worker ${sorted[i]!.worker} answers item ${sorted[i]!.item} twice`,
        {
          hints: ['Pass only the record that counts: the last one of a worker for an item.'],
        },
      )
  }
  return { items, workers, item, worker, answer: sorted.map(({ answer }) => answer), start }
}
