import { expect, test } from 'vitest'
import { Campaign, SETTING } from './campaign.ts'
import { INVENTED } from './invented.ts'
import { asReviewers } from './population.ts'
import { CHEATS, type Strategy } from './strategies.ts'
import { type Study, study } from './study.ts'

const small: Study = {
  populations: INVENTED,
  role: 'annotator',
  strategies: CHEATS,
  shares: [0.3],
  seedsAt: () => 1,
  people: 20,
  setting: { ...SETTING, labels: 3_000, batches: 3, goldPerBatch: 50 },
}

test('honest work pays at least 1.5 times what any cheat does, and results hold', {
  timeout: 120_000,
}, () => {
  const { strategies, attacks } = study(small)
  expect(strategies.map(({ name }) => name)).toEqual(CHEATS)
  for (const { name, ratioHonest, worst } of strategies) {
    expect({ name, worst, pays: ratioHonest >= 1.5 }).toEqual({ name, worst, pays: true })
  }
  for (const { accuracy, accuracyWithout } of attacks) expect(accuracyWithout - accuracy).toBeLessThan(0.03)
})

test('paid for matching the outcome of three and a tie-break, cheats earn more than honest people', () => {
  const { strategies } = study({ ...small, isBaseline: true })
  for (const { name, ratioHonest } of strategies) {
    expect({ name, cheatsPay: ratioHonest < 1 }).toEqual({ name, cheatsPay: true })
  }
})

test('reviewers who always accept or always reject earn less than those who look', {
  timeout: 60_000,
}, () => {
  const always: Strategy[] = ['always-yes', 'always-no']
  const setting = { ...small.setting!, redundancy: 3, most: 9 }
  const populations = INVENTED.slice(0, 1).map(asReviewers)
  for (const { ratioHonest } of study({
    ...small,
    role: 'reviewer',
    populations,
    strategies: always,
    setting,
  }).strategies)
    expect(ratioHonest).toBeGreaterThan(1.5)
})

test('a campaign depends on its seed alone', () => {
  const setting = { ...small.setting!, labels: 600, batches: 2, goldPerBatch: 20 }
  const crowd: Strategy[] = [...Array<Strategy>(8).fill('honest'), 'copying', 'colluding']
  const run = (seed: string) => new Campaign(INVENTED[1]!, crowd, seed, setting).run()
  expect(run('a')).toEqual(run('a'))
  expect(run('a')).not.toEqual(run('b'))
})
