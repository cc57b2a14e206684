import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom, shuffled } from '../../../test/seeded.ts'
import type { NamedAnswer } from '../answer-table.ts'
import { kendallTau } from './kendall.ts'
import { type RankedObjects, rankingConsensus } from './rankings.ts'
import { fitStrengths } from './strengths.ts'

const pair = (item: string, worker: string, better: string, worse: string) => ({
  item,
  worker,
  answer: { order: [better, worse] },
})

interface Crowd {
  objects: number
  workers: number
  each: number
  /** Objects in one ranking. */
  length: number
  /** Shares of workers who guess, take what is shown first, and rank the wrong way round. */
  guess: number
  first: number
  reverse: number
}

/** Rankings by strengths (Gumbel noise, so Plackett–Luce holds for the honest) and by workers of known kinds. */
function crowd(seed: number, { objects, workers, each, length, guess, first, reverse }: Crowd) {
  const random = seededRandom(seed)
  const value = Array.from({ length: objects }, () => 1.5 * gaussian(random))
  const names = value.map((_, index) => `o${String(index).padStart(3, '0')}`)
  const answers: NamedAnswer<RankedObjects>[] = []
  for (let worker = 0; worker < workers; worker++) {
    const rank = (worker + 0.5) / workers
    for (let turn = 0; turn < each; turn++) {
      const drawn = new Set<number>()
      while (drawn.size < length) drawn.add(Math.floor(random() * objects))
      const shown = [...drawn]
      const felt = new Map(shown.map((object) => [object, value[object]! - Math.log(-Math.log(random()))]))
      let order = [...shown].sort((a, b) => felt.get(b)! - felt.get(a)!)
      if (rank < guess) order = shuffled(shown, random)
      else if (rank < guess + first) order = shown
      else if (rank < guess + first + reverse) order.reverse()
      answers.push({
        item: `i${worker}-${turn}`,
        worker: `w${String(worker).padStart(2, '0')}`,
        answer: { order: order.map((o) => names[o]!), shown: shown.map((o) => names[o]!) },
      })
    }
  }
  const truth = [...names].sort((a, b) => value[names.indexOf(b)]! - value[names.indexOf(a)]!)
  return { answers, truth }
}

/** Plain Bradley–Terry or Plackett–Luce with the same prior: every worker is trusted. */
function trustingOrder(answers: readonly NamedAnswer<RankedObjects>[]): string[] {
  const names = [...new Set(answers.flatMap(({ answer }) => answer.order))].sort()
  const start = [0]
  for (const { answer } of answers) start.push(start.at(-1)! + answer.order.length)
  const { strength } = fitStrengths(
    {
      objects: names.length,
      workers: 1,
      object: Int32Array.from(
        answers.flatMap(({ answer }) => answer.order.map((name) => names.indexOf(name))),
      ),
      start: Int32Array.from(start),
      worker: new Int32Array(answers.length),
      firstShown: new Int8Array(answers.length).fill(-1),
    },
    true,
  )
  return [...names].sort((a, b) => strength[names.indexOf(b)]! - strength[names.indexOf(a)]!)
}

describe('Kendall’s tau', () => {
  test('equal, reversed, one swap, only what both have', () => {
    expect(kendallTau(['a', 'b', 'c'], ['a', 'b', 'c'])).toBe(1)
    expect(kendallTau(['a', 'b', 'c'], ['c', 'b', 'a'])).toBe(-1)
    expect(kendallTau(['a', 'b', 'c'], ['b', 'a', 'c'])).toBeCloseTo(1 / 3, 15)
    expect(kendallTau(['a', 'x', 'b', 'a'], ['b', 'y', 'a'])).toBe(-1)
    expect(kendallTau(['a', 'b'], ['a'])).toBeNull()
  })

  test('counts like all pairs one by one', () => {
    const random = seededRandom(2)
    for (let run = 0; run < 20; run++) {
      const a = Array.from({ length: 2 + Math.floor(random() * 30) }, (_, i) => `${i}`)
      const b = shuffled(a, random)
      let sum = 0
      for (let i = 0; i < a.length; i++)
        for (let j = i + 1; j < a.length; j++) sum += b.indexOf(a[i]!) < b.indexOf(a[j]!) ? 1 : -1
      expect(kendallTau(a, b)).toBeCloseTo((2 * sum) / (a.length * (a.length - 1)), 12)
    }
  })
})

describe('simulated crowds: tau with the true order, beside trusting everyone', () => {
  const pairs = { objects: 40, workers: 20, each: 60, length: 2, guess: 0, first: 0, reverse: 0 }
  test.for([
    { name: 'honest', of: pairs, least: 0.8, gain: -0.02 },
    { name: 'a third guesses', of: { ...pairs, guess: 0.35 }, least: 0.7, gain: 0.03 },
    { name: 'half guess, some reverse', of: { ...pairs, guess: 0.5, reverse: 0.1 }, least: 0.65, gain: 0.1 },
    { name: 'four of ten take the first', of: { ...pairs, first: 0.4 }, least: 0.7, gain: 0.03 },
    { name: 'a fifth reverses', of: { ...pairs, reverse: 0.2 }, least: 0.75, gain: 0.05 },
    {
      name: 'rankings of five, a third guesses',
      of: { ...pairs, each: 15, length: 5, guess: 0.35, reverse: 0.05 },
      least: 0.75,
      gain: 0.03,
    },
  ])('$name', ({ of, least, gain }) => {
    let [consensus, trusting] = [0, 0]
    for (const seed of [1, 2]) {
      const { answers, truth } = crowd(seed, of)
      consensus += kendallTau(rankingConsensus(answers).order, truth)! / 2
      trusting += kendallTau(trustingOrder(answers), truth)! / 2
    }
    expect(consensus).toBeGreaterThan(least)
    expect(consensus).toBeGreaterThan(trusting + gain)
  })

  test('tells who follows the objects', () => {
    const { answers } = crowd(5, { ...pairs, guess: 0.25, reverse: 0.1 })
    const { table, reliability } = rankingConsensus(answers)
    const shares = table.workers.map((_, worker) => reliability(worker))
    expect(Math.max(...shares.slice(0, 7))).toBeLessThan(Math.min(...shares.slice(7)))
  })
})

test('one worker’s comparisons are Bradley–Terry with one imagined win and defeat each', () => {
  // Of two objects, 3 wins to 1: the root of strength's own equation, found by bisection.
  const { strength } = fitStrengths(
    {
      objects: 2,
      workers: 1,
      object: Int32Array.from([0, 1, 0, 1, 0, 1, 1, 0]),
      start: Int32Array.from([0, 2, 4, 6, 8]),
      worker: new Int32Array(4),
      firstShown: new Int8Array(4).fill(-1),
    },
    true,
  )
  let [low, high] = [1, 10]
  for (let step = 0; step < 100; step++) {
    const x = (low + high) / 2
    // By symmetry the other one's strength is 1 ÷ x.
    const slope = 4 - x * (4 / (x + 1 / x) + 2 / (x + 1))
    if (slope > 0) low = x
    else high = x
  }
  expect(strength[0]).toBeCloseTo(low, 3)
  expect(strength[0]! * strength[1]!).toBeCloseTo(1, 3)
})

test('the same bits for any order of the answers', () => {
  const { answers } = crowd(7, {
    objects: 15,
    workers: 8,
    each: 10,
    length: 3,
    guess: 0.2,
    first: 0,
    reverse: 0.1,
  })
  const read = (given: typeof answers) => {
    const { table, order, score, find, quality } = rankingConsensus(given)
    return [
      order,
      order.map(score),
      table.items.map((_, i) => find(i)),
      table.answer.map((_, i) => quality(i)),
    ]
  }
  for (const seed of [1, 2]) expect(read(shuffled(answers, seededRandom(seed)))).toEqual(read(answers))
})

test('golden bits: the same on every engine', () => {
  const answers = ['ab', 'bc', 'abc', 'cb', 'da', 'cabd'].map((order, i) => ({
    item: `i${i}`,
    worker: `w${i % 3}`,
    answer: { order: [...order] },
  }))
  const { score, quality, reliability } = rankingConsensus(answers)
  expect([score('a').score, score('a').deviation, quality(5), reliability(1)]).toMatchInlineSnapshot(`
    [
      0.5970504040352087,
      0.8153174488312267,
      0.3702809845786669,
      0.8189759212497917,
    ]
  `)
})

test('the undefeated stay finite, more wins make surer, and nothing is known of a stranger', () => {
  const wins = (count: number) => Array.from({ length: count }, (_, i) => pair(`i${i}`, `w${i}`, 'a', 'b'))
  const [few, many] = [rankingConsensus(wins(2)), rankingConsensus(wins(200))]
  expect(few.order).toEqual(['a', 'b'])
  expect(few.better('a', 'b')).toBeGreaterThan(0.5)
  expect(few.better('a', 'b')).toBeLessThan(many.better('a', 'b'))
  expect(many.better('a', 'b')).toBeLessThan(1)
  expect(many.find(0)).toEqual({ order: ['a', 'b'], confidence: many.better('a', 'b') })
  expect(many.better('x', 'y')).toBe(0.5)
})

test('an answer is judged by the others, not by itself', () => {
  const answers = [
    ...Array.from({ length: 8 }, (_, i) => pair('same', `w${i}`, 'a', 'b')),
    pair('same', 'w8', 'b', 'a'),
    pair('alone', 'w8', 'p', 'q'),
  ]
  const { table, quality } = rankingConsensus(answers)
  const of = (item: string, place: number) => quality(table.start[table.items.indexOf(item)]! + place)
  expect(of('same', 0)).toBeGreaterThan(0.8)
  expect(of('same', 8)).toBeLessThan(0.2)
  expect(of('alone', 0)).toBeGreaterThan(0.4)
  expect(of('alone', 0)).toBeLessThan(0.6)
})

test('hostile answers: none, empty, one object, repeats, very long', () => {
  expect(rankingConsensus([]).order).toEqual([])
  const answer = (order: string[]) => [{ item: 'a', worker: 'w', answer: { order } }]
  expect(rankingConsensus(answer([])).quality(0)).toBe(0)
  expect(rankingConsensus(answer(['x'])).find(0)).toEqual({ order: ['x'], confidence: 1 })
  expect(rankingConsensus(answer(['x', 'y', 'x', 'x'])).order).toEqual(['x', 'y'])
  const long = Array.from({ length: 3000 }, (_, i) => `o${String(i).padStart(4, '0')}`)
  const { order, quality, score } = rankingConsensus(answer(long))
  expect(order).toEqual(long)
  expect(quality(0) >= 0 && quality(0) <= 1).toBe(true)
  expect(Number.isFinite(score('o0000').score)).toBe(true)
})
