import { expect, test } from 'vitest'
import { gaussian, seededRandom } from '../../../test/seeded.ts'
import { carefulHand, type Hands } from './hands.ts'

/** 30 hands, half of them careful; `wide`: how far out a hand draws per unit of its deviation. */
function hands(seed: number, wide: number): Hands {
  const random = seededRandom(seed)
  const deviation = Float64Array.from({ length: 30 }, (_, j) => (j % 2 === 0 ? 0.4 : 1.4))
  const raw = deviation.map((size) => wide * size + 0.2 * size * gaussian(random))
  const middle = raw.reduce((a, b) => a + b, 0) / raw.length
  return {
    bias: raw.map((value) => value - middle),
    variance: deviation.map((size) => (size * size) / 40),
    deviation,
  }
}

test('where careless hands draw wide, the side moves to where careful hands have it', () => {
  const [left, right] = carefulHand([hands(1, -0.8), hands(2, 0.8)]) as [number, number]
  // The middle deviation is 0.9, the least 0.4: half a unit of it, 0.8 of a unit each.
  expect(left).toBeCloseTo(0.4, 1)
  expect(right).toBeCloseTo(-0.4, 1)
})

test('where carelessness leads nowhere, the middle of the crowd stays', () => {
  for (const seed of [1, 2, 3, 4, 5])
    for (const shift of carefulHand([hands(seed, 0), hands(seed + 10, 0)]))
      expect(Math.abs(shift)).toBeLessThan(0.06)
})

test('hands all alike, one hand, and hands nothing is known of say nothing', () => {
  const same = { ...hands(1, 0), deviation: new Float64Array(30).fill(1) }
  expect(Math.abs(carefulHand([same])[0]!)).toBeLessThan(0.06)
  const one = { bias: Float64Array.of(3), variance: Float64Array.of(1), deviation: Float64Array.of(1) }
  expect(carefulHand([one])).toEqual([0])
  const unknown = hands(1, -0.8)
  expect(carefulHand([{ ...unknown, variance: unknown.variance.map(() => Infinity) }])).toEqual([0])
})
