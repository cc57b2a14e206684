import { expect, test } from 'vitest'
import { MILLION } from '../math/fixed.ts'
import { explainScore } from './explain.ts'

const submission = {
  kind: 'submission',
  rule: undefined,
  quality: 270_000,
  wasGold: false,
  label: 'reject',
  answer: null,
} as const

test('a rejected submission is told why, each reason once', () => {
  const reason = explainScore({ ...submission, rejection: ['Too short.', 'Too short', ' not a poem '] })
  expect(reason).toBe(
    'Reviewers rejected it: "Too short", "not a poem". It is acceptable with 27 % certainty.',
  )
  expect(explainScore({ ...submission, rejection: [' '] })).toBe(
    'Reviewers rejected it. It is acceptable with 27 % certainty.',
  )
})

test('an accepted submission is told how sure the reviewers are', () => {
  expect(explainScore({ ...submission, quality: MILLION, label: 'accept', rejection: null })).toBe(
    'Reviewers found it acceptable with 100 % certainty.',
  )
})

test('who answered a rejected item is told why; who reviewed it knows', () => {
  const answer = { ...submission, label: 'yes', answer: 'yes', rejection: ['blurred'] }
  expect(explainScore({ ...answer, kind: 'annotation' })).toMatch(
    / Reviewers rejected the item: "blurred"\.$/,
  )
  expect(explainScore({ ...answer, kind: 'review' })).not.toMatch(/blurred/)
})

test('by the second rule the reason names both the others and the worker’s own record', () => {
  const answer = {
    ...submission,
    kind: 'annotation',
    rule: 2,
    label: 'yes',
    answer: 'no',
    rejection: null,
  } as const
  const counts = 'going by the others and by how well your answers fit the items in general, it counts 27 %.'
  expect(explainScore(answer)).toBe(`You answered "no", the result is "yes"; ${counts}`)
  expect(explainScore({ ...answer, answer: 'yes' })).toBe(
    `You answered "yes", which is also the result; ${counts}`,
  )
  expect(explainScore({ ...answer, wasGold: true })).toBe(
    `This item had a known answer, "yes"; you answered "no"; ${counts}`,
  )
  expect(explainScore({ ...answer, kind: 'review', answer: null })).toBe(`You rejected the item; ${counts}`)
})
