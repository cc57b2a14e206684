import { describe, expect, test } from 'vitest'
import { draw, gaussian, seededRandom, shuffled } from '../../../test/seeded.ts'
import { maskOfBrush } from './brush.ts'
import { isMask, type Mask, maskArea, runsBuilder, runsIou, sweep } from './mask.ts'
import { maskConsensus } from './masks.ts'
import type { ObjectAnswer } from './objects.ts'
import { outlineOf } from './outline.ts'
import { polygonArea } from './polygon.ts'
import { polygonConsensus } from './polygons.ts'
import { rasterize } from './raster.ts'

const [WIDTH, HEIGHT] = [120, 100]

/** A wavy disc: corners around a middle, at a radius that waves. */
function blob(
  x: number,
  y: number,
  radius: number,
  phase: number,
  wave: (angle: number) => number,
): number[] {
  const points: number[] = []
  for (let k = 0; k < 72; k++) {
    const angle = (k * Math.PI) / 36
    const r = radius * (1 + 0.2 * Math.sin(3 * angle + phase)) + wave(angle)
    points.push(x + r * Math.cos(angle), y + r * Math.sin(angle))
  }
  return points
}

/** 60 images with a blob; 5 of 10 workers trace it: four are careful; of the others three draw
 * too wide and three too narrow, they wobble and leave a bite out. */
function crowd(seed: number) {
  const random = seededRandom(seed)
  const truth = new Map<string, number[]>()
  const answers: ObjectAnswer<number[]>[] = []
  for (let t = 0; t < 60; t++) {
    const [x, y, radius, phase] = [40 + 40 * random(), 35 + 30 * random(), 15 + 10 * random(), 6 * random()]
    truth.set(
      `i${t}`,
      blob(x, y, radius, phase, () => 0),
    )
    for (const j of draw(random, 5, 10)) {
      const isCareful = j < 4
      const grow = isCareful ? 0 : (j % 2 === 0 ? 1 : -1) * (2 + 4 * random())
      const [a, b] = [gaussian(random), gaussian(random)]
      const wobble = isCareful ? 0.7 : 2.5
      const bite = isCareful ? 9 : 6 * random()
      const wave = (angle: number) =>
        grow +
        wobble * (a * Math.sin(2 * angle) + b * Math.cos(5 * angle)) -
        (Math.abs(angle - bite) < 0.4 ? 8 : 0)
      answers.push({
        item: `i${t}`,
        worker: `w${j}`,
        objects: [{ label: 'cell', shape: blob(x, y, radius, phase, wave) }],
      })
    }
  }
  return { truth, answers }
}

const drawn = (points: readonly number[]) => rasterize(points, WIDTH, HEIGHT)!

/** Pixels that more than half of the masks cover. */
function majority(masks: readonly Mask[]): Mask {
  const { runs, add } = runsBuilder()
  sweep(masks, (pattern, pixels) => {
    let votes = 0
    for (let bit = 0; bit < masks.length; bit++) votes += (pattern >> bit) & 1
    add(2 * votes > masks.length, pixels)
  })
  return { width: WIDTH, height: HEIGHT, runs }
}

test('simulated tracers: nearer to the truth than the majority of each pixel, as masks and as polygons', () => {
  const sums = { masks: 0, polygons: 0, majority: 0 }
  for (const seed of [1, 2, 3]) {
    const { truth, answers } = crowd(seed)
    const masks = maskConsensus(
      answers.map((answer) => ({
        ...answer,
        objects: answer.objects.map(({ label, shape }) => ({ label, shape: drawn(shape) })),
      })),
    )
    const polygons = polygonConsensus(answers, () => ({ width: WIDTH, height: HEIGHT }))
    for (const [item, points] of truth) {
      const real = drawn(points)
      const own = answers
        .filter((answer) => answer.item === item)
        .map(({ objects }) => drawn(objects[0]!.shape))
      sums.masks += runsIou(masks.items.get(item)![0]!.shape, real) / 180
      sums.polygons += runsIou(drawn(polygons.items.get(item)![0]!.shape), real) / 180
      sums.majority += runsIou(majority(own), real) / 180
      expect(polygons.masks.get(item)![0]!.shape).toEqual(masks.items.get(item)![0]!.shape)
    }
  }
  expect(sums.masks).toBeGreaterThan(sums.majority + 0.02)
  expect(sums.polygons).toBeGreaterThan(sums.masks - 0.015)
})

test('the same bits for any order; careful tracers earn more', () => {
  const { answers } = crowd(4)
  const size = () => ({ width: WIDTH, height: HEIGHT })
  const { items, quality } = polygonConsensus(answers, size)
  expect([...polygonConsensus(shuffled(answers, seededRandom(1)), size).items]).toEqual([...items])
  const meanOf = (isWanted: (worker: number) => boolean) => {
    const own = answers.filter(({ worker }) => isWanted(Number(worker.slice(1))))
    return own.reduce((sum, { item, worker }) => sum + quality(item, worker), 0) / own.length
  }
  expect(meanOf((worker) => worker < 4)).toBeGreaterThan(meanOf((worker) => worker >= 4) + 0.05)
})

test('a known mask stays', () => {
  const { truth, answers } = crowd(5)
  const known = new Map([['i0', [{ label: 'cell', shape: truth.get('i0')! }]]])
  const { masks } = polygonConsensus(answers, () => ({ width: WIDTH, height: HEIGHT }), known)
  expect(masks.get('i0')![0]).toMatchObject({ confidence: 1, shape: drawn(truth.get('i0')!) })
})

describe('drawing polygons', () => {
  test('fills the pixels whose middle is inside', () => {
    expect(rasterize([1, 1, 4, 1, 4, 3, 1, 3], 5, 4)!.runs).toEqual([6, 3, 2, 3, 6])
    // A bow tie crosses itself: both wings are inside, twice around is outside.
    expect(maskArea(rasterize([0, 0, 10, 10, 10, 0, 0, 10], 10, 10)!.runs)).toBeLessThan(60)
    expect(maskArea(rasterize([0, 0, 8, 0, 8, 8, 0, 8, 0, 0, 8, 0, 8, 8, 0, 8], 8, 8)!.runs)).toBe(0)
  })

  test('area is that of the polygon, whatever lies outside of the image is cut', () => {
    const points = blob(50, 50, 30, 1, () => 0)
    expect(maskArea(rasterize(points, 100, 100)!.runs) / Math.abs(polygonArea(points))).toBeCloseTo(1, 2)
    expect(maskArea(rasterize([-1e6, -1e6, 1e6, -1e6, 1e6, 1e6, -1e6, 1e6], 30, 20)!.runs)).toBe(600)
  })

  test('refuses what it cannot draw', () => {
    expect(rasterize([0, 0, 1, Number.NaN, 1, 1], 10, 10)).toBeNull()
    expect(rasterize([0, 0, 1, 1], 1e6, 1e6)).toBeNull()
    const zigzag = Array.from({ length: 4000 }, (_, k) => (k % 4 < 2 ? 0 : 5000))
    expect(rasterize(zigzag, 5000, 5000)).toBeNull()
    expect(maskArea(rasterize([], 10, 10)!.runs) + maskArea(rasterize([1, 1], 10, 10)!.runs)).toBe(0)
  })
})

describe('outlines', () => {
  test('enclose the largest piece and its holes, without losing area to simplifying', () => {
    const random = seededRandom(6)
    for (let run = 0; run < 50; run++) {
      // Full rows on top make one piece whose outside is touched by holes and corners below.
      const pixels = Array.from({ length: 64 }, (_, k) => k < 16 || random() < 0.5)
      const { runs, add } = runsBuilder()
      for (const isOn of pixels) add(isOn, 1)
      const outline = outlineOf({ width: 8, height: 8, runs }, 0)
      const filled = rasterize(outline, 8, 8)!
      expect(maskArea(filled.runs)).toBeGreaterThanOrEqual(16)
      expect(Math.abs(polygonArea(outline))).toBe(maskArea(filled.runs))
    }
  })

  test('of a square are its four corners, of the larger of two pieces only', () => {
    const mask = { width: 6, height: 4, runs: [1, 3, 3, 3, 1, 1, 12] }
    expect(outlineOf(mask, 1)).toHaveLength(8)
    expect(Math.abs(polygonArea(outlineOf(mask, 1)))).toBe(6)
    expect(outlineOf({ width: 2, height: 2, runs: [4] }, 1)).toEqual([])
  })
})

describe('brushes', () => {
  /** thi.ng's rle-pack of bytes with one run per stretch of equal bytes, written from its description. */
  function pack(values: readonly number[]): number[] {
    const bits: number[] = []
    const write = (value: number, width: number) => {
      for (let k = width - 1; k >= 0; k--) bits.push(Math.floor(value / 2 ** k) % 2)
    }
    write(values.length, 32)
    write(7, 5)
    for (const size of [3, 4, 8, 16]) write(size - 1, 4)
    for (let at = 0; at < values.length; ) {
      let length = 1
      while (length < 65536 && values[at + length] === values[at]) length++
      if (length > 1) {
        const size = [3, 4, 8, 16].findIndex((bits) => length <= 2 ** bits)
        write(1, 1)
        write(size, 2)
        write(length - 1, [3, 4, 8, 16][size]!)
        write(values[at]!, 8)
      } else {
        write(0, 1)
        write(0, 2)
        write(0, 3)
        write(values[at]!, 8)
      }
      at += length
    }
    const bytes: number[] = []
    for (let k = 0; k < bits.length; k += 8)
      bytes.push(Array.from({ length: 8 }, (_, i) => bits[k + i] ?? 0).reduce((sum, bit) => sum * 2 + bit, 0))
    return bytes
  }

  test('unpack to the alpha channel', () => {
    const alpha = [0, 255, 255, 0, 0, 0, 255, 100, 200, 0, 0, 0]
    const bytes = pack(alpha.flatMap((a) => [a === 0 ? 0 : 13, 200, a, a]))
    expect(maskOfBrush(bytes, 4, 3)!.runs).toEqual([1, 2, 3, 1, 1, 1, 3])
    expect(maskOfBrush(bytes, 4, 4)).toBeNull()
    expect(maskOfBrush(bytes.slice(0, 12), 4, 3)).toBeNull()
    expect(maskOfBrush([], 4, 3)).toBeNull()
  })
})

test('masks that are none are left out', () => {
  const good = { width: 4, height: 2, runs: [2, 4, 2] }
  const bad = [
    { width: 4, height: 2, runs: [2, 4] },
    { width: 4, height: 2, runs: [8] },
    { width: 4, height: 2, runs: [2, -1, 7] },
    { width: 1e9, height: 1e9, runs: [0, 1e18] },
    { width: 4, height: 2, runs: [0.5, 7.5] },
  ]
  for (const mask of bad) expect(isMask(mask)).toBe(false)
  const answer = (worker: string, masks: Mask[]) => ({
    item: 'i',
    worker,
    objects: masks.map((shape) => ({ label: 'a', shape })),
  })
  const { items } = maskConsensus([answer('v', [good]), answer('w', bad), answer('x', [good])])
  expect(items.get('i')).toMatchObject([{ shape: good, marked: 2 }])
})
