import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AdaptiveRule, type NextStep, nextStep, outlookOf } from './adaptive.ts'
import { gainPerAnswer } from './adaptive-gain.ts'
import { type TalliedAnswer, Tally } from './adaptive-tally.ts'
import { auto } from './auto.ts'
import { labelTable } from './label-table.ts'
import { majority } from './majority.ts'

const RULE: AdaptiveRule = { min: 3, max: 9, targetConfidence: 900_000 }
const SIZES = { items: 12, workers: 8, classes: 3 }

const fold = (answers: readonly TalliedAnswer[], classes = SIZES.classes): Tally => {
  const tally = new Tally(classes)
  for (const answer of answers) tally.add(answer)
  return tally
}
const stepsOf = (tally: Tally, items: number): NextStep[] =>
  Array.from({ length: items }, (_, item) => nextStep(tally, item, RULE))

const answers = fc
  .array(
    fc.record({
      item: fc.nat(SIZES.items - 1),
      worker: fc.nat(SIZES.workers - 1),
      label: fc.nat(SIZES.classes - 1),
    }),
    { maxLength: 150 },
  )
  .map((list) => list.map((answer, seq) => ({ ...answer, seq })))

test('kept up with every answer = folded anew, after any prefix and in any order', () => {
  const shuffled = answers.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  fc.assert(
    fc.property(shuffled, fc.nat(150), ([list, inAnyOrder], length) => {
      const kept = fold(list.slice(0, length))
      // What decides in between must leave nothing behind.
      stepsOf(kept, SIZES.items)
      for (const answer of list.slice(length)) kept.add(answer)
      const last = new Map(list.map((answer) => [`${answer.item} ${answer.worker}`, answer]))
      for (const same of [fold(list), fold(inAnyOrder), fold([...last.values()])]) {
        expect(same.state()).toEqual(kept.state())
        expect(stepsOf(same, SIZES.items)).toEqual(stepsOf(kept, SIZES.items))
        // To the last bit.
        for (let item = 0; item < SIZES.items; item++)
          expect(outlookOf(same, item)).toEqual(outlookOf(kept, item))
      }
    }),
    { numRuns: 200 },
  )
})

test('other numbers for items and workers change no decision', () => {
  const order = (size: number) => fc.shuffledSubarray([...Array(size).keys()], { minLength: size })
  fc.assert(
    fc.property(answers, order(SIZES.items), order(SIZES.workers), (list, items, workers) => {
      const renamed = fold(
        list.map((answer) => ({ ...answer, item: items[answer.item]!, worker: workers[answer.worker]! })),
      )
      const tally = fold(list)
      for (let item = 0; item < SIZES.items; item++)
        expect(outlookOf(renamed, items[item]!)).toEqual(outlookOf(tally, item))
    }),
  )
})

test('what is kept is integers, and says who agreed with whom', () => {
  const tally = fold([
    { item: 0, worker: 0, label: 1, seq: 0 },
    { item: 0, worker: 2, label: 1, seq: 0 },
    { item: 0, worker: 5, label: 0, seq: 0 },
    { item: 0, worker: 5, label: 2, seq: 4 },
    { item: 0, worker: 5, label: 1, seq: 3 },
    { item: 1, worker: 0, label: 0, seq: 1 },
  ])
  expect(tally.state()).toEqual({
    given: [1, 2, 1],
    workers: [
      [0, 2, 1],
      [2, 2, 1],
      [5, 2, 0],
    ],
    answers: [
      { item: 0, worker: 0, label: 1, seq: 0 },
      { item: 0, worker: 2, label: 1, seq: 0 },
      { item: 0, worker: 5, label: 2, seq: 4 },
      { item: 1, worker: 0, label: 0, seq: 1 },
    ],
  })
})

test('answers out of range are refused', () => {
  const good = { item: 0, worker: 0, label: 0, seq: 0 }
  const tally = new Tally(2)
  for (const bad of [{ label: 2 }, { item: -1 }, { worker: 0.5 }, { seq: Number.NaN }])
    expect(() => tally.add({ ...good, ...bad })).toThrow(expect.objectContaining({ code: 'bad-document' }))
  expect(() => new Tally(1)).toThrow(expect.objectContaining({ code: 'bad-document' }))
})

/** A crowd of four who agree on twenty items, so that the rule knows them, and answers to one more. */
const withCrowd = (labels: readonly number[], wrongEvery: number): Tally => {
  const tally = new Tally(2)
  for (let item = 1; item <= 40; item++)
    for (let worker = 0; worker < 4; worker++) {
      const label = (item + ((item * 4 + worker) % wrongEvery === 0 ? 1 : 0)) % 2
      tally.add({ item, worker, label, seq: item })
    }
  labels.forEach((label, worker) => {
    tally.add({ item: 0, worker, label, seq: 0 })
  })
  return tally
}

test('a good crowd of one mind is done; a doubt asks again; at the most answers somebody else decides', () => {
  expect(nextStep(withCrowd([1, 1], 9), 0, RULE)).toBe('ask')
  expect(nextStep(withCrowd([1, 1, 1], 9), 0, RULE)).toBe('done')
  expect(nextStep(withCrowd([1, 1, 0], 9), 0, RULE)).toBe('ask')
  expect(nextStep(withCrowd([1, 1, 0, 0], 9), 0, { ...RULE, max: 4 })).toBe('review')
})

test('a worse crowd, or a stricter target, takes more answers', () => {
  expect(nextStep(withCrowd([1, 1, 1], 3), 0, RULE)).toBe('ask')
  expect(nextStep(withCrowd([1, 1, 1], 9), 0, { ...RULE, targetConfidence: 999_000 })).toBe('ask')
})

test('the gain of the best number of further answers, per answer', () => {
  // Lead of two at three in four right: of three answers all must differ. Written out by hand for 1, 2 and 3 answers.
  const rivals = {
    first: 0.9,
    second: 0.1,
    firstIfFirst: 0.75,
    secondIfFirst: 0.25,
    firstIfSecond: 0.25,
    secondIfSecond: 0.75,
  }
  const three = (0.1 * 0.75 ** 3 - 0.9 * 0.25 ** 3) / 3
  expect(gainPerAnswer(rivals)).toBeGreaterThanOrEqual(three)
  expect(gainPerAnswer(rivals)).toBeLessThan(1.5 * three)
  expect(gainPerAnswer({ ...rivals, first: 0.5, second: 0.5 })).toBeCloseTo(0.25, 12)
  // Who guesses teaches nothing.
  expect(
    gainPerAnswer({
      ...rivals,
      firstIfFirst: 0.5,
      secondIfFirst: 0.5,
      firstIfSecond: 0.5,
      secondIfSecond: 0.5,
    }),
  ).toBeCloseTo(0, 12)
})

type Generator = (draw: () => number, item: number, worker: number, truth: number) => number
const guess = (draw: () => number) => Math.floor(draw() * 4)
const wrong = (draw: () => number, truth: number) => (truth + 1 + Math.floor(draw() * 3)) % 4
/** Crowds unlike the one the rule believes in. */
const CROWDS: Record<string, Generator> = {
  'equal workers': (draw, _item, _worker, truth) => (draw() < 0.75 ? truth : wrong(draw, truth)),
  'one in four answers anything': (draw, _item, worker, truth) =>
    worker % 4 !== 0 && draw() < 0.85 ? truth : guess(draw),
  'neighboring classes are mistaken for each other': (draw, _item, worker, truth) =>
    draw() < 0.9 - (worker % 5) * 0.1 ? truth : truth ^ 1,
  'a fifth of the items is hard, with one tempting wrong answer': (draw, item, _worker, truth) =>
    draw() < (item % 5 === 0 ? 0.5 : 0.9) ? truth : (truth + 1) % 4,
}

test.each(Object.entries(CROWDS))('of ten labels at least two in five are saved: %s', (_name, say) => {
  const [items, workers, each] = [600, 40, 10]
  let seed = 7
  const draw = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return (seed >>> 8) / 2 ** 24
  }
  const item: number[] = []
  const worker: number[] = []
  const label: number[] = []
  for (let t = 0; t < items; t++)
    for (let i = 0; i < each; i++) {
      const w = (t * 7 + i * (1 + (t % 3))) % workers
      item.push(t)
      worker.push(w)
      label.push(say(draw, t, w, t % 4))
    }
  const tally = new Tally(4)
  const asked = new Set<number>()
  for (let round = 0; round < each; round++)
    for (let t = 0; t < items; t++) {
      const at = t * each + tally.countOf(t)
      if (tally.countOf(t) === each || nextStep(tally, t, { ...RULE, max: each }) !== 'ask') continue
      tally.add({ item: t, worker: worker[at]!, label: label[at]!, seq: 0 })
      asked.add(at)
    }
  const tableOf = (keep: (at: number) => boolean) => {
    const column = (values: readonly number[]) => Int32Array.from(values.filter((_, at) => keep(at)))
    return labelTable({
      items,
      workers,
      classes: 4,
      item: column(item),
      worker: column(worker),
      label: column(label),
    })
  }
  const accuracy = (posterior: Float64Array) => {
    let right = 0
    for (let t = 0; t < items; t++) {
      const row = posterior.subarray(t * 4, t * 4 + 4)
      const top = Math.max(...row)
      if (row[t % 4] === top) right += 1 / row.filter((p) => p === top).length
    }
    return right / items
  }
  const unknown = new Int32Array(items).fill(-1)
  const all = accuracy(
    majority(
      tableOf(() => true),
      unknown,
    ).posterior,
  )
  const saving = accuracy(
    auto(
      tableOf((at) => asked.has(at)),
      unknown,
    ).posterior,
  )
  expect(1 - asked.size / item.length).toBeGreaterThan(0.4)
  expect(saving).toBeGreaterThan(all - 0.015)
})
