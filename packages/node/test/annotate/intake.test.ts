import { emptyHead, fromHex, isReceiptSigned, toHex } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { annotateRoutes } from '../../src/annotate/routes.ts'
import { assignRoutes } from '../../src/assign/routes.ts'
import { json, sql } from '../../src/db/sql.ts'
import { identityRoutes } from '../../src/identity/routes.ts'
import { deploymentOf } from '../../src/node.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import {
  createSigner,
  createWorker,
  openCampaign,
  signHead,
  type TestCampaign,
  type TestWorker,
} from '../work.ts'

let t: TestNode
let now = new Date('2026-05-01T12:00:00Z')
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}
const yes = { answer: { same: ['yes'] } }
const no = { answer: { same: ['no'] } }

beforeAll(async () => {
  t = await createTestNode({ rooms: [identityRoutes, assignRoutes, annotateRoutes], clock: () => now })
})
afterAll(() => t.close())

async function start(options: Parameters<typeof openCampaign>[1] = {}) {
  const campaign = await openCampaign(t, options)
  return { campaign, worker: await createWorker(t, campaign) }
}

async function storedRecords(campaign: TestCampaign) {
  return await t.node.db.query<{ seq: number; is_replaced: boolean; label: string }>(
    sql`select seq, is_replaced, label from records where campaign_id = ${campaign.id} order by account, seq`,
  )
}

/** What the node holds must not move when it refuses. */
async function refused(campaign: TestCampaign, worker: TestWorker, attempt: () => Promise<unknown>) {
  const before = await t.call(endpoints.getChain, { token: worker.token, params: { id: campaign.id } })
  const stored = (await storedRecords(campaign)).length
  const error = await attempt().then(
    () => {
      throw new Error('nothing was refused')
    },
    (reason) => reason as { code: string; data: Record<string, unknown> },
  )
  expect((await storedRecords(campaign)).length).toBe(stored)
  expect(await t.call(endpoints.getChain, { token: worker.token, params: { id: campaign.id } })).toEqual(
    before,
  )
  return error
}

test('accepted records are receipted, and the receipt is owed by the receipt key', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 2 })
  const receipt = await worker.answer(data)
  expect(receipt).toMatchObject({
    campaignId: campaign.id,
    account: worker.account,
    ...worker.head,
    owedAtLeast: 20_000n,
    issuedAt: Math.floor(now.getTime() / 1000),
  })
  expect(isReceiptSigned(receipt, t.node.keys.receiptKey, deploymentOf(t.node))).toBe(true)
  const third = await worker.lease({ count: 1 })
  expect((await worker.answer(third.data)).owedAtLeast).toBe(30_000n)
  const chain = await t.call(endpoints.getChain, { token: worker.token, params: { id: campaign.id } })
  expect(chain.head).toEqual(worker.head)
  expect(chain.signed).toMatchObject({ ...worker.head, publicKey: worker.publicKey })
  expect(chain.receipt?.owedAtLeast).toBe(30_000n)
})

test('the same chunk again gets the same receipt and is stored once', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 2 })
  const chunk = worker.build(data.map(({ id, item }) => ({ task: id, item, body: yes })))
  const receipt = await worker.send(chunk)
  later(5)
  expect(await worker.send(chunk)).toEqual(receipt)
  await worker.answer((await worker.lease({ count: 1 })).data)
  expect(await worker.send(chunk)).toEqual(receipt)
  expect(await storedRecords(campaign)).toHaveLength(3)
})

test('the same chunk sent ten times at once is stored once', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 3 })
  const chunk = worker.build(data.map(({ id, item }) => ({ task: id, item, body: yes })))
  const receipts = await Promise.all(Array.from({ length: 10 }, () => worker.send(chunk)))
  expect(new Set(receipts.map((receipt) => receipt.signature)).size).toBe(1)
  expect(await storedRecords(campaign)).toHaveLength(3)
})

test('a forked chain meets the held head', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 2 })
  const before = worker.head
  const fork = worker.build([{ task: data[0]!.id, item: data[0]!.item, body: no }])
  worker.head = before
  await worker.answer([data[0]!])
  const held = worker.head
  const error = await refused(campaign, worker, () => worker.send(fork))
  expect(error).toMatchObject({ code: 'chain-conflict', data: { head: held } })
})

test('a known head with other records is refused as a fork is', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 1 })
  const [{ id, item }] = data as [(typeof data)[0]]
  const before = worker.head
  const fork = worker.build([{ task: id, item, body: no }])
  worker.head = before
  const chunk = worker.build([{ task: id, item, body: yes }])
  await worker.send(chunk)
  const error = await refused(campaign, worker, () => worker.send({ ...chunk, payloads: fork.payloads }))
  expect(error).toMatchObject({ code: 'chain-conflict', data: { head: worker.head } })
})

test('a head that skips, and records out of order', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 3 })
  const drafts = data.map(({ id, item }) => ({ task: id, item, body: yes }))
  const chunk = worker.build(drafts)
  const skipping = { payloads: chunk.payloads.slice(1), head: chunk.head }
  expect(await refused(campaign, worker, () => worker.send(skipping))).toMatchObject({
    code: 'chain-conflict',
  })
  const [a, b, c] = chunk.payloads as [string, string, string]
  const reordered = { payloads: [a, c, b], head: chunk.head }
  expect(await refused(campaign, worker, () => worker.send(reordered))).toMatchObject({
    code: 'chain-broken',
    data: { seq: 2 },
  })
  const shortened = { payloads: [a, b], head: chunk.head }
  expect((await refused(campaign, worker, () => worker.send(shortened))).code).toBe('chain-broken')
})

test("another worker's records are foreign, whoever is logged in", async () => {
  const { campaign, worker } = await start()
  const eve = await createWorker(t, campaign)
  const { data } = await worker.lease({ count: 1 })
  const chunk = worker.build([{ task: data[0]!.id, item: data[0]!.item, body: yes }])
  const stolen = { payloads: chunk.payloads, head: signHead(campaign.id, chunk.head, eve) }
  expect((await refused(campaign, eve, () => eve.send(stolen))).code).toBe('record-foreign')
})

test("another worker's lease is no lease", async () => {
  const { campaign, worker } = await start()
  const eve = await createWorker(t, campaign)
  const { data } = await worker.lease({ count: 1 })
  expect((await refused(campaign, eve, () => eve.answer(data))).code).toBe('lease-missing')
})

test('heads by an unknown key, by no key, or for another head', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 1 })
  const chunk = worker.build([{ task: data[0]!.id, item: data[0]!.item, body: yes }])
  const attempt = async (head: typeof chunk.head) =>
    (await refused(campaign, worker, () => worker.send({ payloads: chunk.payloads, head }))).code
  expect(await attempt(signHead(campaign.id, chunk.head, createSigner()))).toBe('session-key-unknown')
  expect(await attempt({ ...chunk.head, signature: '0x' })).toBe('head-signature-invalid')
  expect(await attempt({ ...chunk.head, signature: `0x${'00'.repeat(64)}` })).toBe('head-signature-invalid')
  const other = signHead(campaign.id, { count: 2, link: chunk.head.link }, worker)
  expect(await attempt({ ...other, count: 1 })).toBe('head-signature-invalid')
  await worker.send(chunk)
})

test('a high-s head is refused, its low twin accepted', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 1 })
  const chunk = worker.build([{ task: data[0]!.id, item: data[0]!.item, body: yes }])
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const signature = fromHex(chunk.head.signature, 64)
  const s = order - BigInt(toHex(signature.subarray(32)))
  const high = `${toHex(signature.subarray(0, 32))}${s.toString(16).padStart(64, '0')}` as const
  const error = await refused(campaign, worker, () =>
    worker.send({ ...chunk, head: { ...chunk.head, signature: high } }),
  )
  expect(error.code).toBe('head-signature-high-s')
  await worker.send(chunk)
})

test('an expired key and a key of another campaign', async () => {
  const campaign = await openCampaign(t)
  const worker = await createWorker(t, campaign, { notAfter: Math.floor(now.getTime() / 1000) + 30 })
  const { data } = await worker.lease({ count: 1 })
  const chunk = worker.build([{ task: data[0]!.id, item: data[0]!.item, body: yes }])
  later(31)
  expect((await refused(campaign, worker, () => worker.send(chunk))).code).toBe('session-key-expired')
  const scoped = await createWorker(t, campaign, { scope: `0x${'77'.repeat(32)}` })
  const leased = await scoped.lease({ count: 1 })
  expect((await refused(campaign, scoped, () => scoped.answer(leased.data))).code).toBe('session-key-invalid')
})

test('a lease that ran out takes the whole chunk with it and is named', async () => {
  const { campaign, worker } = await start({ items: 2 })
  const first = (await worker.lease({ count: 1 })).data
  later(600)
  const both = (await worker.lease({ count: 2 })).data
  later(301)
  const error = await refused(campaign, worker, () => worker.answer(both))
  expect(error).toMatchObject({ code: 'lease-expired', data: { task: first[0]!.id, seq: 1 } })
})

test('undo: a revision replaces the answer, needs no lease and is owed nothing more', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 1 })
  const [lease] = data
  await worker.answer(data)
  later(2000)
  const revision = { task: lease!.id, item: lease!.item, body: no }
  const head = worker.head
  const bare = worker.build([revision])
  expect(await refused(campaign, worker, () => worker.send(bare))).toMatchObject({
    code: 'revision-required',
    data: { revises: 1 },
  })
  worker.head = head
  const wrong = worker.build([{ ...revision, revises: 2 }])
  expect((await refused(campaign, worker, () => worker.send(wrong))).code).toBe('revision-invalid')
  worker.head = head
  const receipt = await worker.send(worker.build([{ ...revision, revises: 1 }]))
  expect(receipt).toMatchObject({ count: 2, owedAtLeast: 10_000n })
  await worker.send(worker.build([{ ...revision, body: yes, revises: 1 }]))
  expect((await storedRecords(campaign)).map((row) => [row.label, row.is_replaced])).toEqual([
    ['yes', true],
    ['no', true],
    ['yes', false],
  ])
  const [item] = await t.node.db.query(
    sql`select annotations, leases from items where draft_id = ${campaign.draftId} and id = ${lease!.item}`,
  )
  expect(item).toEqual({ annotations: 1, leases: 0 })
})

test('an item in a batch takes no more records', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 1 })
  await worker.answer(data)
  await t.node.db.query(sql`update items set status = 'batched' where draft_id = ${campaign.draftId}`)
  const revision = worker.build([{ item: data[0]!.item, revises: 1, body: no }])
  expect((await refused(campaign, worker, () => worker.send(revision))).code).toBe('record-after-settlement')
})

test('answers outside the labels, wrong kinds and broken payloads', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 1 })
  const { id: task, item } = data[0]!
  const head = worker.head
  const attempt = async (body: object, kind: 'annotation' | 'submission' = 'annotation') => {
    worker.head = head
    const chunk = worker.build([{ task, item, kind, body: body as never }])
    return (await refused(campaign, worker, () => worker.send(chunk))).code
  }
  expect(await attempt({ answer: { same: ['maybe'] } })).toBe('answer-invalid')
  expect(await attempt({ answer: { same: ['yes', 'no'] } })).toBe('answer-invalid')
  expect(await attempt({ mediaType: 'text/plain', bytes: 1 }, 'submission')).toBe('answer-invalid')
  worker.head = head
  const chunk = worker.build([{ task, item, body: yes }])
  for (const payload of ['%%%', 'AAAA', `${chunk.payloads[0]}\n`, '']) {
    const error = await refused(campaign, worker, () => worker.send({ ...chunk, payloads: [payload] }))
    expect(['record-invalid', 'not-canonical']).toContain(error.code)
  }
})

test('a closing campaign takes running work, a closed one nothing', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 2 })
  const set = (status: string) =>
    t.node.db.query(sql`update campaigns set status = ${status} where id = ${campaign.id}`)
  await set('closing')
  await worker.answer([data[0]!])
  await set('closed')
  expect((await refused(campaign, worker, () => worker.answer([data[1]!]))).code).toBe('campaign-not-open')
})

test('behind a cut nothing is receipted that no batch would hold', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 2 })
  const cut = (hash: string, closing: boolean, cutAt: number) =>
    t.node.db.query(sql`
      insert into batches (hash, campaign_id, batch_index, header, status, bundle, bundle_bytes, state, items, records,
        cut_at)
      values (${hash}, ${campaign.id}, 0, ${json({ closing })}, 'cut', '', 0, '', 0, 0, ${cutAt})`)
  const now = Math.floor(t.node.now().getTime() / 1000)
  await cut('0x01', false, now + 60)
  expect((await refused(campaign, worker, () => worker.answer([data[0]!]))).code).toBe('unavailable')
  await t.node.db.query(sql`update batches set cut_at = ${now - 60} where campaign_id = ${campaign.id}`)
  worker.head = emptyHead(campaign.id, worker.account)
  await worker.answer([data[0]!])
  await t.node.db.query(sql`update campaigns set status = 'closing' where id = ${campaign.id}`)
  await cut('0x02', true, now - 1)
  expect((await refused(campaign, worker, () => worker.answer([data[1]!]))).code).toBe('campaign-not-open')
})

test('two devices of one worker: one wins, the other is shown the head', async () => {
  const { campaign, worker } = await start()
  const { data } = await worker.lease({ count: 2 })
  const head = worker.head
  const chunks = data.map(({ id, item }) => {
    worker.head = head
    return worker.build([{ task: id, item, body: yes }])
  })
  const outcomes = await Promise.allSettled(chunks.map((chunk) => worker.send(chunk)))
  const lost = outcomes.find((outcome) => outcome.status === 'rejected')
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  const { head: held } = await t.call(endpoints.getChain, {
    token: worker.token,
    params: { id: campaign.id },
  })
  expect(lost?.reason).toMatchObject({ code: 'chain-conflict', data: { head: held } })
  expect(held.count).toBe(1)
})

test('a submission completes its own upload only', async () => {
  const { campaign, worker } = await start({ spec: { kind: 'collect' }, items: 2 })
  const eve = await createWorker(t, campaign)
  const [own] = campaign.items
  await t.node.db.query(sql`
    update items set status = 'unfinished', source = ${worker.account} where draft_id = ${campaign.draftId}`)
  const draft = { kind: 'submission' as const, item: own!, body: { mediaType: 'text/plain', bytes: 6 } }
  const head = eve.head
  const attempt = eve.build([draft])
  expect((await refused(campaign, eve, () => eve.send(attempt))).code).toBe('lease-missing')
  eve.head = head
  expect(await worker.send(worker.build([draft]))).toMatchObject({ count: 1, owedAtLeast: 10_000n })
  const rows = await t.node.db.query(
    sql`select status from items where draft_id = ${campaign.draftId} order by id = ${own} desc`,
  )
  expect(rows).toEqual([{ status: 'waiting' }, { status: 'unfinished' }])

  expect((await worker.lease({ kind: 'review', count: 1 })).data).toEqual([])
  const { data } = await eve.lease({ kind: 'review', count: 5 })
  expect(data.map((entry) => [entry.item, entry.proposed])).toEqual([[own, null]])
  const review = { kind: 'review' as const, item: own!, task: data[0]!.id }
  await eve.send(eve.build([{ ...review, body: { verdict: 'accept', answer: null, reason: '' } }]))
  const [item] = await t.node.db.query(
    sql`select status, reviews, leases from items where draft_id = ${campaign.draftId} and id = ${own}`,
  )
  expect(item).toEqual({ status: 'review', reviews: 1, leases: 0 })
})

test('a submission the campaign cannot pay is refused', async () => {
  const { campaign, worker } = await start({ spec: { kind: 'collect' }, items: 1, funded: 104_999n })
  await t.node.db.query(sql`
    update items set status = 'unfinished', source = ${worker.account} where draft_id = ${campaign.draftId}`)
  const draft = {
    kind: 'submission' as const,
    item: campaign.items[0]!,
    body: { mediaType: 'text/plain', bytes: 6 },
  }
  const chunk = worker.build([draft])
  expect((await refused(campaign, worker, () => worker.send(chunk))).code).toBe('campaign-underfunded')
  await t.node.db.query(sql`update campaigns set funded = 105000 where id = ${campaign.id}`)
  await worker.send(chunk)
})
