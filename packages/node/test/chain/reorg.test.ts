import { campaignsAbi } from '@tagger/contracts/abi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enqueue } from '../../src/chain/outbox.ts'
import { sql } from '../../src/db/sql.ts'
import { networkRoutes } from '../../src/network/routes.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import { batchCall, emptyHeader, openCampaign, topUp } from './campaign-call.ts'

let t: TestNode
beforeAll(async () => {
  t = await createTestNode({ chain: true, rooms: [networkRoutes] })
})
afterAll(() => t.close())

const rpc = (method: string, params: unknown[] = []) =>
  t.node.chain.client.request({ method, params } as never)
const height = async () => Number(await t.node.chain.client.getBlockNumber())

async function mine(blocks: number): Promise<void> {
  for (let i = 0; i < blocks; i++) await rpc('evm_mine')
}

test('rewinds three blocks that the chain gave up, and takes the new branch', async () => {
  const campaign = await openCampaign(t, { amount: 100n })
  const fork = await height()
  const snapshot = await rpc('evm_snapshot')
  for (const amount of [1n, 20n, 300n]) await topUp(t, campaign, amount)
  expect(await height()).toBe(fork + 3)
  const funded = () => t.node.db.query(sql`select funded from campaigns where id = ${campaign.id}`)
  expect(await funded()).toEqual([{ funded: '421' }])
  await rpc('evm_revert', [snapshot])
  // Another branch, as high as the lost one, with one payment that was not there.
  await topUp(t, campaign, 5n)
  await mine(2)
  await t.sync()
  expect(await funded()).toEqual([{ funded: '105' }])
  const [last] = await t.node.db.query<{ number: number; hash: string }>(
    sql`select number, hash from chain_blocks order by number desc limit 1`,
  )
  const block = await t.node.chain.client.getBlock({ blockNumber: BigInt(fork + 3) })
  expect(last).toEqual({ number: fork + 3, hash: block.hash })
})

test('notices a chain that became shorter', async () => {
  const campaign = await openCampaign(t, { amount: 100n })
  const snapshot = await rpc('evm_snapshot')
  await topUp(t, campaign, 1n)
  await mine(3)
  await t.sync()
  await rpc('evm_revert', [snapshot])
  await t.sync()
  expect(await t.node.db.query(sql`select funded from campaigns where id = ${campaign.id}`)).toEqual([
    { funded: '100' },
  ])
  expect(await t.node.db.query(sql`select max(number) as last from chain_blocks`)).toEqual([
    { last: await height() },
  ])
})

test('takes back a campaign whose opening is gone, and a proposal; sends the proposal again', async () => {
  const snapshot = await rpc('evm_snapshot')
  const lost = await openCampaign(t)
  await rpc('evm_revert', [snapshot])
  await mine(8)
  await t.sync()
  expect(await t.node.db.query(sql`select id from campaigns where id = ${lost.id}`)).toEqual([])

  const campaign = await openCampaign(t)
  const before = await rpc('evm_snapshot')
  const id = `propose:${campaign.id}`
  await enqueue(t.node.db, {
    id,
    purpose: 'propose',
    contract: t.node.chain.contracts.campaigns,
    data: batchCall('propose', campaign, emptyHeader(campaign)),
  })
  await t.sync()
  const proposals = () =>
    t.node.db.query(
      sql`select count(*) as n from chain_events where campaign_id = ${campaign.id} and name = 'BatchProposed'`,
    )
  expect(await proposals()).toEqual([{ n: 1 }])
  await rpc('evm_revert', [before])
  await mine(1)
  await t.sync()
  await expect.poll(proposals, { timeout: 10_000, interval: 100 }).toEqual([{ n: 1 }])
  await t.sync()
  const onChain = await t.node.chain.client.getContractEvents({
    address: t.node.chain.contracts.campaigns,
    abi: campaignsAbi,
    eventName: 'BatchProposed',
    args: { id: campaign.id },
    fromBlock: 0n,
  })
  expect(onChain).toHaveLength(1)
  expect(await t.node.db.query(sql`select state from outbox where id = ${id}`)).toEqual([{ state: 'mined' }])
})
