import { expect, test } from 'vitest'
import { seededRandom } from '../../test/seeded.ts'
import { stoppedByGold } from './stopped.ts'

const WORKERS = 40
const ITEMS = 60
const ANSWERS = 30

/** Workers who look at this share of the known items and guess the rest; the last one gives the same label always. */
function answersOf(looks: number, classes: number, seed: number) {
  const random = seededRandom(seed)
  const known = Int32Array.from({ length: ITEMS }, () => Math.floor(random() * classes))
  const columns = { worker: [] as number[], item: [] as number[], label: [] as number[] }
  for (let w = 0; w < WORKERS; w++) {
    for (let n = 0; n < ANSWERS; n++) {
      const item = (w * 7 + n) % ITEMS
      const guess = w === WORKERS - 1 ? 0 : Math.floor(random() * classes)
      const isLooking = w < WORKERS - 2 && random() < looks
      columns.worker.push(w)
      columns.item.push(item)
      columns.label.push(isLooking ? known[item]! : guess)
    }
  }
  const { worker, item, label } = columns
  return {
    workers: WORKERS,
    items: ITEMS,
    classes,
    worker: Int32Array.from(worker),
    item: Int32Array.from(item),
    label: Int32Array.from(label),
    known,
  }
}

test.each([
  2, 3, 5,
])('who guesses and who always says the same are stopped, who looks is not (%i labels)', (classes) => {
  let [blind, honest] = [0, 0]
  for (let seed = 1; seed <= 10; seed++) {
    const stopped = stoppedByGold(answersOf(0.85, classes, seed))
    blind += stopped.filter((w) => w >= WORKERS - 2).length
    honest += stopped.filter((w) => w < WORKERS - 2).length
  }
  expect(blind).toBeGreaterThanOrEqual(17)
  expect(honest).toBeLessThanOrEqual(2)
})

test('where known items are hard for everybody, nobody is stopped for that', () => {
  let honest = 0
  for (let seed = 1; seed <= 10; seed++) {
    honest += stoppedByGold(answersOf(0.5, 3, seed)).filter((w) => w < WORKERS - 2).length
  }
  expect(honest / (10 * (WORKERS - 2))).toBeLessThan(0.05)
})

test('nobody has answered anything', () => {
  const none = new Int32Array()
  const empty = {
    workers: 2,
    items: 1,
    classes: 2,
    worker: none,
    item: none,
    label: none,
    known: Int32Array.of(0),
  }
  expect(stoppedByGold(empty)).toEqual([])
})
