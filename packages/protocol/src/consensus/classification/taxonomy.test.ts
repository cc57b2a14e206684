import { expect, test } from 'vitest'
import { TaggerError } from '../../errors.ts'
import { answerInTaxonomy } from './taxonomy.ts'

/** 0 animal: 1 bird (2 owl, 3 robin), 4 dog; 5 plant. */
const taxonomy = { parent: Int32Array.of(-1, 0, 1, 1, 0, -1) }

test('a node is as sure as all below it together; the answer is the deepest that is sure enough', () => {
  const sure = [0, 0, 0.95, 0.03, 0.01, 0.01]
  const someBird = [0.01, 0.1, 0.5, 0.37, 0.01, 0.01]
  const someAnimal = [0.02, 0.08, 0.3, 0.1, 0.49, 0.01]
  const nothing = [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]
  const { node, confidence } = answerInTaxonomy(
    taxonomy,
    Float64Array.from([sure, someBird, someAnimal, nothing].flat()),
    0.9,
  )
  expect([...node]).toEqual([2, 1, 0, -1])
  expect(confidence[6 + 1]).toBeCloseTo(0.97, 12)
  expect(confidence[12]).toBeCloseTo(0.99, 12)
})

test('below one half several nodes may be sure enough: the surest of the deepest, then the first', () => {
  const answer = (...row: number[]) => answerInTaxonomy(taxonomy, Float64Array.from(row), 0.3).node[0]
  expect(answer(0, 0, 0.4, 0.45, 0.15, 0)).toBe(3)
  expect(answer(0, 0, 0.5, 0.5, 0, 0)).toBe(2)
  expect(answer(0, 0, 0.2, 0.2, 0.6, 0)).toBe(4)
})

test('a taxonomy that goes in circles or out of itself is refused', () => {
  for (const parent of [Int32Array.of(1, 0), Int32Array.of(0), Int32Array.of(7)])
    expect(() => answerInTaxonomy({ parent }, new Float64Array(parent.length), 0.9)).toThrow(TaggerError)
})
