import type { Hex } from '@tagger/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareDown } from './shares.ts'

const batch: Hex = `0x${'0b'.repeat(32)}`
const other: Hex = `0x${'0c'.repeat(32)}`

/** A version of one source with this batch, or of two. */
function versionOf(...sources: { batch: Hex; weight: number; contributorsBps: number }[]) {
  const zero: Hex = `0x${'00'.repeat(32)}`
  const roots = { contentRoot: zero, cipherRoot: zero, keyHash: zero, rightsHash: zero, manifest: zero }
  return { ...roots, sources: sources.map((source) => ({ campaignId: zero, ...source })) }
}
const version = versionOf({ batch, weight: 10_000, contributorsBps: 4_000 })

test('gives what is left of a part, never less than nothing', () => {
  const pool = { received: 1_000n, version, batch, amount: 1n, payoutsTotal: 3n, claimed: 100n }
  expect(shareDown(pool)).toEqual({ share: 333n, claimable: 233n })
  expect(shareDown({ ...pool, claimed: 400n }).claimable).toBe(0n)
  expect(shareDown({ ...pool, amount: 0n, payoutsTotal: 0n }).share).toBe(0n)
  expect(shareDown({ ...pool, batch: other }).share).toBe(0n)
})

test('sources share by weight and by what each campaign promised', () => {
  const both = versionOf(
    { batch, weight: 7_500, contributorsBps: 4_000 },
    { batch: other, weight: 2_500, contributorsBps: 10_000 },
  )
  const pool = { received: 1_101n, version: both, amount: 1n, payoutsTotal: 1n, claimed: 0n }
  expect(shareDown({ ...pool, batch }).share).toBe(600n)
  expect(shareDown({ ...pool, batch: other }).share).toBe(500n)
})

test('all parts together never exceed the pool', () => {
  const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 30n }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(amounts, fc.bigInt({ min: 0n, max: 10n ** 30n }), (parts, received) => {
      const payoutsTotal = parts.reduce((sum, amount) => sum + amount, 0n)
      const shares = parts.map(
        (amount) => shareDown({ received, version, batch, amount, payoutsTotal, claimed: 0n }).share,
      )
      expect(shares.reduce((sum, share) => sum + share, 0n) <= received).toBe(true)
    }),
  )
})
