import { expect, test } from 'vitest'
import { seededRandom } from '../../../test/seeded.ts'
import { bestAssignment } from './assignment.ts'

/** The largest sum over all one-to-one matchings, by trying them all. */
function bestByTrying(gains: Float64Array, rows: number, columns: number, row = 0, used = 0): number {
  if (row === rows) return 0
  let best = bestByTrying(gains, rows, columns, row + 1, used)
  for (let c = 0; c < columns; c++)
    if ((used & (1 << c)) === 0)
      best = Math.max(
        best,
        gains[row * columns + c]! + bestByTrying(gains, rows, columns, row + 1, used | (1 << c)),
      )
  return best
}

test('reaches the best sum on random matrices, without using anything twice', () => {
  const random = seededRandom(1)
  for (let run = 0; run < 300; run++) {
    const rows = Math.floor(random() * 6)
    const columns = Math.floor(random() * 6)
    const gains = Float64Array.from({ length: rows * columns }, () => (random() < 0.4 ? 0 : random()))
    const matched = bestAssignment(gains, rows, columns)
    const used = [...matched].filter((column) => column >= 0)
    expect(new Set(used).size).toBe(used.length)
    let sum = 0
    matched.forEach((column, row) => {
      if (column < 0) return
      expect(gains[row * columns + column]).toBeGreaterThan(0)
      sum += gains[row * columns + column]!
    })
    expect(sum).toBeCloseTo(bestByTrying(gains, rows, columns), 12)
  }
})

test('gives up the best pair for a better whole', () => {
  expect([...bestAssignment(Float64Array.of(0.9, 0.8, 0.8, 0), 2, 2)]).toEqual([1, 0])
})

test('three hundred by three hundred takes no time worth waiting for', () => {
  const random = seededRandom(2)
  const gains = Float64Array.from({ length: 90_000 }, random)
  expect(new Set(bestAssignment(gains, 300, 300)).size).toBe(300)
})
