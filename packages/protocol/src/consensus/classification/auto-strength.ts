import { digammaRise } from '../../math/gamma.ts'

const ROUNDS = 5
const LEAST = 0.5
const MOST = 200

/**
 * The strength s of π ~ Dirichlet(s × expected) that makes the counted labels most probable, by rounds of Minka's fixed
 * point (Estimating a Dirichlet distribution, 2000) from the strength before. Both tables are
 * workers × classes × states; a worker's state is a draw of its own.
 */
export function fitStrength(
  counts: Float64Array,
  expected: Float64Array,
  classes: number,
  states: number,
  before: number,
): number {
  let s = before
  const size = classes * states
  for (let round = 0; round < ROUNDS; round++) {
    let within = 0
    let between = 0
    for (let first = 0; first < counts.length; first += size) {
      for (let y = first; y < first + states; y++) {
        let labels = 0
        for (let at = y; at < first + size; at += states) {
          const count = counts[at]!
          labels += count
          if (count > 1e-9) within += expected[at]! * digammaRise(s * expected[at]!, count)
        }
        if (labels > 1e-6) between += digammaRise(s, labels)
      }
    }
    s = Math.min(MOST, Math.max(LEAST, (s * (within + 1e-3)) / (between + 1e-3)))
  }
  return s
}
