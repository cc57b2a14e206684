import { expect, test } from 'vitest'
import { seededRandom } from '../../test/seeded.ts'
import type { GivenAnswers } from './stopped.ts'
import { whomToAsk } from './whom-to-ask.ts'

const WORKERS = 24
const ITEMS = 320
const KNOWN = 32
const CLASSES = 3
const PER_ITEM = 6
const [CONSTANT, RANDOM, SPOTTER, RING] = [0, 1, 2, [3, 4]] as const

/** A crowd right five times in six; one always says the same, one anything, one looks at known items only, two share. */
function crowd(seed: number, honest = false): GivenAnswers {
  const random = seededRandom(seed)
  const draw = () => Math.floor(random() * CLASSES)
  const known = new Int32Array(ITEMS).fill(-1)
  const answers: { worker: number; item: number; label: number }[] = []
  for (let t = 0; t < ITEMS; t++) {
    const truth = draw()
    if (t % (ITEMS / KNOWN) === 0) known[t] = truth
    const look = () => (random() < 5 / 6 ? truth : (truth + 1 + Math.floor(random() * 2)) % CLASSES)
    const shared = look()
    const answerOf = (worker: number) => {
      if (worker === CONSTANT) return 1
      if (worker === RANDOM || (worker === SPOTTER && known[t]! < 0)) return draw()
      return RING.some((member) => member === worker) ? shared : look()
    }
    for (let n = 0; n < PER_ITEM; n++) {
      const worker = (t * 5 + n * (1 + (t % 3) * 2)) % WORKERS
      const label = honest ? look() : answerOf(worker)
      answers.push({ worker, item: t, label })
    }
  }
  return { ...columns(answers), known }
}

function columns(answers: readonly { worker: number; item: number; label: number }[]) {
  return {
    workers: WORKERS,
    items: ITEMS,
    classes: CLASSES,
    worker: Int32Array.from(answers, ({ worker }) => worker),
    item: Int32Array.from(answers, ({ item }) => item),
    label: Int32Array.from(answers, ({ label }) => label),
  }
}

const SEEDS = [1, 2, 3, 4, 5, 6]

test('who does not look is stopped, also who looks at known items only', () => {
  const found = SEEDS.map((seed) => whomToAsk(crowd(seed)).stopped)
  for (const stopped of found) expect(stopped).toEqual(expect.arrayContaining([CONSTANT, RANDOM, SPOTTER]))
  expect(found.flat().length - 3 * SEEDS.length).toBeLessThanOrEqual(1)
})

test('who shares answers is kept apart', () => {
  const isApart = (seed: number) => whomToAsk(crowd(seed)).apart[RING[0]]!.has(RING[1])
  expect(SEEDS.filter(isApart).length).toBeGreaterThanOrEqual(5)
})

test('an honest crowd is hardly disturbed', () => {
  const found = SEEDS.map((seed) => whomToAsk(crowd(seed, true)))
  expect(found.flatMap(({ stopped }) => stopped).length).toBeLessThanOrEqual(1)
  const pairs = found.flatMap(({ apart }) => apart.flatMap((others) => [...others.keys()])).length / 2
  expect(pairs / SEEDS.length / ((WORKERS * (WORKERS - 1)) / 2)).toBeLessThan(0.02)
})

test('in which order the answers of different workers arrived does not matter', () => {
  const given = crowd(1)
  const places = [...given.label.keys()].sort((a, b) => given.worker[a]! - given.worker[b]! || a - b)
  const sorted = places.map((i) => ({
    worker: given.worker[i]!,
    item: given.item[i]!,
    label: given.label[i]!,
  }))
  expect(whomToAsk({ ...columns(sorted), known: given.known })).toEqual(whomToAsk(given))
})

test('nobody has answered anything', () => {
  const { apart, stopped } = whomToAsk({ ...columns([]), known: new Int32Array(ITEMS).fill(-1) })
  expect([stopped, apart.every((others) => others.size === 0)]).toEqual([[], true])
})
