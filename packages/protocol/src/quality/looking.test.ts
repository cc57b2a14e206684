import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../test/seeded.ts'
import { SimulatedCampaign, specWith } from '../../test/simulated-campaign.ts'
import { dawidSkene } from '../consensus/classification/dawid-skene.ts'
import { type LabelTable, labelTable } from '../consensus/classification/label-table.ts'
import { othersOf } from '../consensus/classification/others.ts'
import { answerOf } from '../labeling/labels.ts'
import type { Spec } from '../spec/spec.ts'
import { qualitiesOf, responsesOf, statementsOf, usualResponse } from './looking.ts'

type Habit = (truth: number, random: () => number) => number
const right =
  (share: number): Habit =>
  (truth, random) =>
    random() < share ? truth : 1 - truth

/** Two classes, `each` labels per item, one worker of each habit after the other on every item in turn. */
function crowd(habits: readonly Habit[], items: number, each: number, seed = 1): LabelTable {
  const random = seededRandom(seed)
  const columns = { item: [] as number[], worker: [] as number[], label: [] as number[] }
  for (let t = 0; t < items; t++) {
    const truth = random() < 0.7 ? 0 : 1
    for (let n = 0; n < each; n++) {
      const w = (t + n * (1 + (t % (habits.length - 1)))) % habits.length
      columns.item.push(t)
      columns.worker.push(w)
      columns.label.push(habits[w]!(truth, random))
    }
  }
  return labelTable({
    items,
    workers: habits.length,
    classes: 2,
    item: Int32Array.from(columns.item),
    worker: Int32Array.from(columns.worker),
    label: Int32Array.from(columns.label),
  })
}

function meanQualities(table: LabelTable): number[] {
  const none = new Int32Array(table.items).fill(-1)
  const qualities = qualitiesOf(statementsOf(table, none, othersOf(table, dawidSkene(table, none)).support))
  const [sums, counts] = [new Float64Array(table.workers), new Float64Array(table.workers)]
  qualities.forEach((quality, i) => {
    sums[table.worker[i]!]! += quality
    counts[table.worker[i]!]!++
  })
  return Array.from(sums, (sum, w) => sum / counts[w]!)
}

const careful = Array.from({ length: 7 }, () => right(0.9))

test('who looks earns; always the commonest label, a coin and a biased coin earn next to nothing', () => {
  const habits: Habit[] = [...careful, () => 0, (_, random) => (random() < 0.5 ? 0 : 1)]
  habits.push((_, random) => (random() < 0.7 ? 0 : 1))
  const quality = meanQualities(crowd(habits, 1200, 5))
  for (const honest of quality.slice(0, 7)) expect(honest).toBeGreaterThan(0.8)
  for (const blind of quality.slice(7)) expect(blind).toBeLessThan(0.12)
})

test('with two answers per item, those that are confirmed earn nearly all', () => {
  const table = crowd(careful, 400, 2)
  const none = new Int32Array(table.items).fill(-1)
  const qualities = qualitiesOf(statementsOf(table, none, othersOf(table, dawidSkene(table, none)).support))
  for (let t = 0; t < table.items; t++) {
    const first = table.start[t]!
    if (table.label[first] !== table.label[first + 1]) continue
    expect(qualities[first]).toBeGreaterThan(0.7)
    expect(qualities[first + 1]).toBeGreaterThan(0.7)
  }
})

test('blind answers do not lower the usual response', () => {
  const usualOf = (habits: readonly Habit[]) => {
    const table = crowd(habits, 1200, 5)
    const none = new Int32Array(table.items).fill(-1)
    const statements = statementsOf(table, none, othersOf(table, dawidSkene(table, none)).support)
    return usualResponse(statements, responsesOf(statements))
  }
  const without = usualOf(careful)
  expect(usualOf([...careful, () => 0, () => 0, () => 1])).toBeGreaterThan(without - 0.1)
})

test('a response depends on a worker’s own answers alone, in any order', () => {
  const answer = fc.record({
    worker: fc.nat(3),
    others: fc.double({ min: 0, max: 1, noNaN: true }),
    habit: fc.double({ min: 0.01, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 60 }), (answers) => {
      const columns = (rows: typeof answers) => ({
        workers: 4,
        worker: Int32Array.from(rows, ({ worker }) => worker),
        others: Float64Array.from(rows, ({ others }) => others),
        habit: Float64Array.from(rows, ({ habit }) => habit),
      })
      const all = responsesOf(columns(answers))
      const byWorker = [...answers].sort((a, b) => a.worker - b.worker)
      expect(responsesOf(columns(byWorker))).toEqual(all)
      expect(responsesOf(columns(answers.filter(({ worker }) => worker === 2)))[2]).toBe(all[2])
      for (const response of all) expect(response > 0 && response < 1).toBe(true)
    }),
  )
})

test('without any answer of others a worker’s response stays what is imagined of everybody', () => {
  const alone = { workers: 1, worker: new Int32Array(50), others: new Float64Array(50).fill(0.6) }
  const [response] = responsesOf({ ...alone, habit: new Float64Array(50).fill(0.6) })
  expect(response).toBeCloseTo(0.25, 9)
})

const looking = { ...specWith().reward, version: 2 } as const
const collect: Partial<Spec> = {
  kind: 'collect',
  labelingConfig: '',
  items: null,
  intake: { mediaTypes: ['text/plain'], maxBytes: 1000, maxItems: 100, maxPerContributor: 100 },
}

/** Qualities of the reviews of one account over `items` submissions, reviewed by those whom `reviewersOf` names. */
function reviewQualities(
  spec: Partial<Spec>,
  items: number,
  reviewersOf: (item: number) => Record<string, 'accept' | 'reject'>,
): (name: string) => number {
  const campaign = new SimulatedCampaign({ items, spec: { ...collect, ...spec, reward: looking } })
  campaign.items.forEach((item, i) => {
    const body = { mediaType: 'text/plain', bytes: 10 }
    campaign.worker('cat').append({ kind: 'submission', item, revises: null, body })
    for (const [name, verdict] of Object.entries(reviewersOf(i))) {
      const review = { verdict, answer: null, reason: 'as I see it' }
      campaign.worker(name).append({ kind: 'review', item, revises: null, body: review })
    }
  })
  const { scores } = campaign.cut({ closing: true }).settlement
  return (name) => {
    const own = scores.filter(({ account }) => account === campaign.worker(name).account)
    return own.reduce((sum, { quality }) => sum + quality, 0) / own.length / 1_000_000
  }
}

test('where nobody checks, always rejecting earns what any other review does, and that is not all', () => {
  const quality = reviewQualities(
    { review: { reviews: 1 } },
    24,
    (i): Record<string, 'accept' | 'reject'> =>
      i % 2 === 0 ? { rex: 'reject' } : { una: i % 5 === 0 ? 'reject' : 'accept' },
  )
  expect(quality('rex')).toBeCloseTo((0.25 / 0.35) ** 2, 5)
  expect(quality('una')).toBeCloseTo(quality('rex'), 5)
})

test('among five reviewers those who tell good from bad earn, those who always say the same do not', () => {
  const isBad = (i: number) => i % 3 === 0
  const quality = reviewQualities({ review: { reviews: 5 } }, 40, (i) => ({
    ann: isBad(i) ? 'reject' : 'accept',
    bob: isBad(i) !== (i % 17 === 0) ? 'reject' : 'accept',
    eve: isBad(i) !== (i % 13 === 0) ? 'reject' : 'accept',
    rex: 'reject',
    una: 'accept',
  }))
  for (const honest of ['ann', 'bob', 'eve']) expect(quality(honest)).toBeGreaterThan(0.7)
  for (const blind of ['rex', 'una']) expect(quality(blind)).toBeLessThan(0.2)
})

test('bare rejections of sure results are worth nothing', () => {
  const campaign = new SimulatedCampaign({ items: 12, spec: { review: { reviews: 1 }, reward: looking } })
  for (const [i, item] of campaign.items.entries()) {
    for (const name of ['ann', 'bob', 'eve'])
      campaign.worker(name).annotate(campaign.spec, item, i % 2 ? 'yes' : 'no')
    const body =
      i % 2
        ? { verdict: 'reject', answer: null, reason: 'no' }
        : { verdict: 'accept', answer: answerOf(campaign.spec, 'no'), reason: '' }
    campaign.worker(i % 2 ? 'rex' : 'una').append({ kind: 'review', item, revises: null, body })
  }
  const { scores } = campaign.cut({ closing: true }).settlement
  const rejections = scores.filter(({ account }) => account === campaign.worker('rex').account)
  expect(rejections).toHaveLength(6)
  for (const { quality, micro } of rejections) {
    expect(quality).toBeLessThan(20_000)
    expect(micro).toBe(campaign.terms.floorPay * 1_000_000n)
  }
})
