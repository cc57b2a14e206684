import { labelTable } from '@tagger/protocol/classification'
import { expect, test } from 'vitest'
import { collect } from './redundancy/replay.ts'

/** Forty items with six labels each of eight workers; every fifth item divides them. */
const [items, workers, each] = [40, 8, 6]
const places = Array.from({ length: items * each }, (_, at) => at)
const itemOf = (at: number) => Math.floor(at / each)
const table = labelTable({
  items,
  workers,
  classes: 2,
  item: Int32Array.from(places, itemOf),
  worker: Int32Array.from(places, (at) => (itemOf(at) + at) % workers),
  label: Int32Array.from(places, (at) => (itemOf(at) % 5 === 0 ? at % 2 : itemOf(at) % 2)),
})

test('items of one mind stop early, divided ones are asked again', () => {
  const collected = collect(table, 1)
  for (let t = 0; t < items; t++) {
    const count = collected.start[t + 1]! - collected.start[t]!
    expect(count).toBeGreaterThanOrEqual(3)
    if (t % 5 === 0) expect(count).toBeGreaterThan(4)
    else expect(count).toBeLessThan(5)
  }
})

test('what is collected are labels of the set; the seed says which', () => {
  const named = (labels: typeof table) =>
    new Set(Array.from(labels.item, (item, at) => `${item} ${labels.worker[at]} ${labels.label[at]}`))
  const collected = named(collect(table, 1))
  expect([...named(table)]).toEqual(expect.arrayContaining([...collected]))
  expect(named(collect(table, 1))).toEqual(collected)
  expect(named(collect(table, 2))).not.toEqual(collected)
})
