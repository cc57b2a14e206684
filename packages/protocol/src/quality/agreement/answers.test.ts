import { expect, test } from 'vitest'
import { boxIou, maskIou, stretchIou } from './overlap.ts'
import { pairwiseAgreement } from './pairwise.ts'
import { spanF1, spanF1PerLabel } from './span-f1.ts'
import { wordAgreement, wordErrors } from './word-errors.ts'

const words = (text: string) => text.split(' ').filter(Boolean)
const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height })

test('intersection over union', () => {
  expect(boxIou(box(0, 0, 10, 10), box(5, 0, 10, 10))).toBeCloseTo(1 / 3, 15)
  expect(boxIou(box(0, 0, 10, 10), box(10, 10, 5, 5))).toBe(0)
  expect(boxIou(box(0, 0, 0, 5), box(0, 0, 0, 5))).toBe(1)
  expect(boxIou(box(0, 0, 0, 5), box(1, 0, 0, 5))).toBe(0)
  expect(stretchIou({ start: 0, end: 4 }, { start: 2, end: 6 })).toBeCloseTo(1 / 3, 15)
  expect(stretchIou({ start: 3, end: 3 }, { start: 3, end: 3 })).toBe(1)
  expect(maskIou([1, 1, 0, 0], [0, 1, 1, 0])).toBeCloseTo(1 / 3, 15)
  expect(maskIou([0, 0], [0, 0])).toBe(1)
})

test('spans match exactly or not at all', () => {
  const gold = [
    { start: 0, end: 2, label: 'PER' },
    { start: 5, end: 6, label: 'LOC' },
    { start: 8, end: 9, label: 'LOC' },
  ]
  const found = [
    { start: 0, end: 2, label: 'PER' },
    { start: 5, end: 6, label: 'ORG' },
    { start: 0, end: 2, label: 'PER' },
  ]
  expect(spanF1(found, gold)).toEqual({ precision: 1 / 3, recall: 1 / 3, f1: 1 / 3 })
  expect(spanF1PerLabel(found, gold).get('LOC')).toEqual({ precision: null, recall: 0, f1: 0 })
  expect(spanF1([], [])).toEqual({ precision: null, recall: null, f1: 1 })
  expect(spanF1(gold, found).f1).toBe(spanF1(found, gold).f1)
})

test('word errors of a sentence', () => {
  const reference = words('the quick brown fox jumps')
  expect(wordErrors(words('the quick fox jumped up'), reference)).toEqual({ edits: 3, words: 5, rate: 0.6 })
  expect(wordErrors([], reference).rate).toBe(1)
  expect(wordErrors(words('a b c'), words('x'))).toEqual({ edits: 3, words: 1, rate: 3 })
  expect(wordErrors(words('a'), []).rate).toBeNull()
  expect(wordAgreement(words('a b'), words('a c b'))).toBeCloseTo(2 / 3, 15)
  expect(wordAgreement([], [])).toBe(1)
})

test('pairs of answers, over all and per worker', () => {
  const items = [
    [
      { worker: 0, answer: box(0, 0, 10, 10) },
      { worker: 1, answer: box(0, 0, 10, 10) },
      { worker: 2, answer: box(5, 0, 10, 10) },
    ],
    [{ worker: 3, answer: box(0, 0, 1, 1) }],
  ]
  const { overall, perWorker, pairs } = pairwiseAgreement(items, 4, boxIou)
  expect(pairs).toBe(3)
  expect(overall).toBeCloseTo(5 / 9, 15)
  expect(perWorker[2]).toBeCloseTo(1 / 3, 15)
  expect(perWorker[3]).toBeNull()
})
