import type { Classifier } from './classification.ts'

/**
 * Majority vote with Laplace's rule of succession: P(label) = (votes + 1) / (all votes + labels).
 * A tie is a tie: equal counts have equal probability.
 */
export const majority: Classifier = ({ labels, items, votes }, known) => {
  const width = labels.length
  const counts = new Float64Array(items.length * width)
  const totals = new Float64Array(items.length)
  for (const { item, label } of votes) {
    counts[item * width + label]!++
    totals[item]!++
  }
  const share = (item: number, leaveOut: number): Float64Array => {
    const row = new Float64Array(width)
    const left = leaveOut < 0 ? 0 : 1
    for (let label = 0; label < width; label++) {
      const count = counts[item * width + label]! - (label === leaveOut ? 1 : 0)
      row[label] = (count + 1) / (totals[item]! - left + width)
    }
    return row
  }
  const posterior = new Float64Array(items.length * width)
  for (let item = 0; item < items.length; item++) {
    if (known[item]! >= 0) posterior[item * width + known[item]!] = 1
    else posterior.set(share(item, -1), item * width)
  }
  return {
    posterior,
    withoutVote(index) {
      const { item, label } = votes[index]!
      return share(item, label)
    },
  }
}
