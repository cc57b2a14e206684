import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../test/seeded.ts'
import { labelTable, type UnsortedLabels } from '../../consensus/classification/label-table.ts'
import { type Flag, raiseFlags, type Suspicion } from './flags.ts'
import { findSuspicion } from './suspicion.ts'

const DATA = process.env.TAGGER_DATASETS ?? join(import.meta.dirname, '../../../../../../shared/data')

interface Task {
  item: number
  truth: number
  /** Place of this label among the worker's. */
  place: number
  /** What the others of this item have answered so far, by worker. */
  others: ReadonlyMap<number, number>
  honest(): number
}
type Conductor = (task: Task) => number

const [ITEMS, WORKERS, PER_ITEM, CLASSES] = [1200, 30, 5, 3]

/**
 * Each item gets five of thirty workers, each right in three of four answers; every fourth item is hard, with a wrong
 * answer most fall for. Labels in the order given.
 */
function crowd(seed: number, conduct: Record<number, Conductor> = {}): UnsortedLabels {
  const random = seededRandom(seed)
  const [item, worker, label]: [number[], number[], number[]] = [[], [], []]
  const places = new Map<number, number>()
  for (let t = 0; t < ITEMS; t++) {
    const truth = Math.floor(random() * CLASSES)
    const lure = (truth + 1 + Math.floor(random() * (CLASSES - 1))) % CLASSES
    const honest = () => {
      if (t % 4 === 0) return random() < 0.4 ? truth : lure
      return random() < 0.85 ? truth : Math.floor(random() * CLASSES)
    }
    const others = new Map<number, number>()
    for (let n = 0; n < PER_ITEM; n++) {
      // Neighbors share many items: five of six in a row.
      const w = ((t % 6) * 5 + n + (random() < 0.1 ? 5 : 0)) % WORKERS
      if (others.has(w)) continue
      const place = places.get(w) ?? 0
      places.set(w, place + 1)
      const answer = conduct[w]?.({ item: t, truth, place, others, honest }) ?? honest()
      others.set(w, answer)
      item.push(t)
      worker.push(w)
      label.push(answer)
    }
  }
  return {
    items: ITEMS,
    workers: WORKERS,
    classes: CLASSES,
    item: Int32Array.from(item),
    worker: Int32Array.from(worker),
    label: Int32Array.from(label),
  }
}

/** Flags of a crowd whose labels come in the order of its items. */
const flagsOf = (labels: UnsortedLabels): Flag[] => {
  const table = labelTable(labels)
  return findSuspicion(table, { order: table.item })
}
const brief = (flags: readonly Flag[]) =>
  flags.map(({ conduct, workers }) => `${conduct} ${workers.join('+')}`)

test('honest crowds raise no flag, though hard items make most err alike', () => {
  const flags = Array.from({ length: 12 }, (_, seed) => flagsOf(crowd(seed))).flat()
  expect(brief(flags)).toEqual([])
})

test('each cheat is found and called by its name', () => {
  const random = seededRandom(99)
  const labels = crowd(7, {
    1: ({ others, honest }) => (others.has(0) && random() < 0.9 ? others.get(0)! : honest()),
    7: () => Math.floor(random() * CLASSES),
    13: () => 2,
    19: ({ place, honest }) => (place < 80 ? honest() : 0),
  })
  const flags = flagsOf(labels)
  expect(brief(flags).toSorted()).toEqual(['change 19', 'constant 13', 'copying 0+1', 'random 7'])
  for (const { chance, adjusted, logEvidence } of flags) {
    expect(adjusted).toBeLessThanOrEqual(0.01)
    expect(chance).toBeCloseTo(Math.exp(-logEvidence), 12)
    expect(chance).toBeLessThan(adjusted)
  }
  const of = (conduct: string) => flags.find((flag) => flag.conduct === conduct)!
  expect(of('copying').evidence.matches! / of('copying').evidence.shared!).toBeGreaterThan(0.85)
  expect(of('constant').evidence).toMatchObject({ topClass: 2, topShare: 1 })
  expect(Math.abs(of('change').evidence.afterLabel! - 80)).toBeLessThan(20)
  expect(of('change').evidence.responseAfter).toBeLessThan(of('change').evidence.responseBefore!)
})

test('the order of records changes nothing', () => {
  const random = seededRandom(3)
  const labels = crowd(7, { 7: () => Math.floor(random() * CLASSES), 1: ({ others }) => others.get(0) ?? 0 })
  const order = Int32Array.from(labels.item.keys()).sort(
    (a, b) => (Math.imul(a, 7919) % 1009) - (Math.imul(b, 7919) % 1009),
  )
  const shuffled = {
    ...labels,
    item: order.map((i) => labels.item[i]!),
    worker: order.map((i) => labels.worker[i]!),
    label: order.map((i) => labels.label[i]!),
  }
  const flags = flagsOf(labels)
  expect(flags.length).toBeGreaterThan(0)
  expect(flagsOf(shuffled)).toEqual(flags)
})

test('who takes two classes for each other errs, but looks', () => {
  const swapped = crowd(5, { 4: ({ honest }) => [1, 0, 2][honest()]! })
  expect(brief(flagsOf(swapped))).toEqual([])
})

test('a stretch of items that are all alike is no change and no constant answering', () => {
  const labels = crowd(11)
  const alike = { ...labels, label: labels.label.map((k, i) => (labels.item[i]! >= 200 ? 1 : k)) }
  expect(brief(flagsOf(alike))).toEqual([])
})

test('agreeing on what is known to be right is no copying', () => {
  // Two experts in a crowd that falls for every fourth item: from votes alone they look like copiers.
  const truths = new Int32Array(ITEMS).fill(-1)
  const expert: Conductor = ({ item, truth }) => {
    truths[item] = truth
    return truth
  }
  const table = labelTable(crowd(13, { 20: expert, 21: expert }))
  expect(brief(findSuspicion(table))).toContain('copying 20+21')
  expect(brief(findSuspicion(table, { known: truths }))).toEqual([])
})

test('impossible speed, not mere quickness', () => {
  const table = labelTable(crowd(17))
  const random = seededRandom(1)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const pace: Record<number, number> = { 3: 0.1, 8: 0.5, 12: 4 }
  const seconds = Float64Array.from(table.worker, (w, i) =>
    i % 50 === 0 ? Number.NaN : 20 * (pace[w] ?? 1) * Math.exp(0.6 * normal()),
  )
  const flags = findSuspicion(table, { seconds })
  expect(brief(flags)).toEqual(['speed 3'])
  expect(flags[0]!.evidence.secondsPerLabel).toBeLessThan(flags[0]!.evidence.usualSeconds! / 4)
})

test('flags count all tests of their kind', () => {
  const suspicion = (worker: number, logEvidence: number): Suspicion => ({
    conduct: 'random',
    workers: [worker],
    logEvidence,
    labels: 100,
    evidence: {},
  })
  // 1000 tests at 1 %: a lone one needs e ≥ 100,000, each of two e ≥ 50,000.
  const alone = raiseFlags({ suspicions: [suspicion(1, Math.log(60_000))], tests: 1000 })
  expect(alone).toEqual([])
  const two = raiseFlags({
    suspicions: [suspicion(2, Math.log(60_000)), suspicion(1, Math.log(60_000))],
    tests: 1000,
  })
  expect(two.map(({ workers }) => workers[0])).toEqual([1, 2])
  expect(two[0]!.adjusted).toBeCloseTo(1000 / 2 / 60_000, 12)
})

test('100,000 labels of 1,000 workers', () => {
  const random = seededRandom(2)
  const size = 100_000
  const column = (pick: () => number) => Int32Array.from({ length: size }, pick)
  let n = 0
  const item = Int32Array.from({ length: size }, (_, i) => Math.floor(i / 10))
  const table = labelTable({
    items: size / 10,
    workers: 1000,
    classes: 4,
    item,
    worker: column(() => (n++ * 37 + Math.floor(random() * 30)) % 1000),
    label: column(() => (random() < 0.7 ? 0 : Math.floor(random() * 4))),
  })
  const start = process.cpuUsage()
  findSuspicion(table, { order: table.item })
  const seconds = process.cpuUsage(start).user / 1e6
  console.log(`suspicion over ${table.label.length} labels: ${seconds.toFixed(2)} CPU seconds`)
  expect(seconds).toBeLessThan(10)
})

describe('real crowds, their answers dealt anew among the workers of each item (the public data folder)', () => {
  test.for(['rte', 'dog', 'temp', 'face', 'bluebird'])('%s raises next to no flag', (name, { skip }) => {
    const folder = join(DATA, 'crowd', name)
    if (!existsSync(folder)) skip(`the public data set ${name} is not at ${folder}`)
    const rows = readFileSync(join(folder, 'labels.csv'), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','))
    const column = (at: number) => {
      const index = new Map<string, number>()
      for (const row of rows) if (!index.has(row[at]!)) index.set(row[at]!, index.size)
      return { size: index.size, of: Int32Array.from(rows, (row) => index.get(row[at]!)!) }
    }
    const [worker, item, label] = [column(0), column(1), column(2)]
    const table = labelTable({
      items: item.size,
      workers: worker.size,
      classes: label.size,
      item: item.of,
      worker: worker.of,
      label: label.of,
    })
    const random = seededRandom(4)
    for (let t = 0; t < table.items; t++) {
      const from = table.start[t]!
      for (let i = table.start[t + 1]! - 1; i > from; i--) {
        const j = from + Math.floor(random() * (i - from + 1))
        ;[table.label[i], table.label[j]] = [table.label[j]!, table.label[i]!]
      }
    }
    expect(brief(findSuspicion(table, { order: table.item })).length).toBeLessThanOrEqual(1)
  })
})
