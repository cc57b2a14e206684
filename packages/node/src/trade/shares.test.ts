import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareDown } from './shares.ts'

test('gives what is left of a part, never less than nothing', () => {
  const pool = { received: 1_000n, amount: 1n, payoutsTotal: 3n, claimed: 100n }
  expect(shareDown(pool)).toEqual({ share: 333n, claimable: 233n })
  expect(shareDown({ ...pool, claimed: 400n }).claimable).toBe(0n)
  expect(shareDown({ ...pool, amount: 0n, payoutsTotal: 0n }).share).toBe(0n)
})

test('all parts together never exceed the pool', () => {
  const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 30n }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(amounts, fc.bigInt({ min: 0n, max: 10n ** 30n }), (parts, received) => {
      const payoutsTotal = parts.reduce((sum, amount) => sum + amount, 0n)
      const shares = parts.map((amount) => shareDown({ received, amount, payoutsTotal, claimed: 0n }).share)
      expect(shares.reduce((sum, share) => sum + share, 0n) <= received).toBe(true)
    }),
  )
})
