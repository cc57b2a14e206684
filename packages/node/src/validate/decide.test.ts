import type { Spec } from '@tagger/protocol'
import { expect, test } from 'vitest'
import { decideItem, type ItemProgress } from './decide.ts'

const spec = (reviews: number) =>
  ({
    kind: 'annotate',
    redundancy: { min: 3, max: 6, targetConfidence: 900_000 },
    review: { reviews },
  }) as Spec

const item: ItemProgress = { status: 'open', annotations: 4, reviews: 0, leases: 0, wanted: 4 }
const estimateOf = ({ annotations, reviews }: ItemProgress, confidence: number) => ({
  label: 'yes',
  confidence,
  distribution: [],
  annotations,
  reviews,
})
const SURE = 950_000
const UNSURE = 800_000

test('a sure item is ready, unless another answer is worth it and allowed', () => {
  expect(decideItem(spec(0), item, estimateOf(item, SURE), 'done').status).toBe('ready')
  expect(decideItem(spec(0), item, estimateOf(item, SURE), 'ask')).toMatchObject({
    status: 'open',
    wanted: 5,
  })
  const full = { ...item, annotations: 6, wanted: 6 }
  expect(decideItem(spec(0), full, estimateOf(full, SURE), 'ask').status).toBe('ready')
  expect(decideItem(spec(0), { ...item, leases: 1 }, estimateOf(item, SURE), 'done').status).toBe('open')
})

test('where answers do not help any more reviewers decide, if there are any', () => {
  const review = { status: 'review', wanted: 4, proposed: 'yes' }
  expect(decideItem(spec(1), item, estimateOf(item, UNSURE), 'review')).toEqual(review)
  expect(decideItem(spec(0), item, estimateOf(item, UNSURE), 'review')).toMatchObject({ wanted: 5 })
  expect(decideItem(spec(1), item, estimateOf(item, UNSURE), 'done')).toMatchObject({ wanted: 5 })
})

test('an item before reviewers stays there until they have decided it', () => {
  const before = { ...item, status: 'review' as const }
  expect(decideItem(spec(2), before, estimateOf(before, UNSURE), 'ask').status).toBe('review')
  const reviewed = { ...before, reviews: 2 }
  expect(decideItem(spec(2), reviewed, estimateOf(reviewed, UNSURE), 'ask')).toEqual({
    status: 'ready',
    wanted: 4,
    proposed: null,
  })
})
