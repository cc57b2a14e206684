import { decodeBundle, type Hex, verifyCampaign } from '@tagger/protocol'
import { endpoints, HeaderDocument } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { createJobThread, type JobThread } from '../../src/job-thread.ts'
import { openAlarms } from '../../src/network/alarms.ts'
import { deploymentOf } from '../../src/node.ts'
import { type CampaignRow, toCampaign } from '../../src/settle/campaign.ts'
import { createCutter } from '../../src/settle/cut.ts'
import type { CutJob, CutOutcome } from '../../src/settle/cut-job.ts'
import { followBatches } from '../../src/settle/follow.ts'
import { freezeItems, loadCutJob } from '../../src/settle/freeze.ts'
import { type BatchRow, thawItems } from '../../src/settle/queries.ts'
import { settleRoutes } from '../../src/settle/routes.ts'
import { saveBatch } from '../../src/settle/save.ts'
import { createVerifiedBatches } from '../../src/settle/verified.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import { StagedCampaign, type StageOptions } from './staged-campaign.ts'

let time = new Date('2026-11-22T10:00:00Z')
let server: TestNode
let cutDue: () => Promise<void>
let cutThread: JobThread<CutJob, CutOutcome>
const stopping = new AbortController()

beforeAll(async () => {
  server = await createTestNode({ clock: () => time, rooms: [settleRoutes] })
  cutDue = createCutter(server.node, stopping.signal)
  cutThread = createJobThread(new URL('../../src/settle/cut-worker.ts', import.meta.url), {
    what: 'Cutting a batch',
    signal: stopping.signal,
  })
})
afterAll(() => {
  stopping.abort()
  return server.close()
})

async function stage(options: StageOptions): Promise<StagedCampaign> {
  const campaign = new StagedCampaign(server.node, options)
  await campaign.accept()
  await campaign.openInLedger()
  return campaign
}

function pass(seconds: number): void {
  time = new Date(time.getTime() + seconds * 1000)
}

async function batchesOf(campaign: StagedCampaign): Promise<BatchRow[]> {
  return await server.node.db.query<BatchRow>(
    sql`select * from batches where campaign_id = ${campaign.id} order by created_at, batch_index`,
  )
}

/** What the indexer does when the chain makes a batch final. */
async function makeFinal(campaign: StagedCampaign, hash: string, closing = false): Promise<void> {
  await server.node.db.query(sql`update batches set status = 'final' where hash = ${hash}`)
  await server.node.db.query(sql`
    update campaigns set last_final = ${hash}, final_count = final_count + 1,
      status = ${closing ? 'closed' : 'open'} where id = ${campaign.id}`)
  await followBatches(server.node)
}

async function verifyAll(campaign: StagedCampaign) {
  const rows = (await batchesOf(campaign)).filter(({ status }) => status !== 'void')
  const bundles = await Promise.all(rows.map(async (row) => (await server.node.blobs.get(row.bundle))!))
  const headers = rows.map((row) => HeaderDocument.parse(row.header))
  return await verifyCampaign(bundles, {
    deployment: deploymentOf(server.node),
    terms: campaign.terms,
    headers,
  })
}

test('cuts ready items into a batch that verifies, with gold revealed and its proposal queued', async () => {
  const campaign = await stage({ items: 12, gold: { 2: 'no', 9: 'yes' } })
  await campaign.answer(campaign.items.slice(0, 8))
  pass(3)
  await cutDue()

  const [batch, ...others] = await batchesOf(campaign)
  expect(others).toEqual([])
  expect(batch).toMatchObject({ status: 'cut', items: 8, records: 24, batch_index: 0 })
  expect(await verifyAll(campaign)).toMatchObject({ ok: true, items: 8, records: 24, workers: 3 })
  const { evidence } = decodeBundle((await server.node.blobs.get(batch!.bundle))!)
  expect(evidence.reveals.map(({ item }) => item)).toEqual([campaign.items[2]])
  const queued = await server.node.db.query(sql`select id from outbox where id = ${`propose:${batch!.hash}`}`)
  expect(queued).toHaveLength(1)
  expect(await campaign.statusOf(campaign.items[0]!)).toBe('batched')
  expect(await campaign.statusOf(campaign.items[8]!)).toBe('waiting')

  pass(10)
  await cutDue()
  expect(await batchesOf(campaign)).toHaveLength(1)
})

test('a later batch builds on the final one, and the closing one settles whatever anyone answered', async () => {
  const campaign = await stage({ items: 12 })
  await campaign.answer(campaign.items.slice(0, 5))
  pass(3)
  await cutDue()
  const [first] = await batchesOf(campaign)
  await makeFinal(campaign, first!.hash)
  expect(await campaign.statusOf(campaign.items[0]!)).toBe('settled')

  await campaign.answer(campaign.items.slice(5, 9))
  await campaign.workers[0]!.annotate([{ item: campaign.items[9]!, label: 'no' }])
  pass(3)
  await cutDue()
  const [, second] = await batchesOf(campaign)
  expect(second).toMatchObject({ items: 4, batch_index: 1 })
  await makeFinal(campaign, second!.hash)

  await server.node.db.query(sql`update campaigns set status = 'closing' where id = ${campaign.id}`)
  pass(3)
  await cutDue()
  const [, , third] = await batchesOf(campaign)
  expect(HeaderDocument.parse(third!.header)).toMatchObject({ closing: true, index: 2 })
  expect(third).toMatchObject({ items: 1, records: 1 })
  expect(await verifyAll(campaign)).toMatchObject({ ok: true, batches: 3, records: 28, items: 10 })
})

test('a cut reads no earlier bundle it verified itself; a new start reads and checks them all', async () => {
  const campaign = await stage({ items: 8 })
  const { blobs } = server.node
  const get = vi.spyOn(blobs, 'get')
  onTestFinished(() => get.mockRestore())
  const cutNext = async (items: readonly Hex[], cutting = cutDue) => {
    if (items.length > 0) await campaign.answer(items)
    pass(31)
    get.mockClear()
    await cutting()
    return (await batchesOf(campaign)).at(-1)!
  }
  const first = await cutNext(campaign.items.slice(0, 2))
  await makeFinal(campaign, first.hash)
  const second = await cutNext(campaign.items.slice(2, 4))
  expect(get).not.toHaveBeenCalledWith(first.bundle)

  // Voided: what was known of the batch before it still is.
  await server.node.db.query(sql`update batches set status = 'void' where hash = ${second.hash}`)
  await followBatches(server.node)
  const third = await cutNext([])
  expect(get).not.toHaveBeenCalledWith(first.bundle)
  expect(third.hash).not.toBe(second.hash)
  await makeFinal(campaign, third.hash)
  expect(await verifyAll(campaign)).toMatchObject({ ok: true, batches: 2, items: 4 })

  // The evidence of the first batch is damaged: what was verified stands, a new process finds out.
  const bundle = (await blobs.get(first.bundle))!
  const damaged = new Uint8Array(bundle)
  damaged[damaged.length - 1]! ^= 1
  await blobs.put(first.bundle, damaged)
  const fourth = await cutNext(
    campaign.items.slice(4, 6),
    createCutter(server.node, new AbortController().signal),
  )
  for (const { bundle: name } of [first, third]) expect(get).toHaveBeenCalledWith(name)
  expect(fourth.hash).toBe(third.hash)
  expect((await openAlarms(server.node.db)).map(({ id }) => id)).toEqual([`cut:${campaign.id}`])
  await blobs.put(first.bundle, bundle)
  const fifth = await cutNext([])
  expect(fifth).toMatchObject({ batch_index: 2, items: 2 })
  expect(await verifyAll(campaign)).toMatchObject({ ok: true, batches: 3, items: 6 })
})

test('an item revised behind the cut waits for the next batch', async () => {
  const campaign = await stage({
    items: 4,
    spec: { batch: { periodSeconds: 60, minItems: 1, maxItems: 100 } },
  })
  time = new Date('2026-11-22T11:00:30Z')
  await campaign.answer(campaign.items)
  time = new Date('2026-11-22T11:01:10Z')
  await campaign.workers[0]!.annotate([{ item: campaign.items[1]!, label: 'yes' }])
  await cutDue()
  const [batch] = await batchesOf(campaign)
  expect(batch).toMatchObject({ items: 3, cut_at: Date.parse('2026-11-22T11:01:00Z') / 1000 })
  expect(await campaign.statusOf(campaign.items[1]!)).toBe('ready')
  expect(await verifyAll(campaign)).toMatchObject({ ok: true, items: 3 })
})

test('a void batch gives its items back and leaves its evidence; the next one verifies alone', async () => {
  const campaign = await stage({ items: 6 })
  await campaign.answer(campaign.items)
  pass(3)
  await cutDue()
  const [first] = await batchesOf(campaign)
  const bundleOfFirst = () => server.request(endpoints.getBundle, { params: { hash: first!.hash } })
  expect((await bundleOfFirst()).status).toBe(404)
  await server.node.db.query(sql`
    update batches set status = 'void', propose_transaction = '0x01' where hash = ${first!.hash}`)
  await followBatches(server.node)
  expect(await campaign.statusOf(campaign.items[0]!)).toBe('ready')
  const left = await server.node.db.query(sql`
    select 1 from records where batch = ${first!.hash} union all select 1 from payouts where batch = ${first!.hash}`)
  expect(left).toEqual([])

  await cutDue()
  expect(await batchesOf(campaign)).toHaveLength(1)
  pass(3)
  await cutDue()
  const [, second] = await batchesOf(campaign)
  expect(second!.hash).not.toBe(first!.hash)
  expect(await verifyAll(campaign)).toMatchObject({ ok: true, batches: 1, items: 6 })
  const bundle = await bundleOfFirst()
  expect(bundle.status).toBe(200)
  expect((await bundle.arrayBuffer()).byteLength).toBe(first!.bundle_bytes)
})

test('a campaign nobody worked on closes with an empty batch', async () => {
  const campaign = await stage({ items: 3, gold: { 1: 'no' } })
  await server.node.db.query(sql`update campaigns set status = 'closing' where id = ${campaign.id}`)
  pass(3)
  await cutDue()
  const [batch] = await batchesOf(campaign)
  expect(HeaderDocument.parse(batch!.header)).toMatchObject({ closing: true, payoutsTotal: 0n })
  expect(await verifyAll(campaign)).toMatchObject({ ok: true, items: 0, records: 0, workers: 0 })
})

test.each([
  ['nothing', 0n, 0n],
  ['a token of 18 decimals and large amounts', 10n ** 34n + 7n, 10n ** 33n + 3n],
])('a campaign that pays %s settles to the last unit', async (_, basePay, floorPay) => {
  const campaign = new StagedCampaign(server.node, { items: 4, terms: { basePay, floorPay } })
  await campaign.accept()
  await campaign.openInLedger(2n ** 127n)
  await campaign.answer(campaign.items)
  await server.node.db.query(sql`update campaigns set status = 'closing' where id = ${campaign.id}`)
  pass(3)
  await cutDue()
  const [batch] = await batchesOf(campaign)
  const { payoutsTotal } = HeaderDocument.parse(batch!.header)
  expect(payoutsTotal >= floorPay * 12n && payoutsTotal <= (basePay * 12n * 3n) / 2n).toBe(true)
  expect(await verifyAll(campaign)).toMatchObject({ ok: true, items: 4, payoutsTotal })
  const [kept] = await server.node.db.query<{ sum: string }>(
    sql`select coalesce(sum(amount), 0)::text as sum from payouts where batch = ${batch!.hash}`,
  )
  expect(BigInt(kept!.sum)).toBe(payoutsTotal)
})

/** A batch of everything that is ready, cut but not saved yet. */
async function cutUnsaved(campaign: StagedCampaign) {
  const [row] = await server.node.db.query<CampaignRow>(
    sql`select * from campaigns where id = ${campaign.id}`,
  )
  const settling = toCampaign(row!)
  const plan = { cutAt: Math.floor(time.getTime() / 1000) - 2, closing: false }
  const items = await freezeItems(server.node, settling, plan)
  const job = await loadCutJob(server.node, settling, plan, items, createVerifiedBatches())
  const outcome = await cutThread(job)
  return { campaign: settling, job, outcome, bundle: '00' }
}

test('of two batches cut at once only the first is saved', async () => {
  const campaign = await stage({ items: 3 })
  await campaign.answer(campaign.items)
  pass(3)
  const cut = await cutUnsaved(campaign)
  const locked = Promise.withResolvers<void>()
  const late = expect(locked.promise.then(() => saveBatch(server.node, cut))).rejects.toMatchObject({
    code: 'conflict',
  })
  await server.node.db.transaction(async (tx) => {
    await tx.query(sql`select 1 from campaigns where id = ${campaign.id} for update`)
    locked.resolve()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await tx.query(sql`
      insert into batches (hash, campaign_id, batch_index, header, status, bundle, bundle_bytes, state, items, records,
        cut_at)
      values ('0xf1', ${campaign.id}, 0, '{}', 'cut', '', 0, '', 0, 0, 1)`)
  })
  await late
  await server.node.db.query(sql`delete from batches where hash = '0xf1'`)
})

test('items that another process gave back meanwhile are frozen with their batch', async () => {
  const campaign = await stage({ items: 3 })
  await campaign.answer(campaign.items)
  pass(3)
  const cut = await cutUnsaved(campaign)
  await server.node.db.query(thawItems(cut.campaign))
  expect(await campaign.statusOf(campaign.items[0]!)).toBe('ready')
  await saveBatch(server.node, cut)
  expect(await campaign.statusOf(campaign.items[0]!)).toBe('batched')
})

test('items frozen by a run that died are given back', async () => {
  const campaign = await stage({ items: 6, spec: { batch: { periodSeconds: 1, minItems: 6, maxItems: 6 } } })
  await campaign.answer(campaign.items)
  await campaign.setStatus(campaign.items.slice(0, 4), 'batched')
  pass(3)
  await cutDue()
  await cutDue()
  expect(await batchesOf(campaign)).toMatchObject([{ items: 6, status: 'cut' }])
})

test('refuses to propose what would not verify, raises an alarm and gives the items back', async () => {
  const campaign = await stage({ items: 3 })
  await campaign.answer(campaign.items)
  await server.node.db.query(sql`
    update receipts set owed_at_least = owed_at_least + 1 where campaign_id = ${campaign.id}`)
  pass(3)
  await cutDue()
  expect(await batchesOf(campaign)).toEqual([])
  expect(await campaign.statusOf(campaign.items[0]!)).toBe('ready')
  const alarms = await openAlarms(server.node.db)
  expect(alarms.map(({ id }) => id)).toEqual([`cut:${campaign.id}`])

  await server.node.db.query(sql`
    update receipts set owed_at_least = owed_at_least - 1 where campaign_id = ${campaign.id}`)
  pass(31)
  await cutDue()
  expect(await batchesOf(campaign)).toHaveLength(1)
  expect(await openAlarms(server.node.db)).toEqual([])
})

test('lists batches; an unknown campaign or bundle is not found', async () => {
  const campaign = await stage({ items: 3 })
  await campaign.answer(campaign.items)
  pass(3)
  await cutDue()
  const { data } = await server.call(endpoints.listBatches, { params: { id: campaign.id } })
  expect(data).toMatchObject([{ status: 'cut', items: 3, records: 9, finalAt: null }])
  const missing = `0x${'12'.repeat(32)}`
  expect(await server.refusal(endpoints.listBatches, { params: { id: missing } })).toMatchObject({
    status: 404,
  })
  expect(await server.refusal(endpoints.getBundle, { params: { hash: missing } })).toMatchObject({
    status: 404,
  })
})
