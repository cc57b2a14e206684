import { expect, test } from 'vitest'
import { MILLION } from '../math/fixed.ts'
import { explainScore } from './explain.ts'

const submission = {
  kind: 'submission',
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
