/**
 * P(at least `count` of independent events happen), events of the given probabilities: the upper tail of the
 * Poisson-binomial distribution, by adding one event after the other. Time: events × count.
 */
export function tailOfSum(probabilities: readonly number[], count: number): number {
  if (count <= 0) return 1
  // below[k] = P(exactly k so far); what reaches `count` leaves for good, so nothing cancels.
  const below = new Float64Array(count)
  below[0] = 1
  let reached = 0
  for (const p of probabilities) {
    reached += below[count - 1]! * p
    for (let k = count - 1; k > 0; k--) below[k] = below[k]! * (1 - p) + below[k - 1]! * p
    below[0]! *= 1 - p
  }
  return Math.min(1, reached)
}
