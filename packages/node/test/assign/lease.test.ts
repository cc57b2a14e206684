import type { Hex } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { annotateRoutes } from '../../src/annotate/routes.ts'
import { sweepLeases } from '../../src/assign/jobs.ts'
import { assignRoutes } from '../../src/assign/routes.ts'
import { sql } from '../../src/db/sql.ts'
import { identityRoutes } from '../../src/identity/routes.ts'
import { lookAtWorkers } from '../../src/validate/standing.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'
import { createWorker, openCampaign, type TestCampaign } from '../work.ts'

const rooms = [identityRoutes, assignRoutes, annotateRoutes]
let t: TestNode
let now = new Date('2026-05-01T12:00:00Z')
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}

beforeAll(async () => {
  t = await createTestNode({ rooms, clock: () => now })
})
afterAll(() => t.close())

async function itemRows(campaign: TestCampaign) {
  return await t.node.db.query<{ id: Hex; leases: number; annotations: number; status: string }>(
    sql`select id, leases, annotations, status from items where draft_id = ${campaign.draftId} order by id`,
  )
}

test('leases open items with what they pay, and the running ones first', async () => {
  const campaign = await openCampaign(t, { items: 5 })
  const worker = await createWorker(t, campaign)
  const first = await worker.lease({ count: 2 })
  expect(first.shortfall).toBe('none')
  expect(first.data.map((entry) => entry.pay)).toEqual(
    Array(2).fill({ floor: 10_000n, expected: 50_000n, top: 100_000n }),
  )
  expect(first.data[0]!.expiresAt).toBe(new Date(now.getTime() + 900_000).toISOString())
  const more = await worker.lease({ count: 4 })
  expect(more.data.slice(0, 2).map((entry) => entry.id)).toEqual(first.data.map((entry) => entry.id))
  expect(new Set(more.data.map((entry) => entry.item)).size).toBe(4)
  expect(await worker.lease({ count: 9 })).toMatchObject({ shortfall: 'no-work', data: { length: 5 } })
})

test('an item never has more answers and leases than asked, and those begun come first', async () => {
  const campaign = await openCampaign(t, { items: 4 })
  const workers = await Promise.all([1, 2, 3].map(() => createWorker(t, campaign)))
  const begun = (await workers[0]!.lease({ count: 2 })).data.map((entry) => entry.item)
  const joined = (await workers[1]!.lease({ count: 2 })).data.map((entry) => entry.item)
  expect(joined.toSorted()).toEqual(begun.toSorted())
  const rest = await workers[2]!.lease({ count: 4 })
  expect(rest).toMatchObject({ shortfall: 'no-work', data: { length: 2 } })
  expect((await itemRows(campaign)).map((row) => row.leases).toSorted()).toEqual([1, 1, 2, 2])
})

test('many workers at once never exceed the redundancy', async () => {
  const campaign = await openCampaign(t, {
    items: 20,
    spec: { redundancy: { min: 3, max: 3, targetConfidence: 0 } },
  })
  const workers = await Promise.all(Array.from({ length: 8 }, () => createWorker(t, campaign)))
  const leased = await Promise.all(workers.map((worker) => worker.lease({ count: 10 })))
  const counts = new Map<string, number>()
  for (const { data } of leased) for (const { item } of data) counts.set(item, (counts.get(item) ?? 0) + 1)
  expect(Math.max(...counts.values())).toBe(3)
  expect(leased.reduce((sum, { data }) => sum + data.length, 0)).toBe(60)
})

test('a lease that ran out returns to the pool, and a released one comes back last', async () => {
  const campaign = await openCampaign(t, {
    items: 3,
    spec: { redundancy: { min: 1, max: 1, targetConfidence: 0 } },
  })
  const [ann, bob] = [await createWorker(t, campaign), await createWorker(t, campaign)]
  const { data } = await ann.lease({ count: 2 })
  const [skipped] = data
  const body = { ids: [skipped!.id] }
  const release = { token: ann.token, params: { id: campaign.id }, body }
  expect(await t.call(endpoints.releaseAssignments, release)).toEqual({ released: 1 })
  expect(await t.call(endpoints.releaseAssignments, release)).toEqual({ released: 0 })
  const next = (await ann.lease({ count: 2 })).data.map((entry) => entry.item)
  expect(next).not.toContain(skipped!.item)
  expect((await ann.lease({ count: 3 })).data.map((entry) => entry.item)).toContain(skipped!.item)
  expect((await bob.lease({ count: 3 })).shortfall).toBe('no-work')
  later(901)
  expect((await bob.lease({ count: 3 })).data).toHaveLength(3)
  later(901)
  await sweepLeases(t.node)
  expect((await itemRows(campaign)).map((row) => row.leases)).toEqual([0, 0, 0])
})

test("nobody gives another worker's lease back", async () => {
  const campaign = await openCampaign(t)
  const [ann, eve] = [await createWorker(t, campaign), await createWorker(t, campaign)]
  const { data } = await ann.lease({ count: 1 })
  const body = { ids: [data[0]!.id] }
  expect(
    await t.call(endpoints.releaseAssignments, { token: eve.token, params: { id: campaign.id }, body }),
  ).toEqual({ released: 0 })
})

test('no worker gets an item twice, by the rules and by the index', async () => {
  const campaign = await openCampaign(t, { items: 1 })
  const worker = await createWorker(t, campaign)
  const { data } = await worker.lease({ count: 1 })
  const again = await worker.lease({ items: campaign.items })
  expect(again.data.map((entry) => entry.id)).toEqual([data[0]!.id])
  const second = t.node.db.query(sql`
    insert into assignments (id, campaign_id, item, account, kind, state, leased_at, expires_at)
    values ('other', ${campaign.id}, ${campaign.items[0]}, ${worker.account}, 'review', 'leased', ${now}, ${now})`)
  await expect(second).rejects.toThrow('assignments_once')
  await worker.answer(data)
  expect((await worker.lease({ count: 1 })).data).toEqual([])
  await expect(worker.lease({ items: campaign.items })).rejects.toMatchObject({
    code: 'already-assigned',
    data: { items: campaign.items },
  })
})

test('items by name only on a local network', async () => {
  const campaign = await openCampaign(t)
  const worker = await createWorker(t, campaign)
  const local = t.node.chain
  t.node.chain = { ...local, isLocal: false }
  try {
    await expect(worker.lease({ items: campaign.items })).rejects.toMatchObject({ code: 'forbidden' })
    expect((await worker.lease({ count: 1 })).data).toHaveLength(1)
  } finally {
    t.node.chain = local
  }
})

test('named items respect the most answers, and unknown ones are no work', async () => {
  const campaign = await openCampaign(t, {
    items: 2,
    spec: { redundancy: { min: 1, max: 2, targetConfidence: 0 } },
  })
  const workers = await Promise.all([1, 2, 3].map(() => createWorker(t, campaign)))
  const leases = []
  for (const worker of workers) leases.push(await worker.lease({ items: [campaign.items[0]!] }))
  expect(leases.map((entry) => [entry.data.length, entry.shortfall])).toEqual([
    [1, 'none'],
    [1, 'none'],
    [0, 'no-work'],
  ])
  expect(await workers[0]!.lease({ items: [`0x${'ab'.repeat(32)}`] })).toMatchObject({
    data: [],
    shortfall: 'no-work',
  })
})

test('requester, operator and accounts that are not named get nothing', async () => {
  const owner = randomAccount()
  const member = randomAccount()
  const campaign = await openCampaign(t, {
    terms: { requester: owner.account },
    spec: { eligibility: { accounts: [member.account, owner.account], reviewers: [] } },
  })
  const tokens = [owner.account, t.node.keys.operator, randomAccount().account].map((who) => t.tokenOf(who))
  for (const token of await Promise.all(tokens)) {
    const problem = await t.refusal(endpoints.createAssignments, {
      token,
      params: { id: campaign.id },
      body: {},
    })
    expect([problem.status, problem.code]).toEqual([403, 'not-eligible'])
  }
  const worker = await createWorker(t, campaign, { account: member })
  expect((await worker.lease({ count: 1 })).data).toHaveLength(1)
})

test('leasing and giving back again and again leaves one trace per item', async () => {
  const campaign = await openCampaign(t, { items: 2 })
  const worker = await createWorker(t, campaign)
  for (let round = 0; round < 4; round++) {
    const { data } = await worker.lease({ count: 2 })
    expect(data).toHaveLength(2)
    await t.call(endpoints.releaseAssignments, {
      token: worker.token,
      params: { id: campaign.id },
      body: { ids: data.map((entry) => entry.id) },
    })
  }
  const traces = await t.node.db.query(sql`select 1 from assignments where campaign_id = ${campaign.id}`)
  expect(traces).toHaveLength(2)
})

test('a campaign that closes or is past its deadline gives out nothing', async () => {
  const campaign = await openCampaign(t)
  const worker = await createWorker(t, campaign)
  await t.node.db.query(sql`update campaigns set status = 'closing' where id = ${campaign.id}`)
  await expect(worker.lease()).rejects.toMatchObject({ code: 'campaign-not-open' })
  const over = await openCampaign(t, { terms: { deadline: Math.floor(now.getTime() / 1000) } })
  const late = await createWorker(t, over)
  await expect(late.lease()).rejects.toMatchObject({ code: 'campaign-not-open' })
})

test('leases end where the money ends, fees included', async () => {
  // Top pay 100 000, fees 5 %: 105 000 a record.
  const campaign = await openCampaign(t, { items: 10, funded: 105_000n * 4n - 1n })
  const [ann, bob] = [await createWorker(t, campaign), await createWorker(t, campaign)]
  const leased = await ann.lease({ count: 2 })
  expect(leased).toMatchObject({ shortfall: 'none', data: { length: 2 } })
  expect(await bob.lease({ count: 3 })).toMatchObject({ shortfall: 'underfunded', data: { length: 1 } })
  await ann.answer(leased.data)
  expect((await bob.lease({ count: 3 })).data).toHaveLength(1)
  await t.node.db.query(sql`update campaigns set funded = funded + 1 where id = ${campaign.id}`)
  expect((await bob.lease({ count: 3 })).data).toHaveLength(2)
})

test('callers at once never get more than the money covers', async () => {
  const campaign = await openCampaign(t, { items: 20, funded: 105_000n * 7n })
  const workers = await Promise.all(Array.from({ length: 6 }, () => createWorker(t, campaign)))
  const leased = await Promise.all(workers.map((worker) => worker.lease({ count: 3 })))
  expect(leased.reduce((sum, { data }) => sum + data.length, 0)).toBe(7)
})

test('gold shows in nothing a worker gets', async () => {
  const campaign = await openCampaign(t, { items: 4, gold: ['yes', 'no'] })
  const worker = await createWorker(t, campaign)
  const { data } = await worker.lease({ count: 4 })
  const shapes = new Set(data.map((entry) => JSON.stringify(Object.keys(entry))))
  expect(shapes.size).toBe(1)
  expect(JSON.stringify(data, (_, value) => (typeof value === 'bigint' ? `${value}` : value))).not.toMatch(
    /gold/i,
  )
})

test('thousands of named items are leased in one call', async () => {
  const campaign = await openCampaign(t, { items: 2000 })
  const worker = await createWorker(t, campaign)
  const start = process.cpuUsage()
  const { data } = await worker.lease({ items: campaign.items })
  expect(data).toHaveLength(2000)
  // Processor time: on a busy machine the clock says little.
  const { user, system } = process.cpuUsage(start)
  expect((user + system) / 1000).toBeLessThan(15_000)
})

test('one account holds no more leases than set, in all campaigns together', async () => {
  const [first, second] = [await openCampaign(t, { items: 4 }), await openCampaign(t, { items: 4 })]
  const worker = await createWorker(t, first)
  const leaseSecond = (count: number) =>
    ({ params: { id: second.id }, token: worker.token, body: { count } }) as const
  t.node.config.maxLeases = 3
  expect((await worker.lease({ count: 2 })).data).toHaveLength(2)
  const one = await t.call(endpoints.createAssignments, leaseSecond(4))
  expect(one.data).toHaveLength(1)
  expect((await worker.lease({ count: 4 })).data).toHaveLength(2)
  t.node.config.maxLeases = 2
  expect(await t.refusal(endpoints.createAssignments, leaseSecond(1))).toMatchObject({
    code: 'quota-reached',
    status: 409,
    data: { held: 2, most: 2 },
  })
  t.node.config.maxLeases = 3
  const ids = (await worker.lease()).data.map(({ id }) => id)
  t.node.config.maxLeases = 2
  await t.call(endpoints.releaseAssignments, { params: { id: first.id }, token: worker.token, body: { ids } })
  expect((await t.call(endpoints.createAssignments, leaseSecond(2))).data).toHaveLength(2)
  t.node.config.maxLeases = null
})

test('who shows on known items that they do not look gets no more of them, and keeps what is begun', async () => {
  const gold = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 'yes' : 'no'))
  const redundancy = { min: 4, max: 4, targetConfidence: 0 }
  const campaign = await openCampaign(t, { items: 60, gold, spec: { redundancy } })
  const [ann, bob, lazy] = await Promise.all([1, 2, 3].map(() => createWorker(t, campaign)))
  const known = campaign.items.slice(0, gold.length)
  for (const worker of [ann!, bob!]) {
    const { data } = await worker.lease({ items: known })
    await worker.answer(data, (index) => gold[known.indexOf(data[index]!.item)]!)
  }
  await lazy!.answer((await lazy!.lease({ items: known })).data, 'yes')
  await lookAtWorkers(t.node, campaign.id)
  await expect(lazy!.lease({ count: 1 })).rejects.toMatchObject({ code: 'not-eligible' })
  expect((await ann!.lease({ count: 5 })).data).toHaveLength(5)
  // On a local network whoever names items is somebody who tries things out.
  const held = await lazy!.lease({ items: campaign.items.slice(40, 42) })
  await lazy!.answer(held.data, 'yes')
})

test('one answer gone wrong stops nobody', async () => {
  const gold = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 'yes' : 'no'))
  const campaign = await openCampaign(t, { items: 20, gold })
  const ann = await createWorker(t, campaign)
  const known = campaign.items.slice(0, gold.length)
  const { data } = await ann.lease({ items: known })
  await ann.answer(data, (index) => (index === 3 ? 'yes' : gold[known.indexOf(data[index]!.item)]!))
  await lookAtWorkers(t.node, campaign.id)
  expect((await ann.lease({ count: 2 })).data).toHaveLength(2)
})
