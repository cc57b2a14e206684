import type { Classification, LabelTable } from './label-table.ts'

/**
 * Votes weighted by how often a worker agrees with the majority, a tie counting by its share (crowd-kit's Wawa with
 * ties, one agreement and one disagreement imagined); with a known answer instead of the majority where there is one.
 */
export function agreementVote(table: LabelTable, known: Int32Array): Classification {
  const { items, classes, worker, label, start } = table
  const weight = agreements(table, known)
  const share = (t: number, leaveOut: number, row: Float64Array): Float64Array => {
    let total = 0
    row.fill(0)
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      if (i === leaveOut) continue
      row[label[i]!]! += weight[worker[i]!]!
      total += weight[worker[i]!]!
    }
    for (let k = 0; k < classes; k++) row[k] = total > 0 ? row[k]! / total : 1 / classes
    return row
  }
  const posterior = new Float64Array(items * classes)
  for (let t = 0; t < items; t++) {
    if (known[t]! >= 0) posterior[t * classes + known[t]!] = 1
    else share(t, -1, posterior.subarray(t * classes, (t + 1) * classes))
  }
  return {
    posterior,
    withoutLabel: (index, lent = new Float64Array(classes)) => share(table.item[index]!, index, lent),
  }
}

/** Per worker (agreements + 1) / (labels + 2). */
function agreements(
  { items, workers, classes, worker, label, start }: LabelTable,
  known: Int32Array,
): Float64Array {
  const agreed = new Float64Array(workers).fill(1)
  const labels = new Float64Array(workers).fill(2)
  const votes = new Int32Array(classes)
  for (let t = 0; t < items; t++) {
    votes.fill(0)
    for (let i = start[t]!; i < start[t + 1]!; i++) votes[label[i]!]!++
    if (known[t]! >= 0) {
      votes.fill(0)
      votes[known[t]!] = 1
    }
    let most = 0
    let leaders = 0
    for (let k = 0; k < classes; k++) {
      if (votes[k]! > most) {
        most = votes[k]!
        leaders = 1
      } else if (votes[k] === most) leaders++
    }
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      labels[worker[i]!]!++
      if (votes[label[i]!] === most) agreed[worker[i]!]! += 1 / leaders
    }
  }
  for (let w = 0; w < workers; w++) agreed[w]! /= labels[w]!
  return agreed
}
