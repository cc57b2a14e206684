import { expect, test } from 'vitest'
import { planCut } from './schedule.ts'

const due = {
  status: 'open' as const,
  batch: { periodSeconds: 60, minItems: 10, maxItems: 100 },
  readyItems: 10,
  leastItems: 0,
  runningLeases: 3,
  lastCutAt: null,
  openedAt: 0,
  silentFrom: 10_000_000,
  now: 1_000.7,
}

test('cuts at the last multiple of the period once enough items are ready', () => {
  expect(planCut(due)).toEqual({ cutAt: 960, closing: false })
  expect(planCut({ ...due, readyItems: 9 })).toBeNull()
})

test('leaves receipts two seconds to be written before a cut takes them in', () => {
  expect(planCut({ ...due, now: 961.9 })).toEqual({ cutAt: 900, closing: false })
  expect(planCut({ ...due, now: 962 })).toEqual({ cutAt: 960, closing: false })
})

test('never cuts twice at one time, whatever became of the first', () => {
  expect(planCut({ ...due, lastCutAt: 960 })).toBeNull()
  expect(planCut({ ...due, lastCutAt: 900 })).toEqual({ cutAt: 960, closing: false })
  expect(planCut({ ...due, status: 'closing', runningLeases: 0, lastCutAt: 1_000 })).toBeNull()
})

test('a closing campaign waits for running leases only', () => {
  const closing = { ...due, status: 'closing' as const, readyItems: 0 }
  expect(planCut(closing)).toBeNull()
  expect(planCut({ ...closing, runningLeases: 0 })).toEqual({ cutAt: 1_000, closing: true })
})

test('cuts nothing that would come after the time for batches is over', () => {
  const closing = { ...due, status: 'closing' as const, runningLeases: 0 }
  expect(planCut({ ...closing, silentFrom: 1_000 })).toBeNull()
  expect(planCut({ ...closing, silentFrom: 1_001 })).toEqual({ cutAt: 1_000, closing: true })
})

test('waits until the ready items pay for the batch, but not for ever', () => {
  const cheap = { ...due, leastItems: 40, now: 2_000_000, openedAt: 2_000_000 - 100 }
  expect(planCut(cheap)).toBeNull()
  expect(planCut({ ...cheap, readyItems: 40 })).toMatchObject({ closing: false })
  expect(planCut({ ...cheap, openedAt: 2_000_000 - 8 * 86_400 })).toMatchObject({ closing: false })
  expect(planCut({ ...cheap, openedAt: 0, lastCutAt: 1_999_800 })).toBeNull()
  // What was accepted before the operator asked for more can still be settled.
  expect(planCut({ ...cheap, leastItems: Number.POSITIVE_INFINITY, readyItems: 100 })).not.toBeNull()
  expect(planCut({ ...cheap, status: 'closing', readyItems: 1, runningLeases: 0 })).toMatchObject({
    closing: true,
  })
})
