import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom, shuffled } from '../../../test/seeded.ts'
import { centerOf, type RotatedBox, rotatedIou } from './box.ts'
import { boxConsensus } from './boxes.ts'
import type { ObjectAnswer } from './objects.ts'

type Answer = ObjectAnswer<RotatedBox>

/** 80 images with 0 to 4 boxes; 5 of 12 workers look at each: they miss some, imagine some, and have unsteady hands. */
function crowd(seed: number, { turned, mislabeled }: { turned: boolean; mislabeled: number }) {
  const random = seededRandom(seed)
  const people = Array.from({ length: 12 }, (_, j) => ({
    hand: j < 4 ? 0.03 : 0.12,
    lean: 0.06 * gaussian(random),
    miss: j < 4 ? 0.05 : 0.25,
    imagine: j < 4 ? 0.05 : 0.4,
  }))
  const truth = new Map<string, { label: string; shape: RotatedBox }[]>()
  const answers: Answer[] = []
  for (let t = 0; t < 80; t++) {
    const real = Array.from({ length: Math.floor(random() * 5) }, (_, k) => ({
      label: random() < 0.5 ? 'car' : 'van',
      shape: {
        x: 100 + 300 * k + 60 * random(),
        y: 100 + 500 * random(),
        width: 40 + 120 * random(),
        height: 40 + 120 * random(),
        rotation: turned ? Math.floor(360 * random()) : 0,
      },
    }))
    truth.set(`i${t}`, real)
    for (const j of shuffled([...people.keys()], random).slice(0, 5)) {
      const { hand, lean, miss, imagine } = people[j]!
      const seen = real.filter(() => random() >= miss)
      const objects = seen.map(({ label, shape }) => ({
        label: random() < mislabeled ? (label === 'car' ? 'van' : 'car') : label,
        shape: drawn(shape, hand, lean, turned, random),
      }))
      if (random() < imagine)
        objects.push({
          label: 'car',
          shape: { x: 1400 * random(), y: 800 + 300 * random(), width: 60, height: 60, rotation: 0 },
        })
      answers.push({ item: `i${t}`, worker: `w${j}`, objects })
    }
  }
  return { truth, answers }
}

function drawn(
  { x, y, width, height, rotation }: RotatedBox,
  hand: number,
  lean: number,
  turned: boolean,
  random: () => number,
): RotatedBox {
  const noise = (size: number) => size * (lean + hand * gaussian(random))
  const shape = {
    x: x + noise(width),
    y: y + noise(height),
    width: width + noise(width),
    height: height + noise(height),
    rotation: rotation + (turned ? 100 * hand * gaussian(random) : 0),
  }
  // Whoever draws a turned box starts at any corner.
  return turned && random() < 0.5 ? fromNextCorner(shape) : shape
}

function fromNextCorner({ x, y, width, height, rotation }: RotatedBox): RotatedBox {
  const angle = (rotation * Math.PI) / 180
  return {
    x: x + width * Math.cos(angle),
    y: y + width * Math.sin(angle),
    width: height,
    height: width,
    rotation: rotation + 90,
  }
}

/** Greedy grouping at 0.3; where more than half marked it, medians of the sides, or the middle one of turned boxes. */
function naive(answers: readonly Answer[]): Map<string, RotatedBox[]> {
  const groups = new Map<string, { shapes: RotatedBox[]; workers: Set<string> }[]>()
  for (const { item, worker, objects } of answers) {
    const own = groups.get(item) ?? []
    groups.set(item, own)
    for (const { shape } of objects) {
      const near = own.find(
        ({ shapes, workers }) => !workers.has(worker) && rotatedIou(shapes[0]!, shape) >= 0.3,
      )
      if (near === undefined) own.push({ shapes: [shape], workers: new Set([worker]) })
      else {
        near.shapes.push(shape)
        near.workers.add(worker)
      }
    }
  }
  const middle = (values: number[]) => {
    values.sort((a, b) => a - b)
    return (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2
  }
  const merged = (shapes: readonly RotatedBox[]): RotatedBox => {
    if (shapes.some(({ rotation }) => rotation !== 0))
      return shapes
        .map((shape) => ({ shape, sum: shapes.reduce((sum, other) => sum + rotatedIou(shape, other), 0) }))
        .sort((a, b) => b.sum - a.sum)[0]!.shape
    const x = middle(shapes.map((shape) => shape.x))
    const y = middle(shapes.map((shape) => shape.y))
    const width = middle(shapes.map((shape) => shape.x + shape.width)) - x
    return { x, y, width, height: middle(shapes.map((shape) => shape.y + shape.height)) - y, rotation: 0 }
  }
  return new Map(
    [...groups].map(([item, own]) => [
      item,
      own.filter(({ workers }) => workers.size > 2.5).map(({ shapes }) => merged(shapes)),
    ]),
  )
}

function f1(
  found: ReadonlyMap<string, readonly RotatedBox[]>,
  truth: ReturnType<typeof crowd>['truth'],
  least: number,
) {
  let [right, total] = [0, 0]
  for (const [item, real] of truth) {
    const open = [...(found.get(item) ?? [])]
    total += open.length + real.length
    for (const { shape } of real) {
      const at = open.findIndex((result) => rotatedIou(result, shape) >= least)
      if (at < 0) continue
      open.splice(at, 1)
      right++
    }
  }
  return (2 * right) / total
}

function believed(answers: readonly Answer[]) {
  const { items } = boxConsensus(answers)
  return new Map(
    [...items].map(([item, found]) => [
      item,
      found.filter(({ confidence }) => confidence >= 0.5).map(({ shape }) => shape),
    ]),
  )
}

function readBoxes(folder: string) {
  const rows = (file: string) =>
    readFileSync(join(folder, file), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(',') as [string, string, ...string[]])
  const labeled = (corners: readonly string[]) => {
    const [x, y, right, bottom] = corners.map(Number) as [number, number, number, number]
    return { label: 'person', shape: { x, y, width: right - x, height: bottom - y, rotation: 0 } }
  }
  const objects = Map.groupBy(rows('labels.csv'), ([worker, item]) => `${worker} ${item}`)
  const answers = rows('assignments.csv').map(([worker, item]) => ({
    item,
    worker,
    objects: (objects.get(`${worker} ${item}`) ?? []).map(([, , ...corners]) => labeled(corners)),
  }))
  const truth = new Map(rows('truth_tasks.csv').map(([item]) => [item, [] as ReturnType<typeof labeled>[]]))
  for (const [item, ...corners] of rows('truth.csv')) truth.get(item)!.push(labeled(corners))
  return { answers, truth }
}

describe('simulated crowds: better than grouping and medians', () => {
  test.for([
    { name: 'upright', turned: false, at5: 0.98, at7: 0.94, gain: 0.15 },
    { name: 'turned', turned: true, at5: 0.97, at7: 0.8, gain: 0.15 },
  ])('$name', ({ turned, at5, at7, gain }) => {
    const sums = { at5: 0, at7: 0, naive5: 0, naive7: 0 }
    for (const seed of [1, 2, 3]) {
      const { truth, answers } = crowd(seed, { turned, mislabeled: 0 })
      const [results, plain] = [believed(answers), naive(answers)]
      sums.at5 += f1(results, truth, 0.5) / 3
      sums.at7 += f1(results, truth, 0.7) / 3
      sums.naive5 += f1(plain, truth, 0.5) / 3
      sums.naive7 += f1(plain, truth, 0.7) / 3
    }
    expect(sums.at5).toBeGreaterThan(Math.max(at5, sums.naive5))
    expect(sums.at7).toBeGreaterThan(Math.max(at7, sums.naive7 + gain))
  })

  test('labels of what was found', () => {
    const { truth, answers } = crowd(5, { turned: false, mislabeled: 0.2 })
    const { items } = boxConsensus(answers)
    let [right, all] = [0, 0]
    for (const [item, real] of truth)
      for (const { label, shape } of real) {
        const match = items.get(item)!.find((found) => rotatedIou(found.shape, shape) > 0.5)
        if (match === undefined) continue
        all++
        right += match.label === label ? 1 : 0
      }
    expect(right / all).toBeGreaterThan(0.85)
  })
})

test('real answers: pedestrians marked by 7 workers each, F1 against experts', async ({ skip }) => {
  const data = process.env.TAGGER_DATASETS ?? join(import.meta.dirname, '../../../../../../shared/data')
  const folder = join(data, 'crowd/pedestrians-bbox')
  if (!existsSync(folder)) skip(`the public data set pedestrians-bbox is not at ${folder}`)
  const { answers, truth } = readBoxes(folder)
  const results = believed(answers)
  expect(f1(results, truth, 0.5)).toBeGreaterThan(0.93)
  expect(f1(results, truth, 0.7)).toBeGreaterThan(0.88)
})

test('the same bits for any order of the answers', () => {
  const { answers } = crowd(4, { turned: true, mislabeled: 0.1 })
  const reference = boxConsensus(answers)
  for (const seed of [1, 2]) {
    const again = boxConsensus(shuffled(answers, seededRandom(seed)))
    expect([...again.items]).toEqual([...reference.items])
    expect(again.quality('i3', answers.find(({ item }) => item === 'i3')!.worker)).toBe(
      reference.quality('i3', answers.find(({ item }) => item === 'i3')!.worker),
    )
  }
})

test('golden bits: the same on every engine', () => {
  const box = (x: number, width: number, rotation: number) => ({
    label: 'car',
    shape: { x, y: x / 3, width, height: 20, rotation },
  })
  const answers = ['a', 'b', 'c'].flatMap((worker, j) =>
    ['i', 'k'].map((item) => ({
      item,
      worker,
      objects: [box(10 + j, 30 + j, 7 * j), box(200 - j, 25, 180)],
    })),
  )
  const { items, quality } = boxConsensus(answers)
  expect([items.get('i')![0], quality('k', 'b')]).toMatchInlineSnapshot(`
    [
      {
        "confidence": 0.9889567306390492,
        "label": "car",
        "labelConfidence": 1,
        "marked": 3,
        "shape": {
          "height": 20,
          "rotation": 7,
          "width": 30.99572827404104,
          "x": 10.933233104539212,
          "y": 3.651218951482198,
        },
      },
      0.9749552628245947,
    ]
  `)
})

test('careful workers earn more than careless ones, absent ones nothing', () => {
  const { answers } = crowd(6, { turned: false, mislabeled: 0.05 })
  const { quality } = boxConsensus(answers)
  const meanOf = (isWanted: (worker: number) => boolean) => {
    const own = answers.filter(({ worker }) => isWanted(Number(worker.slice(1))))
    return own.reduce((sum, { item, worker }) => sum + quality(item, worker), 0) / own.length
  }
  expect(meanOf((worker) => worker < 4)).toBeGreaterThan(meanOf((worker) => worker >= 4) + 0.1)
  expect(quality('i0', 'nobody')).toBe(0)
  expect(quality('nothing', 'w1')).toBe(0)
})

test('alone an answer is worth what is usual, an empty one the chance that nothing is there', () => {
  const mark = (x: number) => ({ label: 'car', shape: { x, y: 0, width: 10, height: 10, rotation: 0 } })
  const answer = (worker: string, objects: Answer['objects']) => ({ item: 'i', worker, objects })
  const alone = boxConsensus([answer('a', [mark(0)])]).quality('i', 'a')
  expect(alone).toBeGreaterThan(0.3)
  expect(alone).toBeLessThan(0.8)
  const against = boxConsensus([answer('a', [mark(0)]), answer('b', []), answer('c', [])])
  expect(against.quality('i', 'a')).toBeLessThan(0.3)
  expect(against.quality('i', 'b')).toBeGreaterThan(0.5)
  const missed = boxConsensus([answer('a', [mark(0)]), answer('b', [mark(0)]), answer('c', [])])
  expect(missed.quality('i', 'c')).toBeLessThan(0.2)
  expect(missed.quality('i', 'a')).toBeGreaterThan(missed.quality('i', 'c'))
})

test('known items stay as they are and teach what the whole crowd does wrong', () => {
  const { truth, answers } = crowd(8, { turned: false, mislabeled: 0 })
  const shifted = answers.map((answer) => ({
    ...answer,
    objects: answer.objects.map(({ label, shape }) => ({
      label,
      shape: { ...shape, x: shape.x - 0.3 * shape.width },
    })),
  }))
  const known = new Map([...truth].slice(0, 30))
  const { items } = boxConsensus(shifted, known)
  const distance = (results: ReturnType<typeof boxConsensus>['items']) => {
    let [sum, count] = [0, 0]
    for (const [item, real] of [...truth].slice(30))
      for (const { shape } of real)
        for (const found of results.get(item)!)
          if (rotatedIou(found.shape, shape) > 0.2) {
            sum += Math.abs(centerOf(found.shape).x - centerOf(shape).x) / shape.width
            count++
          }
    return sum / count
  }
  expect(distance(items)).toBeLessThan(0.5 * distance(boxConsensus(shifted).items))
  const [item, real] = [...known].find(([, objects]) => objects.length > 0)!
  expect(
    items
      .get(item)!
      .filter(({ confidence }) => confidence === 1)
      .map(({ shape }) => shape),
  ).toEqual(expect.arrayContaining(real.map(({ shape }) => shape)))
})

describe('hostile answers', () => {
  const good = { label: 'car', shape: { x: 10, y: 10, width: 20, height: 20, rotation: 0 } }
  const answer = (worker: string, objects: Answer['objects']) => ({ item: 'i', worker, objects })

  test('shapes that are none are as if not drawn', () => {
    const bad = [
      { ...good.shape, width: 0 },
      { ...good.shape, height: -5 },
      { ...good.shape, x: Number.NaN },
      { ...good.shape, rotation: Infinity },
      { ...good.shape, width: 1e300 },
    ].map((shape) => ({ label: 'car', shape }))
    const { items, quality } = boxConsensus([answer('a', [good]), answer('b', [good]), answer('c', bad)])
    expect(items.get('i')).toHaveLength(1)
    expect(items.get('i')![0]).toMatchObject({ shape: good.shape, marked: 2 })
    expect(quality('i', 'c')).toBe(0)
    expect(quality('i', 'a')).toBeGreaterThan(0.5)
  })

  test('nothing at all, and nothing seen by anybody', () => {
    expect(boxConsensus([]).items.size).toBe(0)
    const empty = boxConsensus([answer('a', []), answer('b', [])])
    expect(empty.items.get('i')).toEqual([])
    expect(empty.quality('i', 'a')).toBe(1)
  })

  test('a flood of boxes is cut, not waited for', () => {
    const flood = Array.from({ length: 5000 }, (_, k) => ({ ...good, shape: { ...good.shape, x: k / 100 } }))
    const { items, quality } = boxConsensus([answer('a', flood), answer('b', [good]), answer('c', [good])])
    expect(items.get('i')!.length).toBeLessThanOrEqual(302)
    expect(quality('i', 'a')).toBeLessThan(0.05)
  })

  test('two answers of one worker are refused', () => {
    expect(() => boxConsensus([answer('a', [good]), answer('a', [])])).toThrow('two answers')
  })
})
