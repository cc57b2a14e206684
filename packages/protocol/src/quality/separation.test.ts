import { expect, test } from 'vitest'
import { seededRandom } from '../../test/seeded.ts'
import { dawidSkene } from '../consensus/classification/dawid-skene.ts'
import { labelTable } from '../consensus/classification/label-table.ts'
import { othersOf } from '../consensus/classification/others.ts'
import { statementsOf } from './looking.ts'
import { type Apart, harmOf, pairsToSeparate } from './separation.ts'

const WORKERS = 12
const RING = 3
const ITEMS = 240
const KNOWN = 60

/** A crowd right three times in four, five labels per item; the first three say what the ring says. */
function crowd(ring: 'none' | 'shared' | 'made up', seed: number) {
  const random = seededRandom(seed)
  const columns = { item: [] as number[], worker: [] as number[], label: [] as number[] }
  const known = new Int32Array(ITEMS).fill(-1)
  for (let t = 0; t < ITEMS; t++) {
    const truth = Math.floor(random() * 3)
    if (t < KNOWN) known[t] = truth
    const look = () => (random() < 0.75 ? truth : (truth + 1 + Math.floor(random() * 2)) % 3)
    const agreed = ring === 'made up' ? Math.floor(random() * 3) : look()
    for (let n = 0; n < 5; n++) {
      const w = (t + n * (1 + (t % (WORKERS - 1)))) % WORKERS
      columns.item.push(t)
      columns.worker.push(w)
      columns.label.push(ring !== 'none' && w < RING ? agreed : look())
    }
  }
  const table = labelTable({
    items: ITEMS,
    workers: WORKERS,
    classes: 3,
    item: Int32Array.from(columns.item),
    worker: Int32Array.from(columns.worker),
    label: Int32Array.from(columns.label),
  })
  return pairsToSeparate(
    table,
    statementsOf(table, known, othersOf(table, dawidSkene(table, known)).support).others,
  )
}

const pairs = (apart: Apart) =>
  apart.flatMap((others, a) => [...others.keys()].filter((b) => b > a).map((b) => `${a}-${b}`))

test.each(['shared', 'made up'] as const)('a ring whose answers are %s is kept apart', (ring) => {
  const seeds = [1, 2, 3, 4, 5]
  const found = seeds.flatMap((seed) => pairs(crowd(ring, seed)))
  const inRing = found.filter((pair) => ['0-1', '0-2', '1-2'].includes(pair))
  expect(inRing.length).toBeGreaterThanOrEqual(0.8 * RING * seeds.length)
  expect(found.length - inRing.length).toBeLessThanOrEqual(2)
})

test('honest pairs are hardly ever kept apart', () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed)
  const found = seeds.flatMap((seed) => pairs(crowd('none', seed)))
  expect(found.length / seeds.length / ((WORKERS * (WORKERS - 1)) / 2)).toBeLessThan(0.01)
})

test('an item is worth avoiding for who would meet those it is kept apart from', () => {
  const apart = crowd('made up', 1)
  expect(harmOf(apart, 0, [1, 2])).toBeGreaterThan(harmOf(apart, 0, [1]))
  expect(harmOf(apart, 0, [])).toBe(0)
  expect(harmOf(apart, WORKERS, [0, 1])).toBe(0)
})
