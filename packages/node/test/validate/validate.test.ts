import type { Hex } from '@tagger/protocol'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { annotateRoutes } from '../../src/annotate/routes.ts'
import { assignRoutes } from '../../src/assign/routes.ts'
import { sql } from '../../src/db/sql.ts'
import { identityRoutes } from '../../src/identity/routes.ts'
import { startValidation } from '../../src/validate/jobs.ts'
import { validateCampaign } from '../../src/validate/validate.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import { createWorker, openCampaign, type TestCampaign, type TestWorker } from '../work.ts'

let t: TestNode
beforeAll(async () => {
  t = await createTestNode({ rooms: [identityRoutes, assignRoutes, annotateRoutes] })
})
afterAll(() => t.close())

// Laplace's rule with two labels: 1 of 1 is 2/3, 2 of 2 is 3/4, 3 of 3 is 4/5, 2 of 3 is 3/5.
const adaptive = { redundancy: { min: 2, max: 4, targetConfidence: 750_000 } }

async function statuses(campaign: TestCampaign) {
  const rows = await t.node.db.query<{
    id: Hex
    status: string
    wanted: number | null
    proposed: string | null
  }>(sql`select id, status, wanted, proposed from items where draft_id = ${campaign.draftId}`)
  return campaign.items.map((item) => rows.find((row) => row.id === item)!)
}

async function crowdOf(campaign: TestCampaign, size: number): Promise<TestWorker[]> {
  return await Promise.all(Array.from({ length: size }, () => createWorker(t, campaign)))
}

/** One worker answers one named item. */
async function answer(worker: TestWorker, item: Hex, label: string) {
  await worker.answer((await worker.lease({ items: [item] })).data, label)
}

test('with fixed redundancy an item is ready when it has its answers', async () => {
  const campaign = await openCampaign(t, { items: 2 })
  const [ann, bob] = await crowdOf(campaign, 2)
  await answer(ann!, campaign.items[0]!, 'yes')
  expect(await validateCampaign(t.node, campaign.id)).toBe(0)
  await answer(bob!, campaign.items[0]!, 'no')
  expect(await validateCampaign(t.node, campaign.id)).toBe(1)
  expect((await statuses(campaign)).map((row) => row.status)).toEqual(['ready', 'waiting'])
  expect(await validateCampaign(t.node, campaign.id)).toBe(0)
})

test('an adaptive item gets one more answer at a time, only while people disagree', async () => {
  const campaign = await openCampaign(t, { items: 6, spec: adaptive })
  const agreed = campaign.items.slice(0, 5)
  const disputed = campaign.items[5]!
  const crowd = await crowdOf(campaign, 4)
  for (const worker of crowd.slice(0, 2))
    for (const [index, item] of agreed.entries()) await answer(worker, item, index % 2 === 0 ? 'yes' : 'no')
  await answer(crowd[0]!, disputed, 'yes')
  await answer(crowd[1]!, disputed, 'no')
  expect((await crowd[2]!.lease({ count: 5 })).data).toEqual([])
  expect(await validateCampaign(t.node, campaign.id)).toBe(5)
  expect(await statuses(campaign)).toMatchObject([
    ...agreed.map(() => ({ status: 'ready' })),
    { status: 'open', wanted: 3 },
  ])
  const third = (await crowd[2]!.lease({ count: 5 })).data
  expect(third.map((entry) => entry.item)).toEqual([disputed])
  expect((await crowd[3]!.lease({ count: 5 })).data).toEqual([])
  await crowd[2]!.answer(third, 'yes')
  await validateCampaign(t.node, campaign.id)
  expect((await statuses(campaign))[5]).toMatchObject({ status: 'open', wanted: 4 })
  await answer(crowd[3]!, disputed, 'no')
  expect(await validateCampaign(t.node, campaign.id)).toBe(1)
  expect((await statuses(campaign))[5]).toMatchObject({ status: 'ready' })
})

test('what people cannot agree on goes to reviewers who have not answered it', async () => {
  const redundancy = { min: 2, max: 2, targetConfidence: 750_000 }
  const campaign = await openCampaign(t, { items: 1, spec: { redundancy, review: { reviews: 1 } } })
  const [ann, bob, rob] = await crowdOf(campaign, 3)
  const [item] = campaign.items as [Hex]
  await answer(ann!, item, 'yes')
  await answer(bob!, item, 'no')
  await validateCampaign(t.node, campaign.id)
  expect(await statuses(campaign)).toMatchObject([{ status: 'review', proposed: 'no' }])
  expect((await ann!.lease({ kind: 'review' })).data).toEqual([])
  expect((await rob!.lease()).data).toEqual([])
  const { data } = await rob!.lease({ kind: 'review' })
  expect(data.map((entry) => [entry.item, entry.proposed, entry.pay.top])).toEqual([
    [item, { same: ['no'] }, 50_000n],
  ])
  const body = { verdict: 'fix' as const, answer: { same: ['yes'] }, reason: 'Same model number.' }
  await rob!.send(rob!.build([{ kind: 'review', item, task: data[0]!.id, body }]))
  expect(await validateCampaign(t.node, campaign.id)).toBe(1)
  expect(await statuses(campaign)).toMatchObject([{ status: 'ready', proposed: null }])
})

test('a revision that brings doubt takes a ready item back', async () => {
  const campaign = await openCampaign(t, { items: 1, spec: adaptive })
  const [item] = campaign.items as [Hex]
  const [ann, bob] = await crowdOf(campaign, 2)
  for (const worker of [ann!, bob!]) await answer(worker, item, 'yes')
  await validateCampaign(t.node, campaign.id)
  await bob!.send(bob!.build([{ item, revises: 1, body: { answer: { same: ['no'] } } }]))
  await validateCampaign(t.node, campaign.id)
  expect(await statuses(campaign)).toMatchObject([{ status: 'open', wanted: 3 }])
})

test('a running lease keeps a sure item open until it is answered', async () => {
  const campaign = await openCampaign(t, { items: 1, spec: adaptive })
  const [item] = campaign.items as [Hex]
  const crowd = await crowdOf(campaign, 3)
  const { data } = await crowd[2]!.lease({ items: [item] })
  for (const worker of crowd.slice(0, 2)) await answer(worker, item, 'yes')
  expect(await validateCampaign(t.node, campaign.id)).toBe(0)
  await crowd[2]!.answer(data, 'yes')
  expect(await validateCampaign(t.node, campaign.id)).toBe(1)
})

test('the fit of workers decides with all answers of the campaign', async () => {
  const spec = {
    redundancy: { min: 2, max: 5, targetConfidence: 800_000 },
    consensus: { method: 'dawid-skene' as const, version: 1 as const },
  }
  const campaign = await openCampaign(t, { items: 12, spec, gold: ['yes', 'no', 'yes', 'no', 'yes', 'no'] })
  const crowd = await crowdOf(campaign, 3)
  const truth = (index: number) => (index % 2 === 0 ? 'yes' : 'no')
  for (const [index, item] of campaign.items.entries()) {
    await answer(crowd[0]!, item, truth(index))
    await answer(crowd[1]!, item, truth(index))
  }
  expect(await validateCampaign(t.node, campaign.id)).toBe(12)
})

test.each([
  'majority',
  'dawid-skene',
] as const)('nothing that happens to an item before its batch tells whether it is gold (%s)', async (method) => {
  const spec = {
    redundancy: { min: 1, max: 3, targetConfidence: 990_000 },
    consensus: { method, version: 1 as const },
  }
  const campaign = await openCampaign(t, { items: 6, spec, gold: ['yes', 'no'] })
  const [ann, bob] = await crowdOf(campaign, 2)
  for (const item of campaign.items) await answer(ann!, item, 'yes')
  expect(await validateCampaign(t.node, campaign.id)).toBe(0)
  expect((await statuses(campaign)).map((row) => row.status)).toEqual(Array(6).fill('open'))
  expect((await bob!.lease({ count: 10 })).data).toHaveLength(6)
})

test('a submission is ready with its reviews', async () => {
  const campaign = await openCampaign(t, { items: 1, spec: { kind: 'collect', review: { reviews: 2 } } })
  const [author, ann, bob] = await crowdOf(campaign, 3)
  const [item] = campaign.items as [Hex]
  await t.node.db.query(sql`
    update items set status = 'unfinished', source = ${author!.account} where draft_id = ${campaign.draftId}`)
  const body = { mediaType: 'text/plain', bytes: 6 }
  await author!.send(author!.build([{ kind: 'submission', item, body }]))
  for (const [reviewer, ready] of [
    [ann!, 0],
    [bob!, 1],
  ] as const) {
    const [lease] = (await reviewer.lease({ kind: 'review' })).data
    const review = { verdict: 'accept' as const, answer: null, reason: '' }
    await reviewer.send(reviewer.build([{ kind: 'review', item, task: lease!.id, body: review }]))
    expect(await validateCampaign(t.node, campaign.id)).toBe(ready)
  }
})

test('the job notices accepted records by itself', async () => {
  const job = startValidation(t.node)
  try {
    const campaign = await openCampaign(t, { items: 1 })
    const [ann, bob] = await crowdOf(campaign, 2)
    for (const worker of [ann!, bob!]) await answer(worker, campaign.items[0]!, 'yes')
    await vi.waitFor(async () => expect((await statuses(campaign))[0]!.status).toBe('ready'), 5000)
  } finally {
    await job.stop()
  }
})

test('a large fit runs in a thread of its own and decides the same', async () => {
  const spec = {
    redundancy: { min: 3, max: 4, targetConfidence: 900_000 },
    consensus: { method: 'dawid-skene' as const, version: 1 as const },
  }
  const campaign = await openCampaign(t, { items: 110, spec, gold: ['yes', 'no', 'yes'] })
  const crowd = await crowdOf(campaign, 3)
  for (const [w, worker] of crowd.entries()) {
    const { data } = await worker.lease({ items: campaign.items })
    const place = new Map(campaign.items.map((item, i) => [item, i]))
    await worker.answer(data, (at) => {
      const index = place.get(data[at]!.item)!
      return ((index * 7 + w) % 11 === 0) === (index % 2 === 0) ? 'no' : 'yes'
    })
  }
  const decided = async () => (await statuses(campaign)).map(({ status, wanted }) => [status, wanted])
  const job = startValidation(t.node)
  try {
    t.node.activity.announce({ type: 'records-accepted', campaignId: campaign.id, data: {} })
    const isDecided = async () => (await decided()).some(([status]) => status === 'ready')
    await vi.waitFor(async () => expect(await isDecided()).toBe(true), 20_000)
  } finally {
    await job.stop()
  }
  const inThread = await decided()
  await t.node.db.query(
    sql`update items set status = 'open', wanted = null where draft_id = ${campaign.draftId}`,
  )
  await validateCampaign(t.node, campaign.id)
  expect(await decided()).toEqual(inThread)
})
