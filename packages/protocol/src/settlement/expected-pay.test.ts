import fc from 'fast-check'
import { expect, test } from 'vitest'
import { specWith } from '../../test/simulated-campaign.ts'
import { expectedPay, payForecast } from './expected-pay.ts'

const { reward } = specWith()
const first = specWith()
const second = specWith({ reward: { ...reward, version: 2 } })
const rates = { basePay: 100_000n, floorPay: 5_000n }

test('a review earns its share, never below the floor', () => {
  expect(expectedPay(rates, first, 'annotation')).toBe(100_000n)
  expect(expectedPay(rates, first, 'review')).toBe(50_000n)
  expect(expectedPay({ ...rates, floorPay: 90_000n }, first, 'review')).toBe(90_000n)
})

test('by the second rule nobody is promised full quality before work', () => {
  // 0.7 is two thirds of the way from 0.3 to 0.9.
  expect(expectedPay(rates, second, 'annotation')).toBe(5_000n + (95_000n * 666_666n) / 1_000_000n)
  expect(expectedPay(rates, second, 'annotation', 900_000)).toBe(100_000n)
  expect(expectedPay(rates, second, 'submission')).toBe(100_000n)
})

test('what is expected lies in the range and rises with one’s own quality', () => {
  const quality = fc.integer({ min: 0, max: 1_000_000 })
  const kind = fc.constantFrom('annotation' as const, 'review' as const)
  fc.assert(
    fc.property(quality, quality, kind, fc.bigInt(0n, 100_000n), (q1, q2, of, floorPay) => {
      const forecast = (own: number) => payForecast({ ...rates, floorPay }, second, of, own)
      const [low, high] = [forecast(Math.min(q1, q2)), forecast(Math.max(q1, q2))]
      expect(low.expected <= high.expected).toBe(true)
      expect(low.least <= low.expected && high.expected <= high.most).toBe(true)
    }),
  )
})
