import type { LabelTable } from '../../consensus/classification/label-table.ts'
import { responseOf } from './response.ts'

/** A label table and what every detector reads from it. */
export interface Crowd {
  readonly table: LabelTable
  /** Labels per item and class, row by row. */
  readonly votes: Int32Array
  /** Labels of worker w are byWorker[workerStart[w]] up to byWorker[workerStart[w + 1]], in the order given. */
  readonly byWorker: Int32Array
  readonly workerStart: Int32Array
  /** Per label how far the others' labels of its item back it, from 0 to 1, others counted by their response. */
  readonly support: Float64Array
  /** Per worker how far its answers follow the others', from 0 to 1; 0 without labels. */
  readonly responses: Float64Array
}

/** `order`: per label of the table its place in time (any number that grows); by item where none is known. */
export function crowdOf(table: LabelTable, order?: ArrayLike<number>): Crowd {
  const { items, workers, classes, item, label } = table
  const votes = new Int32Array(items * classes)
  for (let i = 0; i < label.length; i++) votes[item[i]! * classes + label[i]!]!++
  const { byWorker, workerStart } = groupByWorker(table, order)
  const responsesFor = (support: Float64Array) =>
    Float64Array.from({ length: workers }, (_, w) =>
      responseOf(table, support, byWorker.subarray(workerStart[w], workerStart[w + 1])),
    )
  // Once with all workers alike, to learn how much each is worth to the others.
  const alike = responsesFor(supportOf(table, new Float64Array(workers).fill(1)))
  const support = supportOf(table, relativeTo(alike, workerStart))
  return { table, votes, byWorker, workerStart, support, responses: responsesFor(support) }
}

/** Labels of a worker in time order. */
export function labelsOf({ byWorker, workerStart }: Crowd, worker: number): Int32Array {
  return byWorker.subarray(workerStart[worker], workerStart[worker + 1])
}

/** The response of the worker in the middle, each counting by its labels. */
export function middleResponse({ workerStart, table, responses }: Crowd): number {
  const sorted = Array.from(responses, (_, w) => w).sort((a, b) => responses[a]! - responses[b]! || a - b)
  let seen = 0
  for (const w of sorted) {
    seen += workerStart[w + 1]! - workerStart[w]!
    if (2 * seen >= table.label.length) return responses[w]!
  }
  return 0
}

function groupByWorker({ workers, worker }: LabelTable, order: ArrayLike<number> | undefined) {
  const workerStart = new Int32Array(workers + 1)
  for (const w of worker) workerStart[w + 1]!++
  for (let w = 0; w < workers; w++) workerStart[w + 1]! += workerStart[w]!
  const next = workerStart.slice()
  const byWorker = new Int32Array(worker.length)
  for (let i = 0; i < worker.length; i++) byWorker[next[worker[i]!]!++] = i
  if (order !== undefined) {
    for (let w = 0; w < workers; w++) {
      byWorker.subarray(workerStart[w], workerStart[w + 1]).sort((a, b) => order[a]! - order[b]! || a - b)
    }
  }
  return { byWorker, workerStart }
}

/**
 * Per label the share of its class among the others' labels of the item, each counted by its worker's weight, with one
 * more vote spread by how common the classes are.
 */
function supportOf(table: LabelTable, weights: Float64Array): Float64Array {
  const { items, classes, worker, label, start } = table
  const common = new Float64Array(classes)
  for (const k of label) common[k]! += 1 / label.length
  const support = new Float64Array(label.length)
  const votes = new Float64Array(classes)
  for (let t = 0; t < items; t++) {
    votes.fill(0)
    let all = 0
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      votes[label[i]!]! += weights[worker[i]!]!
      all += weights[worker[i]!]!
    }
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      const own = weights[worker[i]!]!
      // Taking the own weight off again may leave less than nothing, by rounding.
      const others = Math.max(0, votes[label[i]!]! - own)
      support[i] = (others + common[label[i]!]!) / (Math.max(0, all - own) + 1)
    }
  }
  return support
}

/** Responses divided by their mean over all labels. */
function relativeTo(responses: Float64Array, workerStart: Int32Array): Float64Array {
  let [sum, labels] = [0, 0]
  for (let w = 0; w < responses.length; w++) {
    const count = workerStart[w + 1]! - workerStart[w]!
    sum += count * responses[w]!
    labels += count
  }
  return responses.map((response) => (sum === 0 ? 1 : (response * labels) / sum))
}
