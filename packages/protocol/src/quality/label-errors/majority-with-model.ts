import type { LabelTable } from '../../consensus/classification/label-table.ts'

/**
 * The class most workers gave each item, −1 where nobody labeled it. Ties go to the class the model finds likelier, then
 * to the rarer one, then to the one named by workers who agree more with the untied majorities, then to the lower index.
 * `votes`: labels per item and class, row by row.
 */
export function majorityWithModel(
  table: LabelTable,
  votes: Int32Array,
  probabilities: Float64Array,
): Int32Array {
  const { items, classes, workers, item, worker, label, start } = table
  const named = new Int32Array(classes)
  for (const k of label) named[k]!++
  const consensus = new Int32Array(items).fill(-1)
  const tied = new Map<number, number[]>()
  for (let t = 0; t < items; t++) {
    if (start[t] === start[t + 1]) continue
    const all = Array.from({ length: classes }, (_, k) => k)
    const mostVoted = highest(all, (k) => votes[t * classes + k]!)
    const likeliest = highest(mostVoted, (k) => probabilities[t * classes + k]!)
    const rarest = highest(likeliest, (k) => -named[k]!)
    consensus[t] = rarest[0]!
    if (mostVoted.length > 1) tied.set(t, rarest)
  }
  const open = [...tied].filter(([, candidates]) => candidates.length > 1)
  if (open.length === 0) return consensus

  const [right, given] = [new Float64Array(workers), new Float64Array(workers)]
  for (let i = 0; i < label.length; i++) {
    if (tied.has(item[i]!)) continue
    given[worker[i]!]!++
    if (label[i] === consensus[item[i]!]) right[worker[i]!]!++
  }
  const share = fillWithMean(right, given)
  for (const [t, candidates] of open) {
    const trust = (k: number) => {
      let sum = 0
      for (let i = start[t]!; i < start[t + 1]!; i++) if (label[i] === k) sum += share[worker[i]!]!
      return sum / votes[t * classes + k]!
    }
    consensus[t] = highest(candidates, trust)[0]!
  }
  return consensus
}

function fillWithMean(part: Float64Array, whole: Float64Array): Float64Array {
  let [sum, known] = [0, 0]
  for (let i = 0; i < part.length; i++) {
    if (whole[i] === 0) continue
    sum += part[i]! / whole[i]!
    known++
  }
  return part.map((value, i) => (whole[i] === 0 ? (known === 0 ? 0 : sum / known) : value / whole[i]!))
}

/** The candidates with the highest value. */
function highest(candidates: readonly number[], measure: (candidate: number) => number): number[] {
  let best: number[] = []
  let top = -Infinity
  for (const candidate of candidates) {
    const value = measure(candidate)
    if (value > top) [best, top] = [[], value]
    if (value === top) best.push(candidate)
  }
  return best
}
