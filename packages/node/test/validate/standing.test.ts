import type { Hex } from '@tagger/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { annotateRoutes } from '../../src/annotate/routes.ts'
import { workCampaign } from '../../src/assign/campaign.ts'
import { assignRoutes } from '../../src/assign/routes.ts'
import { identityRoutes } from '../../src/identity/routes.ts'
import { startValidation } from '../../src/validate/jobs.ts'
import { lookAtWorkers, standingIn } from '../../src/validate/standing.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import { createWorker, openCampaign, type TestCampaign, type TestWorker } from '../work.ts'

let t: TestNode
let now = new Date('2026-05-01T12:00:00Z')
beforeAll(async () => {
  t = await createTestNode({ rooms: [identityRoutes, assignRoutes, annotateRoutes], clock: () => now })
})
afterAll(() => t.close())

const ITEMS = 60
const CROWD = 4
const truthOf = (place: number) => (place % 3 === 0 ? 'no' : 'yes')
const opposite = (label: string) => (label === 'yes' ? 'no' : 'yes')
const GOLD = Array.from({ length: ITEMS }, (_, place) => (place % 4 === 0 ? truthOf(place) : ''))

async function open(gold: readonly string[] = []): Promise<TestCampaign> {
  const redundancy = { min: CROWD + 2, max: CROWD + 4, targetConfidence: 999_999 }
  return await openCampaign(t, { items: ITEMS + 6, spec: { redundancy }, gold: gold as string[] })
}

/** Answers the first items by name. */
async function answer(
  campaign: TestCampaign,
  worker: TestWorker,
  label: (place: number) => string,
  count = ITEMS,
) {
  const { data } = await worker.lease({ items: campaign.items.slice(0, count) })
  await worker.answer(data, (index) => label(campaign.items.indexOf(data[index]!.item)))
}

async function honestCrowd(campaign: TestCampaign) {
  for (let n = 0; n < CROWD; n++) {
    const worker = await createWorker(t, campaign)
    await answer(campaign, worker, (place) => {
      const isSlip = (place * 7 + n * 5) % 11 === 0
      return isSlip ? opposite(truthOf(place)) : truthOf(place)
    })
  }
}

async function standing(campaign: TestCampaign) {
  await lookAtWorkers(t.node, campaign.id)
  return standingIn(await workCampaign(t.node, campaign.id))
}

test.each([
  ['by known items', GOLD.map((label) => label || null) as string[]],
  ['by what the others say', []],
])('who does not look gets no more items, %s', async (_, gold) => {
  const campaign = await open(gold)
  await honestCrowd(campaign)
  const lazy = await createWorker(t, campaign)
  await answer(campaign, lazy, (place) => (place % 2 === 0 ? 'yes' : 'no'))
  expect((await lazy.lease({ count: 1 })).data).toHaveLength(1)
  expect([...(await standing(campaign)).stopped]).toEqual([lazy.account])
  await expect(lazy.lease({ count: 1 })).rejects.toMatchObject({ code: 'not-eligible' })
  expect((await lazy.lease({ items: [campaign.items.at(-1)!] })).data).toHaveLength(1)
})

test('who repeats another’s errors gets what that one had only when nothing else is left', async () => {
  const campaign = await open()
  await honestCrowd(campaign)
  const errors = (place: number) => (place % 5 === 0 ? opposite(truthOf(place)) : truthOf(place))
  const [ann, bob, eve] = [
    await createWorker(t, campaign),
    await createWorker(t, campaign),
    await createWorker(t, campaign),
  ]
  await answer(campaign, ann, errors)
  await answer(campaign, bob, errors)
  const { apart } = await standing(campaign)
  expect(apart.get(ann.account)).toContain(bob.account)
  expect(apart.get(bob.account)).toContain(ann.account)
  const had = (await ann.lease({ count: 2 })).data.map(({ item }) => item)
  // Begun items come first, but for whom is kept apart from whoever began them.
  const wanted = async (worker: TestWorker, count: number): Promise<Hex[]> =>
    (await worker.lease({ count })).data.map(({ item }) => item)
  expect(await wanted(bob, 4)).toEqual(expect.not.arrayContaining(had))
  expect((await wanted(bob, 6)).toSorted()).toEqual(campaign.items.slice(ITEMS).toSorted())
  expect(await wanted(eve, 2)).toEqual(expect.arrayContaining(had))
})

test('it is looked again when there are new answers, and not at once', async () => {
  const campaign = await open()
  expect((await standing(campaign)).stopped.size).toBe(0)
  await honestCrowd(campaign)
  const first = await standing(campaign)
  const lazy = await createWorker(t, campaign)
  await answer(campaign, lazy, () => 'no')
  expect(await standing(campaign)).toBe(first)
  now = new Date(now.getTime() + 3_600_000)
  expect((await standing(campaign)).stopped.size).toBe(1)
})

test('the job looks by itself', async () => {
  const campaign = await open()
  const validation = startValidation(t.node)
  try {
    await honestCrowd(campaign)
    const lazy = await createWorker(t, campaign)
    await answer(campaign, lazy, (place) => (place % 2 === 0 ? 'yes' : 'no'))
    now = new Date(now.getTime() + 3_600_000)
    t.node.activity.announce({ type: 'records-accepted', campaignId: campaign.id, data: {} })
    await expect
      .poll(async () => standingIn(await workCampaign(t.node, campaign.id)).stopped.has(lazy.account), {
        timeout: 20_000,
      })
      .toBe(true)
  } finally {
    await validation.stop()
  }
})
