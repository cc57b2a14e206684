import type { Classification, Classifier, LabelTable } from './label-table.ts'

const ZBS_ITERATIONS = 100
/** Skills follow agreement at once for the first iterations, then by half, a quarter and so on. */
const ZBS_HALVED_EVERY = 20
const ZBS_SETTLED = 1e-9
/** Above chance by a hair, so that the first vote is the majority's. */
const ZBS_START = 1e-5

/**
 * Worker agreement with aggregate (as in crowd-kit): a vote in which everybody weighs as much as they agree with the
 * majority. A tied majority agrees with each of its classes by its share.
 */
export const wawa: Classifier = (table, known) => {
  const skills = new Float64Array(table.workers).fill(1)
  return vote(table, known, agreement(table, known, skills, skills))
}

/**
 * Zero-based skill (as in crowd-kit): weights and weighted vote follow each other until they agree, with steps that
 * shrink so that they end.
 */
export const zeroBasedSkill: Classifier = (table, known) => {
  let skills: Float64Array = new Float64Array(table.workers).fill(1 / table.classes + ZBS_START)
  let step = 1
  for (let iteration = 1; iteration <= ZBS_ITERATIONS; iteration++) {
    if (iteration % ZBS_HALVED_EVERY === 0) step /= 2
    const agreed = agreement(table, known, skills, skills)
    let largest = 0
    const next = skills.slice()
    for (let w = 0; w < next.length; w++) {
      next[w]! += step * (agreed[w]! - skills[w]!)
      largest = Math.max(largest, Math.abs(next[w]! - skills[w]!))
    }
    skills = next
    if (largest < ZBS_SETTLED) break
  }
  return vote(table, known, skills)
}

/** Weighted shares with one imagined vote of full weight per class, as in majority. */
function vote(table: LabelTable, known: Int32Array, weights: Float64Array): Classification {
  const { items, classes, item } = table
  const posterior = new Float64Array(items * classes)
  const shares = (t: number, leaveOut: number): Float64Array => {
    const row = new Float64Array(classes).fill(1)
    sumWeights(table, weights, t, leaveOut, row)
    let total = 0
    for (let k = 0; k < classes; k++) total += row[k]!
    for (let k = 0; k < classes; k++) row[k]! /= total
    return row
  }
  for (let t = 0; t < items; t++) {
    if (known[t]! >= 0) posterior[t * classes + known[t]!] = 1
    else posterior.set(shares(t, -1), t * classes)
  }
  return { posterior, withoutLabel: (index) => shares(item[index]!, index) }
}

/** Of each worker the share of labels that are the weighted vote's; `otherwise` for who has no label. */
function agreement(
  table: LabelTable,
  known: Int32Array,
  weights: Float64Array,
  otherwise: Float64Array,
): Float64Array {
  const { items, workers, classes, worker, label, start } = table
  const agreed = new Float64Array(workers)
  const labels = new Float64Array(workers)
  const row = new Float64Array(classes)
  for (let t = 0; t < items; t++) {
    row.fill(0)
    if (known[t]! >= 0) row[known[t]!] = 1
    else sumWeights(table, weights, t, -1, row)
    let top = 0
    for (let k = 0; k < classes; k++) top = Math.max(top, row[k]!)
    let tied = 0
    for (let k = 0; k < classes; k++) if (row[k] === top) tied++
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      labels[worker[i]!]!++
      if (row[label[i]!] === top) agreed[worker[i]!]! += 1 / tied
    }
  }
  for (let w = 0; w < workers; w++) agreed[w] = labels[w]! > 0 ? agreed[w]! / labels[w]! : otherwise[w]!
  return agreed
}

function sumWeights(
  { worker, label, start }: LabelTable,
  weights: Float64Array,
  t: number,
  leaveOut: number,
  row: Float64Array,
): void {
  for (let i = start[t]!; i < start[t + 1]!; i++) if (i !== leaveOut) row[label[i]!]! += weights[worker[i]!]!
}
