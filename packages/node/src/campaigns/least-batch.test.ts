import { expect, test } from 'vitest'
import { leastsOf } from '../config.ts'
import { leastItems } from './least-batch.ts'

const spec = {
  kind: 'annotate' as const,
  redundancy: { min: 2, max: 5, targetConfidence: 900_000 },
  review: { reviews: 1 },
}

test('counts the items whose floor pay brings the least fee, rounded up', () => {
  // Two answers of 1,000 each at 250 bps: 50 an item.
  const terms = { floorPay: 1_000n, operatorFeeBps: 250 }
  expect(leastItems({ spec, terms, leastFee: 500n })).toBe(10)
  expect(leastItems({ spec, terms, leastFee: 501n })).toBe(11)
  expect(leastItems({ spec, terms, leastFee: 0n })).toBe(0)
  // A submission and its review instead.
  expect(leastItems({ spec: { ...spec, kind: 'collect' }, terms, leastFee: 500n })).toBe(10)
  expect(leastItems({ spec, terms: { ...terms, floorPay: 0n }, leastFee: 1n })).toBe(Number.POSITIVE_INFINITY)
})

test('asks for nothing on a local network or of an operator without a fee, unless told to', () => {
  const unset = { leastBatchFee: null, leastPrice: null, operatorFeeBps: 250 }
  expect(leastsOf(unset, { isLocal: true })).toEqual({ batchFee: '0', price: '0' })
  expect(leastsOf(unset, { isLocal: false })).toEqual({ batchFee: '0.005', price: '0.01' })
  expect(leastsOf({ ...unset, operatorFeeBps: 0 }, { isLocal: false }).batchFee).toBe('0')
  expect(leastsOf({ ...unset, leastPrice: '2' }, { isLocal: true }).price).toBe('2')
})
