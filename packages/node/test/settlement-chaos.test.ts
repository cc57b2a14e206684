import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientOf } from '../src/chain/open.ts'
import { sql } from '../src/db/sql.ts'
import { openAlarms } from '../src/network/alarms.ts'
import { reconcile } from '../src/network/reconciliation.ts'
import { startSettlement } from '../src/settle/jobs.ts'
import { createTestNode, randomAccount, type TestNode } from './harness.ts'
import { type Fault, type FaultyRpc, startFaultyRpc } from './settle/faulty-rpc.ts'
import {
  approveCall,
  batchesOf,
  campaignCall,
  claimAllCall,
  dollarsOf,
  openCall,
  until,
  verifyStaged,
} from './settle/on-chain.ts'
import { StagedCampaign } from './settle/staged-campaign.ts'

// Every campaign has its own seed, and all of them the same chain. One more is chosen by SEED.
const FIRST_SEED = Number(process.env.SEED ?? 1)
const SEEDS = Array.from({ length: 20 }, (_, i) => FIRST_SEED + i)
const FUNDS = 10_000_000n
let server: TestNode
let rpc: FaultyRpc
const campaigns: StagedCampaign[] = []
const payer = randomAccount()

beforeAll(async () => {
  server = await createTestNode({ chain: true, rooms: [], config: { logLevel: 'silent' } })
  const { node } = server
  await node.chain.faucet!(payer.account)
  const { campaigns: escrow } = node.chain.contracts
  await server.send(payer.privateKey, approveCall(node, escrow, FUNDS * BigInt(SEEDS.length)))
  for (const _ of SEEDS) {
    const campaign = new StagedCampaign(node, { items: 4, terms: { requester: payer.account } })
    await campaign.accept()
    campaigns.push(campaign)
    await server.send(payer.privateKey, openCall(campaign, FUNDS))
  }
  rpc = await startFaultyRpc(node.chain.rpcUrl!)
})
afterAll(async () => {
  await rpc?.close()
  await server?.close()
})

test('an RPC that fails at a random step of settlement: everybody is paid once, all evidence verifies', async () => {
  const { node } = server
  for (const [i, campaign] of campaigns.entries()) {
    await campaign.answer(campaign.items)
    // Odd ones settle and go on, even ones close at once: their fees are sent too.
    if (i % 2 === 0) await server.send(payer.privateKey, campaignCall(campaign, 'close'))
  }
  const faults = SEEDS.map((seed, i) => rpc.plan(seed, campaigns[i]!.id))
  const direct = node.chain
  node.chain = { ...direct, client: clientOf(rpc.url) }
  const settlement = startSettlement(node)
  const describe = () => `Recreate with SEED=${FIRST_SEED}: ${JSON.stringify(faults)}`
  await until(
    () => `final batches of all campaigns. ${describe()}`,
    async () => {
      const rows = await node.db.query(sql`select 1 from batches where status = 'final'`)
      return rows.length === SEEDS.length
    },
    200,
  )
  await until(
    () => `fees of closed campaigns. ${describe()}`,
    async () => {
      const rows = await node.db.query(sql`select 1 from campaigns where fees_paid > 0`)
      return rows.length === SEEDS.length / 2
    },
  )
  await settlement.stop()
  node.chain = direct
  expect(unhit(faults)).toEqual([])

  for (const campaign of campaigns) {
    await server.send(payer.privateKey, await claimAllCall(campaign))
    expect((await batchesOf(campaign)).map(({ status }) => status)).toEqual(['final'])
    expect(await verifyStaged(campaign)).toMatchObject({ ok: true, items: 4, records: 12 })
    for (const { account } of campaign.workers) {
      const [owed] = await node.db.query<{ amount: string }>(
        sql`select amount from payouts where campaign_id = ${campaign.id} and account = ${account}`,
      )
      expect(await dollarsOf(node, account)).toBe(BigInt(owed!.amount))
    }
  }
  expect((await reconcile(node)).filter(({ isEqual }) => !isEqual)).toEqual([])
  expect(await openAlarms(node.db)).toEqual([])
}, 300_000)

/** Faults that never struck would prove nothing. */
function unhit(faults: readonly Fault[]): Fault[] {
  return faults.filter(({ struck }) => struck === 0)
}
