import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enqueue } from '../../src/chain/outbox.ts'
import { sql } from '../../src/db/sql.ts'
import { networkRoutes } from '../../src/network/routes.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'
import { batchCall, emptyHeader, openCampaign, topUp } from './campaign-call.ts'

let t: TestNode
beforeAll(async () => {
  t = await createTestNode({ chain: true, rooms: [networkRoutes] })
})
afterAll(() => t.close())

const money = (id: string) =>
  t.node.db.query(sql`select status, funded, open_transaction from campaigns where id = ${id}`)

test('makes a campaign of an opening the operator accepted, and follows its money', async () => {
  const campaign = await openCampaign(t, { amount: 500n })
  await topUp(t, campaign, 70n)
  const [row] = await money(campaign.id)
  expect(row).toMatchObject({ status: 'open', funded: '570' })
  const { data } = await t.call(endpoints.listActivity, { query: { campaignId: campaign.id } })
  expect(data.map((entry) => entry.type)).toEqual(['campaign-funded', 'campaign-opened'])
})

test('ignores a campaign it keeps no acceptance of', async () => {
  const campaign = await openCampaign(t, { isForeign: true })
  await topUp(t, campaign, 70n)
  expect(await money(campaign.id)).toEqual([])
})

test('sends what is enqueued once, and decodes the transaction', async () => {
  const campaign = await openCampaign(t)
  const contract = t.node.chain.contracts.campaigns
  const call = {
    id: `propose:${campaign.id}`,
    purpose: 'propose',
    contract,
    data: batchCall('propose', campaign, emptyHeader(campaign)),
  }
  await enqueue(t.node.db, call)
  await enqueue(t.node.db, call)
  await t.sync()
  const rows = await t.node.db.query<{ state: string; transaction_hash: string }>(
    sql`select state, transaction_hash from outbox where id = ${call.id}`,
  )
  expect(rows).toMatchObject([{ state: 'mined' }])
  const { transaction_hash: hash } = rows[0]!
  const transaction = await t.call(endpoints.getTransaction, { params: { hash } })
  expect(transaction).toMatchObject({ status: 'success', contract: 'Campaigns', from: t.node.keys.operator })
  expect(transaction.call!.name).toBe('propose')
  expect(transaction.events.map((event) => event.name)).toEqual(['BatchProposed'])
})

test('gives up on a call the contract refuses, with its reason, and sends the next one', async () => {
  const campaign = await openCampaign(t)
  const contract = t.node.chain.contracts.campaigns
  const send = (id: string, data: `0x${string}`) =>
    enqueue(t.node.db, { id: `${id}:${campaign.id}`, purpose: id, contract, data })
  await send('finalize', batchCall('finalize', campaign, emptyHeader(campaign)))
  await send('propose', batchCall('propose', campaign, emptyHeader(campaign)))
  await expect
    .poll(() => t.node.db.query(sql`select state from outbox where id = ${`propose:${campaign.id}`}`), {
      timeout: 5000,
    })
    .toEqual([{ state: 'mined' }])
  const [row] = await t.node.db.query<{ last_error: string; state: string }>(
    sql`select last_error, state from outbox where id = ${`finalize:${campaign.id}`}`,
  )
  expect(row!.last_error).toMatch(/^(NotPending|WindowOpen)\(/)
  await t.node.db.query(sql`delete from outbox where id = ${`finalize:${campaign.id}`}`)
})

test('names the network and its health', async () => {
  const network = await t.call(endpoints.getNetwork)
  expect(network).toMatchObject({ chainId: 31337, isLocal: true, challengeWindowSeconds: 10 })
  expect(network.fees).toEqual({ operatorFeeBps: 250, protocolFeeBps: 250, operatorFeeCapBps: 1000 })
  await t.sync()
  const health = await t.call(endpoints.getHealth)
  expect(health).toMatchObject({ ok: true, chain: { reachable: true } })
  expect(health.chain.indexedBlock).toBe(health.chain.block)
})

test('gives gas and tokens to whoever asks', async () => {
  const { account } = randomAccount()
  const drop = await t.call(endpoints.createFaucetDrop, { body: { account } })
  expect(drop.testUsd).toBe(10_000_000_000n)
  expect(await t.node.chain.client.getBalance({ address: account })).toBe(drop.wei)
})

test('refuses a hash the chain does not know', async () => {
  const problem = await t.refusal(endpoints.getTransaction, { params: { hash: `0x${'12'.repeat(32)}` } })
  expect(problem).toMatchObject({ status: 404, code: 'not-found' })
})
