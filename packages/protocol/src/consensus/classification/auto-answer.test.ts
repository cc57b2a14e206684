import { expect, test } from 'vitest'
import { seededRandom } from '../../../test/seeded.ts'
import { pickMethod } from './auto.ts'
import { answerByAuto } from './auto-answer.ts'
import { labelTable } from './label-table.ts'

const TARGET = { confidence: 900_000, labels: 3 }
const [ITEMS, WORKERS, CLASSES, LABELS] = [400, 20, 3, 5]

/** Five labels an item, right eight times in ten; of item 0 only one label. */
function crowd() {
  const random = seededRandom(11)
  const truth = Int32Array.from({ length: ITEMS }, () => Math.floor(random() * CLASSES))
  const item = Int32Array.from({ length: (ITEMS - 1) * LABELS + 1 }, (_, i) => Math.ceil(i / LABELS))
  const worker = Int32Array.from(item, (t, i) => (3 * t + i) % WORKERS)
  const label = Int32Array.from(item, (t) =>
    random() < 0.8 ? truth[t]! : (truth[t]! + 1 + Math.floor(random() * (CLASSES - 1))) % CLASSES,
  )
  return {
    truth,
    table: labelTable({ items: ITEMS, workers: WORKERS, classes: CLASSES, item, worker, label }),
  }
}

const { truth, table } = crowd()
const answer = (known: Int32Array, target = TARGET) =>
  answerByAuto(pickMethod(table, known), table, known, target)
const none = new Int32Array(ITEMS).fill(-1)
const free = answer(none)
const confidenceOf = (t: number, k: number) => free.posterior[t * CLASSES + k]!
const sureOf = (t: number) => confidenceOf(t, truth[t]!) > 0.95
const knowing = (answers: Iterable<readonly [number, number]>) => {
  const known = none.slice()
  for (const [t, k] of answers) known[t] = k
  return known
}
const wrong = (t: number) => (truth[t]! + 1) % CLASSES

test('a known answer the crowd surely contradicts is void: the item gets the crowd’s answer', () => {
  const t = truth.findIndex((_, at) => at > 0 && sureOf(at))
  const { standing, posterior, goldChecks } = answer(knowing([[t, wrong(t)]]))
  expect(goldChecks).toMatchObject([{ item: t, known: wrong(t), best: truth[t], verdict: 'contradicted' }])
  expect(standing).toEqual(none)
  expect(posterior[t * CLASSES + truth[t]!]).toBeGreaterThan(0.9)
})

test('it stands where the crowd is not sure enough, or too few looked', () => {
  const open = truth.findIndex(
    (k, t) => t > 0 && confidenceOf(t, k) < 0.85 && confidenceOf(t, wrong(t)) < 0.85,
  )
  for (const [t, k] of [
    [open, wrong(open)],
    [0, wrong(0)],
  ] as const) {
    const { standing, posterior } = answer(knowing([[t, k]]))
    expect(standing[t]).toBe(k)
    expect(posterior[t * CLASSES + k]).toBe(1)
  }
})

test('a requester who plants wrong answers everywhere does not turn the crowd', () => {
  const planted = knowing([...truth.keys()].filter((t) => t % 2 === 1).map((t) => [t, wrong(t)] as const))
  const { standing, posterior } = answer(planted)
  const share = (rows: Float64Array) => {
    let right = 0
    for (let t = 2; t < ITEMS; t += 2) {
      const row = [...rows.subarray(t * CLASSES, (t + 1) * CLASSES)]
      if (row.indexOf(Math.max(...row)) === truth[t]) right++
    }
    return right / (ITEMS / 2 - 1)
  }
  expect(standing.filter((k) => k >= 0).length).toBeLessThan(0.4 * (ITEMS / 2))
  expect(share(posterior)).toBeGreaterThan(share(free.posterior) - 0.05)
})

test('true known answers teach: certainty rises where it is deserved, and nothing true is void', () => {
  const gold = [...truth.keys()].filter((t) => t % 10 === 1)
  const { goldChecks, standing, calibration } = answer(knowing(gold.map((t) => [t, truth[t]!] as const)))
  const contradicted = goldChecks.filter(({ verdict }) => verdict === 'contradicted')
  expect(contradicted.length).toBeLessThanOrEqual(2)
  expect(standing.filter((k) => k >= 0)).toHaveLength(gold.length - contradicted.length)
  expect(calibration).not.toEqual(free.calibration)
})
