import { expect, test } from 'vitest'
import { draw, gaussian, seededRandom, shuffled } from '../../../test/seeded.ts'
import { TaggerError } from '../../errors.ts'
import { type NumberLabel, numberTable } from './number-table.ts'
import { ordinalConsensus } from './ordinal.ts'

interface Crowd {
  levels: number
  bias: number
  noise: number
}

/** 400 items on a scale, rated by 5 of 20 workers who differ in bias and noise. */
function ratings(seed: number, { levels, bias, noise }: Crowd) {
  const random = seededRandom(seed)
  const people = Array.from({ length: 20 }, () => ({
    bias: bias * gaussian(random),
    noise: noise * Math.exp(0.5 * gaussian(random)),
  }))
  const labels: NumberLabel[] = []
  const truth = new Map<string, number>()
  for (let i = 0; i < 400; i++) {
    const level = Math.floor(random() * levels)
    truth.set(`i${i}`, level)
    for (const j of draw(random, 5, 20)) {
      const said = Math.floor(level + people[j]!.bias + people[j]!.noise * gaussian(random) + 0.5)
      labels.push({ item: `i${i}`, worker: `w${j}`, value: Math.max(0, Math.min(levels - 1, said)) })
    }
  }
  return { table: numberTable(labels), labels, truth }
}

const unknown = (items: number) => new Int32Array(items).fill(-1)

test.for([
  { name: 'five stars, biased raters', levels: 5, bias: 0.5, noise: 0.8, gain: 0.1 },
  { name: 'five stars, noisy raters', levels: 5, bias: 0, noise: 1.2, gain: 0.05 },
  { name: 'eleven points', levels: 11, bias: 0.7, noise: 1.5, gain: 0.1 },
])('$name: more right levels than the majority, nearer than the mean, honestly confident', ({
  gain,
  ...crowd
}) => {
  const sums = { right: 0, confidence: 0, distance: 0, majority: 0, meanDistance: 0 }
  for (const seed of [1, 2, 3]) {
    const { table, truth } = ratings(seed, crowd)
    const consensus = ordinalConsensus(table, crowd.levels, unknown(table.items.length))
    table.items.forEach((item, index) => {
      const level = truth.get(item)!
      const own = [...table.value.subarray(table.start[index]!, table.start[index + 1]!)]
      const votes = Array.from({ length: crowd.levels }, (_, k) => own.filter((value) => value === k).length)
      const top = Math.max(...votes)
      const estimate = consensus.estimate(index)
      sums.right += estimate.level === level ? 1 / 1200 : 0
      sums.confidence += estimate.confidence / 1200
      sums.distance += Math.abs(estimate.mean - level) / 1200
      sums.majority += votes[level] === top ? 1 / votes.filter((count) => count === top).length / 1200 : 0
      sums.meanDistance += Math.abs(own.reduce((a, b) => a + b) / own.length - level) / 1200
    })
  }
  expect(sums.right).toBeGreaterThan(sums.majority + gain)
  expect(sums.distance).toBeLessThan(0.85 * sums.meanDistance)
  expect(Math.abs(sums.confidence - sums.right)).toBeLessThan(0.05)
})

test('the same bits for any order of the labels', () => {
  const { labels } = ratings(1, { levels: 5, bias: 0.5, noise: 0.8 })
  const reference = ordinalConsensus(numberTable(labels), 5, unknown(400)).posterior
  const again = numberTable(shuffled(labels, seededRandom(2)))
  expect(ordinalConsensus(again, 5, unknown(400)).posterior).toEqual(reference)
})

test('known levels stay; a label is judged without itself; a near miss is worth more than a far one', () => {
  const said: [string, number][] = [
    ['w1', 4],
    ['w2', 4],
    ['w3', 3],
    ['w4', 0],
  ]
  const labels = said.flatMap(([worker, value]) => [
    { item: 'a', worker, value },
    { item: 'b', worker, value: 2 },
  ])
  const table = numberTable(labels)
  const consensus = ordinalConsensus(table, 5, Int32Array.of(-1, 2))
  expect(consensus.estimate(1)).toEqual({ level: 2, mean: 2, confidence: 1 })
  expect(consensus.quality(0)).toBeGreaterThan(consensus.quality(2))
  expect(consensus.quality(2)).toBeGreaterThan(consensus.quality(3))
  const alone = ordinalConsensus(numberTable([{ item: 'a', worker: 'w', value: 4 }]), 5, unknown(1))
  const changed = ordinalConsensus(numberTable([{ item: 'a', worker: 'w', value: 0 }]), 5, unknown(1))
  expect(alone.withoutLabel(0).reduce((a, b) => a + b)).toBeCloseTo(1, 12)
  expect(alone.quality(0)).toBeCloseTo(changed.quality(0), 1)
})

test('refuses what is no level', () => {
  const table = (value: number) => numberTable([{ item: 'a', worker: 'w', value }])
  for (const value of [-1, 0.5, 5])
    expect(() => ordinalConsensus(table(value), 5, unknown(1))).toThrow(TaggerError)
  expect(() => ordinalConsensus(table(0), 1000, unknown(1))).toThrow('levels')
  expect(ordinalConsensus(numberTable([]), 5, unknown(0)).posterior).toEqual(new Float64Array())
})
