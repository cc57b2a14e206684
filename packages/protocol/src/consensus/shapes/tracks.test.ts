import { describe, expect, test } from 'vitest'
import { draw, gaussian, seededRandom, shuffled } from '../../../test/seeded.ts'
import { type RotatedBox, rotatedIou } from './box.ts'
import type { ObjectAnswer } from './objects.ts'
import { boxesAt, type Keyframe, orderedKeyframes, type Track, trackOf } from './track.ts'
import { trackConsensus } from './tracks.ts'

const FRAMES = 40
const ALL = Array.from({ length: FRAMES }, (_, k) => k + 1)
const boxes = (track: Track) => boxesAt(orderedKeyframes(track)!, ALL)

/** Videos with two things each that drift and grow; 5 of 8 workers: four careful, four with unsteady hands, late or missing one. */
function crowd(seed: number, videos: number) {
  const random = seededRandom(seed)
  const truth = new Map<string, Track[]>()
  const answers: ObjectAnswer<Track>[] = []
  const leans = Array.from({ length: 8 }, () => gaussian(random))
  for (let t = 0; t < videos; t++) {
    const real = [0, 1].map((row) => {
      const first = 1 + Math.floor(10 * random())
      const [x, speed, grow] = [50 + 100 * random(), 2 + 3 * random(), 0.5 * random()]
      const last = FRAMES - Math.floor(10 * random())
      return {
        keyframes: [first, last].map((frame) => ({
          frame,
          enabled: frame === first,
          x: x + speed * frame,
          y: 100 + 200 * row + 20 * random(),
          width: 50 + grow * frame,
          height: 60 + grow * frame,
          rotation: 0,
        })),
      }
    })
    truth.set(`i${t}`, real)
    for (const j of draw(random, 5, 8)) {
      const isCareful = j < 4
      const objects = real
        .filter(() => isCareful || random() > 0.2)
        .map((track) => ({ label: 'car', shape: followed(track, isCareful, leans[j]!, random) }))
      answers.push({ item: `i${t}`, worker: `w${j}`, objects })
    }
  }
  return { truth, answers }
}

/** What a worker makes of a track: key frames every ten frames or so, off by a hand's noise and a lean of their own. */
function followed(track: Track, isCareful: boolean, lean: number, random: () => number): Track {
  const real = boxes(track)
  const present = ALL.filter((frame) => real[frame - 1] !== null)
  const late = isCareful ? 0 : Math.floor(6 * random())
  const seen = present.slice(late, present.length - (isCareful ? 0 : Math.floor(6 * random())))
  const hand = isCareful ? 1.5 : 7
  const chosen = seen.filter((_, k) => k % 10 === 0 || k === seen.length - 1)
  const keyframes = chosen.map((frame, k): Keyframe => {
    const { x, y, width, height } = real[frame - 1]!
    const off = () => hand * gaussian(random)
    return {
      frame,
      enabled: k < chosen.length - 1,
      x: x + off() + (isCareful ? 0 : 6 * lean),
      y: y + off(),
      width: Math.max(5, width + off()),
      height: Math.max(5, height + off()),
      rotation: 0,
    }
  })
  return { keyframes }
}

/** Mean over all frames where either has a box of their overlap. */
function overlap(a: readonly (RotatedBox | null)[], b: readonly (RotatedBox | null)[]): number {
  let [sum, count] = [0, 0]
  a.forEach((p, k) => {
    const q = b[k]!
    if (p === null && q === null) return
    count++
    sum += p === null || q === null ? 0 : rotatedIou(p, q)
  })
  return count > 0 ? sum / count : 0
}

/** At each frame medians of the boxes there, where more than half of the workers that follow the track have one. */
function naive(tracks: readonly (readonly (RotatedBox | null)[])[]): (RotatedBox | null)[] {
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!
  return ALL.map((frame) => {
    const there = tracks.flatMap((track) => track[frame - 1] ?? [])
    if (2 * there.length <= tracks.length) return null
    const of = (side: (box: RotatedBox) => number) => median(there.map(side))
    return {
      x: of((box) => box.x),
      y: of((box) => box.y),
      width: of((box) => box.width),
      height: of((box) => box.height),
      rotation: 0,
    }
  })
}

test('simulated followers: more overlap with the truth than medians frame by frame', () => {
  const sums = { consensus: 0, naive: 0 }
  for (const seed of [1, 2]) {
    const { truth, answers } = crowd(seed, 10)
    const { items } = trackConsensus(answers, () => FRAMES)
    for (const [item, real] of truth)
      for (const track of real) {
        const reference = boxes(track)
        const found = items.get(item)!.map(({ shape }) => overlap(boxes(shape), reference))
        // Rows are far apart: whoever overlaps at all means this one. So the naive way is told who belongs together.
        const own = answers
          .filter((answer) => answer.item === item)
          .flatMap(({ objects }) => objects.map(({ shape }) => boxes(shape)))
          .filter((followed) => overlap(followed, reference) > 0.05)
        sums.consensus += Math.max(0, ...found) / 40
        sums.naive += overlap(naive(own), reference) / 40
      }
  }
  expect(sums.consensus).toBeGreaterThan(sums.naive + 0.02)
})

test('the same bits for any order; careful followers earn more', () => {
  const { answers } = crowd(3, 5)
  const { items, quality } = trackConsensus(answers, () => FRAMES)
  expect([...trackConsensus(shuffled(answers, seededRandom(1)), () => FRAMES).items]).toEqual([...items])
  const meanOf = (isWanted: (worker: number) => boolean) => {
    const own = answers.filter(({ worker }) => isWanted(Number(worker.slice(1))))
    return own.reduce((sum, { item, worker }) => sum + quality(item, worker), 0) / own.length
  }
  expect(meanOf((worker) => worker < 4)).toBeGreaterThan(meanOf((worker) => worker >= 4) + 0.1)
})

describe('tracks', () => {
  const key = (frame: number, x: number, enabled = true) => ({
    frame,
    x,
    y: 0,
    width: 10,
    height: 10,
    rotation: 0,
    enabled,
  })
  const x = (track: Track) =>
    boxesAt(orderedKeyframes(track)!, [1, 2, 3, 4, 5, 6]).map((box) => box?.x ?? null)

  test('lie on straight lines until disabled, and stay after the last key frame', () => {
    expect(x({ keyframes: [key(2, 0), key(4, 4, false), key(6, 9)] })).toEqual([null, 0, 2, 4, null, 9])
    expect(x({ keyframes: [key(3, 1)] })).toEqual([null, null, 1, 1, 1, 1])
    expect(x({ keyframes: [key(4, 4, false), key(2, 0)] })).toEqual([null, 0, 2, 4, null, null])
  })

  test('come back from their boxes with few key frames', () => {
    const track = { keyframes: [key(1, 0), key(3, 8), key(4, 8, false), key(6, 5, false)] }
    const again = trackOf([1, 2, 3, 4, 5, 6], boxesAt(track.keyframes, [1, 2, 3, 4, 5, 6]), 0.5)
    expect(again).toEqual(track)
  })

  test('that are none are left out', () => {
    const bad = [
      { keyframes: [] },
      { keyframes: [key(1.5, 0)] },
      { keyframes: [{ ...key(1, 0), width: -1 }] },
      { keyframes: [key(1, Number.NaN)] },
      { keyframes: Array.from({ length: 6000 }, (_, k) => key(k, k)) },
      { keyframes: [key(100, 1)] },
    ]
    const objects = bad.map((shape) => ({ label: 'car', shape }))
    expect(trackConsensus([{ item: 'i', worker: 'w', objects }], () => 6).items.get('i')).toEqual([])
  })
})
