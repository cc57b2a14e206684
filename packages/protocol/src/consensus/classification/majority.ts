import type { Classifier } from './label-table.ts'

/**
 * Majority vote with Laplace's rule of succession: P(class) = (votes + 1) / (all votes + classes).
 * A tie is a tie: equal counts have equal probability.
 */
export const majority: Classifier = ({ classes, items, item, label, start }, known) => {
  const posterior = new Float64Array(items * classes)
  const counts = new Float64Array(classes)
  for (let t = 0; t < items; t++) {
    const row = t * classes
    if (known[t]! >= 0) {
      posterior[row + known[t]!] = 1
      continue
    }
    counts.fill(0)
    for (let i = start[t]!; i < start[t + 1]!; i++) counts[label[i]!]!++
    const total = start[t + 1]! - start[t]! + classes
    for (let k = 0; k < classes; k++) posterior[row + k] = (counts[k]! + 1) / total
  }
  return {
    posterior,
    withoutLabel(index) {
      const t = item[index]!
      const row = new Float64Array(classes)
      for (let i = start[t]!; i < start[t + 1]!; i++) if (i !== index) row[label[i]!]!++
      const total = start[t + 1]! - start[t]! - 1 + classes
      for (let k = 0; k < classes; k++) row[k] = (row[k]! + 1) / total
      return row
    },
  }
}
