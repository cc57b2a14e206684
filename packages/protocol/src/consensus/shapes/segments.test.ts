import { expect, test } from 'vitest'
import { draw, gaussian, seededRandom, shuffled } from '../../../test/seeded.ts'
import { type Stretch, stretchIou } from '../../quality/agreement/overlap.ts'
import type { ObjectAnswer } from './objects.ts'
import { segmentConsensus } from './segments.ts'

/** 60 recordings of 60 s with 0 to 5 events; 5 of 10 workers listen: four careful, six late or early, deaf or hearing things. */
function crowd(seed: number) {
  const random = seededRandom(seed)
  const people = Array.from({ length: 10 }, (_, j) => ({
    lag: j < 4 ? 0.05 * gaussian(random) : 0.6 * gaussian(random),
    hand: j < 4 ? 0.1 : 0.5,
    miss: j < 4 ? 0.05 : 0.25,
    imagine: j < 4 ? 0.05 : 0.4,
  }))
  const truth = new Map<string, Stretch[]>()
  const answers: ObjectAnswer<Stretch>[] = []
  for (let t = 0; t < 60; t++) {
    const real = Array.from({ length: Math.floor(6 * random()) }, (_, k) => {
      const start = 11 * k + 4 * random()
      return { start, end: start + 2 + 5 * random() }
    })
    truth.set(`i${t}`, real)
    for (const j of draw(random, 5, 10)) {
      const { lag, hand, miss, imagine } = people[j]!
      const heard = real
        .filter(() => random() >= miss)
        .map(({ start, end }) => ({
          start: start + lag + hand * gaussian(random),
          end: end + lag + hand * gaussian(random),
        }))
      const start = 55 * random()
      if (random() < imagine) heard.push({ start, end: start + 3 })
      answers.push({
        item: `i${t}`,
        worker: `w${j}`,
        objects: heard.map((shape) => ({ label: 'bark', shape })),
      })
    }
  }
  return { truth, answers }
}

/** Grouped greedily by overlap, medians of both ends where more than half marked it. */
function naive(answers: readonly ObjectAnswer<Stretch>[]): Stretch[] {
  const groups: Stretch[][] = []
  for (const { objects } of answers)
    for (const { shape } of objects) {
      const near = groups.find((group) => stretchIou(group[0]!, shape) >= 0.3)
      if (near === undefined) groups.push([shape])
      else near.push(shape)
    }
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!
  return groups
    .filter((group) => 2 * group.length > answers.length)
    .map((group) => ({ start: median(group.map((s) => s.start)), end: median(group.map((s) => s.end)) }))
}

/** F1 at an overlap of 0.8. */
function f1(found: readonly Stretch[][], truth: readonly Stretch[][]): number {
  let [right, total] = [0, 0]
  truth.forEach((real, t) => {
    total += real.length + found[t]!.length
    for (const stretch of real) if (found[t]!.some((result) => stretchIou(result, stretch) >= 0.8)) right++
  })
  return (2 * right) / total
}

test('simulated listeners: F1 at an overlap of 0.8 against medians of a majority', () => {
  const sums = { consensus: 0, naive: 0 }
  for (const seed of [1, 2, 3]) {
    const { truth, answers } = crowd(seed)
    const { items } = segmentConsensus(answers)
    const results = [...truth.keys()].map((item) =>
      (items.get(item) ?? []).filter(({ confidence }) => confidence >= 0.5).map(({ shape }) => shape),
    )
    const plain = [...truth.keys()].map((item) => naive(answers.filter((answer) => answer.item === item)))
    sums.consensus += f1(results, [...truth.values()]) / 3
    sums.naive += f1(plain, [...truth.values()]) / 3
  }
  expect(sums.consensus).toBeGreaterThan(sums.naive + 0.05)
})

test('the same bits for any order; careful listeners earn more; empty and endless segments are left out', () => {
  const { answers } = crowd(4)
  const { items, quality } = segmentConsensus(answers)
  expect([...segmentConsensus(shuffled(answers, seededRandom(1))).items]).toEqual([...items])
  const meanOf = (isWanted: (worker: number) => boolean) => {
    const own = answers.filter(({ worker }) => isWanted(Number(worker.slice(1))))
    return own.reduce((sum, { item, worker }) => sum + quality(item, worker), 0) / own.length
  }
  expect(meanOf((worker) => worker < 4)).toBeGreaterThan(meanOf((worker) => worker >= 4) + 0.1)
  const bad = [
    { start: 1, end: 1 },
    { start: 2, end: 1 },
    { start: Number.NaN, end: 1 },
    { start: 0, end: Infinity },
  ].map((shape) => ({ label: 'bark', shape }))
  expect(segmentConsensus([{ item: 'i', worker: 'w', objects: bad }]).items.get('i')).toEqual([])
})
