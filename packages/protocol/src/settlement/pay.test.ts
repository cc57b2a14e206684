import fc from 'fast-check'
import { expect, test } from 'vitest'
import { specWith } from '../../test/simulated-campaign.ts'
import { costOf, reserveOf } from './funds.ts'
import { curveAt, payOf, payoutsOf, topPay } from './pay.ts'

const spec = specWith({ review: { reviews: 2 } })
const rates = { basePay: 100_000n, floorPay: 10_000n }
const share = fc.integer({ min: 0, max: 1_000_000 })
const difficulty = fc.integer({ min: 1_000_000, max: 1_500_000 })

test('pay rises with quality and difficulty, from the floor to the top', () => {
  fc.assert(
    fc.property(share, share, difficulty, difficulty, (q1, q2, d1, d2) => {
      const pay = (quality: number, d: number) =>
        payOf(rates, spec, { kind: 'annotation', quality, difficulty: d })
      const [low, high] = [Math.min(q1, q2), Math.max(q1, q2)]
      const [easy, hard] = [Math.min(d1, d2), Math.max(d1, d2)]
      expect(pay(low, easy) <= pay(high, hard)).toBe(true)
      expect(pay(low, easy) >= rates.floorPay * 1_000_000n).toBe(true)
      expect(pay(high, hard) <= topPay(rates, spec, 'annotation') * 1_000_000n).toBe(true)
    }),
  )
})

test('the quality curve is linear between its points and flat outside', () => {
  const curve = spec.reward.qualityCurve
  expect([0, 300_000, 600_000, 900_000, 1_000_000].map((q) => curveAt(curve, q))).toEqual([
    0, 0, 500_000, 1_000_000, 1_000_000,
  ])
})

test('only whole units are paid out, and nothing of less than one', () => {
  const account = `0x${'aa'.repeat(20)}` as const
  expect(payoutsOf([{ account, micro: 1_999_999n }])).toEqual([{ account, amount: 1n }])
  expect(payoutsOf([{ account, micro: 999_999n }])).toEqual([])
})

test('the deposit covers every record at top pay and the fees on it', () => {
  const fees = { operatorFeeBps: 500, protocolFeeBps: 250 }
  const cost = costOf({ spec, items: 10, ...rates, ...fees })
  expect(cost).toMatchObject({
    records: 50,
    payMost: 10n * (3n * 150_000n + 2n * 75_000n),
    payLeast: 10n * 3n * 100_000n,
    operatorFee: 300_000n,
    protocolFee: 150_000n,
    deposit: 6_450_000n,
  })
  const terms = { ...rates, ...fees } as Parameters<typeof reserveOf>[0]['terms']
  const all = { annotations: 30, reviews: 20, submissions: 0 }
  expect(reserveOf({ terms, spec, payoutsTotal: 0n, ...all }).withFees).toBe(cost.deposit)
})
