import { expect, test } from 'vitest'
import { golden, methods, replayVectors } from '../../../test/golden-vectors.ts'
import vectors from '../../../test/vectors/classification.json' with { type: 'json' }
import { labelTable } from './label-table.ts'

const { unsorted, known } = golden

test('this engine gives the bits of the golden vectors', () => {
  const { replayed, wrong } = replayVectors()
  expect(wrong).toEqual([])
  expect(replayed).toBeGreaterThan(1700)
})

test('every method has its golden vectors', () => {
  expect(Object.keys(vectors.posterior)).toEqual(Object.keys(methods))
})

test('labels in another order give the same bits', () => {
  const { item, worker, label } = unsorted
  // 7 is prime to the number of labels, none of which is a repeat.
  const turned = Array.from({ length: item.length }, (_, i) => (i * 7 + 3) % item.length)
  const column = (values: Int32Array) => Int32Array.from(turned, (i) => values[i]!)
  const shuffled = { ...unsorted, item: column(item), worker: column(worker), label: column(label) }
  for (const method of Object.values(methods)) {
    expect(method(labelTable(shuffled), known).posterior).toEqual(
      method(labelTable(unsorted), known).posterior,
    )
  }
})
