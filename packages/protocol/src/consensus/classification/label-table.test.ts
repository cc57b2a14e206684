import { expect, test } from 'vitest'
import { TaggerError } from '../../errors.ts'
import { labelTable, type UnsortedLabels } from './label-table.ts'

const unsorted: UnsortedLabels = {
  items: 4,
  workers: 3,
  classes: 3,
  item: Int32Array.of(2, 0, 2, 0, 3, 2),
  worker: Int32Array.of(1, 2, 0, 0, 1, 1),
  label: Int32Array.of(0, 1, 2, 1, 0, 2),
}

test('labels are sorted by item, then worker, and the last answer of a worker counts', () => {
  const table = labelTable(unsorted)
  expect([...table.item]).toEqual([0, 0, 2, 2, 3])
  expect([...table.worker]).toEqual([0, 2, 0, 1, 1])
  expect([...table.label]).toEqual([1, 1, 2, 2, 0])
  expect([...table.start]).toEqual([0, 2, 2, 4, 5])
})

test('repeats may count, in the order they were given', () => {
  const table = labelTable(unsorted, 'count')
  expect([...table.worker]).toEqual([0, 2, 0, 1, 1, 1])
  expect([...table.label]).toEqual([1, 1, 2, 0, 2, 0])
  expect([...table.start]).toEqual([0, 2, 2, 5, 6])
})

test('no labels make an empty table', () => {
  const none = new Int32Array(0)
  expect(labelTable({ ...unsorted, item: none, worker: none, label: none }).start).toEqual(new Int32Array(5))
})

test('an index out of range or a missing column is refused', () => {
  for (const wrong of [{ classes: 2 }, { items: 3 }, { workers: 2 }, { label: new Int32Array(5) }])
    expect(() => labelTable({ ...unsorted, ...wrong })).toThrow(TaggerError)
})
