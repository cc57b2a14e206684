import { expect, test } from 'vitest'
import { seededRandom } from '../../test/seeded.ts'
import {
  type CheckedAnswer,
  type GoldStanding,
  goldStanding,
  isBlindToCrowd,
  leastResponse,
  qualifies,
} from './gold-rule.ts'

const LEAST = leastResponse(0.8)

/** Known items of `classes` even classes, answered by looking with this chance and else by `habit`. */
function answers(
  count: number,
  { looks, classes, habit }: { looks: number; classes: number; habit: (any: number) => number },
  seed: number,
): CheckedAnswer[] {
  const random = seededRandom(seed)
  const any = () => Math.floor(random() * classes)
  return Array.from({ length: count }, () => {
    const known = any()
    const label = random() < looks ? known : habit(any())
    return { label, right: label === known ? 1 : 0 }
  })
}

/** After how many known items somebody is stopped, `most` if never. */
function stoppedAfter(given: readonly CheckedAnswer[], classes: number): number {
  for (let n = 1; n <= given.length; n++)
    if (goldStanding(given.slice(0, n), classes, LEAST) === 'stopped') return n
  return given.length
}

const seeds = Array.from({ length: 60 }, (_, seed) => seed)
const meanStop = (worker: Parameters<typeof answers>[1]) =>
  seeds.reduce((sum, seed) => sum + stoppedAfter(answers(150, worker, seed), worker.classes), 0) /
  seeds.length

test('blind answers are stopped after a handful of known items, careful ones hardly ever', () => {
  expect(meanStop({ looks: 0, classes: 2, habit: () => 0 })).toBeLessThan(12)
  expect(meanStop({ looks: 0, classes: 2, habit: (any) => any })).toBeLessThan(20)
  expect(meanStop({ looks: 0, classes: 5, habit: (any) => any })).toBeLessThan(9)
  expect(meanStop({ looks: 0.8, classes: 2, habit: (any) => any })).toBeGreaterThan(140)
})

test('good work at first buys nothing later', () => {
  const careful = answers(60, { looks: 1, classes: 2, habit: (any) => any }, 1)
  expect(goldStanding(careful, 2, LEAST)).toBe<GoldStanding>('sound')
  const blind = answers(60, { looks: 0, classes: 2, habit: () => 0 }, 2)
  expect(goldStanding([...careful, ...blind], 2, LEAST)).toBe<GoldStanding>('stopped')
})

test('who has shown nothing yet is new, and who errs more than usual in doubt', () => {
  const right = { label: 1, right: 1 }
  expect(goldStanding([right], 2, LEAST)).toBe<GoldStanding>('new')
  const some = answers(12, { looks: 1, classes: 2, habit: (any) => any }, 3)
  expect(goldStanding(some, 2, LEAST)).toBe<GoldStanding>('sound')
  expect(goldStanding([...some, { label: 0, right: 0 }], 2, LEAST)).toBe<GoldStanding>('doubted')
})

test('who never looks is stopped while new, most of the time', () => {
  const blind = { looks: 0, classes: 2, habit: () => 0 }
  const isOnceTrusted = (given: readonly CheckedAnswer[]) =>
    given.some((_, n) => ['sound', 'doubted'].includes(goldStanding(given.slice(0, n), 2, LEAST)))
  const trusted = seeds.filter((seed) => isOnceTrusted(answers(40, blind, seed)))
  expect(trusted.length / seeds.length).toBeLessThan(0.35)
})

test('answers that ignore what others say are found without known items, though later', () => {
  const unsure = (given: readonly CheckedAnswer[]) =>
    given.map(({ label, right }) => ({ label, right: right === 1 ? 0.9 : 0.1 }))
  const isFound = (worker: Parameters<typeof answers>[1], count: number) =>
    seeds.filter((seed) => isBlindToCrowd(unsure(answers(count, worker, seed)), 2, LEAST)).length
  expect(isFound({ looks: 0, classes: 2, habit: (any) => any }, 100)).toBeGreaterThan(0.9 * seeds.length)
  expect(isFound({ looks: 0.8, classes: 2, habit: (any) => any }, 100)).toBeLessThan(0.05 * seeds.length)
})

test('who looks qualifies, who does not rarely does', () => {
  const passed = (worker: Parameters<typeof answers>[1]) =>
    seeds.filter((seed) => qualifies(answers(30, worker, seed), worker.classes, LEAST)).length / seeds.length
  expect(passed({ looks: 0.8, classes: 2, habit: (any) => any })).toBeGreaterThan(0.95)
  expect(passed({ looks: 0, classes: 2, habit: (any) => any })).toBeLessThan(0.1)
  expect(passed({ looks: 0, classes: 2, habit: () => 0 })).toBeLessThan(0.1)
})
