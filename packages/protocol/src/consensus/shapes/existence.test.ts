import { expect, test } from 'vitest'
import { fitExistence } from './existence.ts'

const WORKERS = 5

/** Candidates by who marked them, one string of 0 and 1 each. */
function fitOf(marks: readonly string[]) {
  return fitExistence({
    workers: WORKERS,
    candidates: marks.length,
    start: Int32Array.from({ length: marks.length + 1 }, (_, c) => c * WORKERS),
    worker: Int32Array.from({ length: marks.length * WORKERS }, (_, i) => i % WORKERS),
    seen: Uint8Array.from(marks.flatMap((row) => [...row].map(Number))),
    known: new Int8Array(marks.length).fill(-1),
  })
}

/** Things everybody marks, and marks that stand alone, of each worker as many. */
const many = [
  ...Array.from({ length: 100 }, () => '11111'),
  ...Array.from({ length: 60 }, (_, c) => ['10000', '01000', '00100', '00010', '00001'][c % 5]!),
]

test('many lone marks do not make three that meet look like chance', () => {
  const { probability } = fitOf([...many, '11100'])
  expect(probability[many.length]).toBeGreaterThan(0.5)
})

test('two of five stay unlikely, lone marks more so, and what most mark is certain', () => {
  const { probability } = fitOf([...many, '11000', '11110'])
  expect(probability[many.length]).toBeLessThan(0.5)
  expect(probability[100]).toBeLessThan(0.1)
  expect(probability[many.length + 1]).toBeGreaterThan(0.95)
})

test('without their own word, workers who marked what nobody else did are trusted less than those many agree with', () => {
  const fit = fitOf([...many, '11100'])
  expect(fit.without(100, 0)).toBeLessThan(0.05)
  expect(fit.without(0, 0)).toBeGreaterThan(0.95)
  expect(fit.without(many.length, 4)).toBeGreaterThan(fit.without(many.length, 0))
})
