import { campaignsAbi } from '@tagger/contracts/abi'
import type { Address, BatchHeader, Hex } from '@tagger/protocol'
import { HeaderDocument } from '@tagger/protocol/wire'
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { openAlarms } from '../../src/network/alarms.ts'
import { headerStruct, termsStruct } from '../../src/settle/calls.ts'
import { startSettlement } from '../../src/settle/jobs.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'
import { approveCall, batchesOf, openCall, until } from './on-chain.ts'
import { StagedCampaign } from './staged-campaign.ts'

const FUNDS = 50_000_000n
let server: TestNode
let campaign: StagedCampaign
let settlement: { stop(): Promise<void> }
const contester = randomAccount()

beforeAll(async () => {
  server = await createTestNode({ chain: true, rooms: [] })
  const { node } = server
  settlement = startSettlement(node)
  campaign = new StagedCampaign(node, { items: 8 })
  await campaign.accept()
  await node.chain.faucet!(campaign.requester.account)
  await node.chain.faucet!(contester.account)
  await server.send(campaign.requester.privateKey, approveCall(node, node.chain.contracts.campaigns, FUNDS))
  await server.send(campaign.requester.privateKey, openCall(campaign, FUNDS))
})
afterAll(async () => {
  await settlement?.stop()
  await server?.close()
})

interface ReceiptRow {
  account: Address
  count: number
  link: Hex
  owed_at_least: string
  issued_at: number
  signature: Hex
}

async function contest(header: BatchHeader, row: ReceiptRow): Promise<void> {
  const receipt = {
    campaignId: campaign.id,
    account: row.account,
    link: row.link,
    count: BigInt(row.count),
    owedAtLeast: BigInt(row.owed_at_least),
    issuedAt: BigInt(row.issued_at),
  }
  await server.send(contester.privateKey, {
    to: server.node.chain.contracts.campaigns,
    data: encodeFunctionData({
      abi: campaignsAbi,
      functionName: 'contest',
      args: [termsStruct(campaign.terms), headerStruct(header), receipt, row.signature],
    }),
  })
}

const eventsNamed = (name: string) =>
  server.node.db.query(sql`select 1 from chain_events where name = ${name} and campaign_id = ${campaign.id}`)

test('the node answers contests of its batch, also one that shows more than the one before, and it becomes final', async () => {
  // A receipt of one record for each worker, and one of all.
  for (let i = 0; i < 3; i++) {
    const worker = await campaign.newWorker()
    await worker.annotate([{ item: campaign.items[0]!, label: 'yes' }])
  }
  await campaign.answer(campaign.items)
  await until('a pending batch', async () => (await batchesOf(campaign))[0]?.status === 'proposed')
  const [batch] = await batchesOf(campaign)
  const header = HeaderDocument.parse(batch!.header)
  const rows = await server.node.db.query<ReceiptRow>(sql`
    select account, count, link, owed_at_least, issued_at, signature from receipts
    where campaign_id = ${campaign.id} and issued_at <= ${header.cutAt} order by account, count`)
  const own = rows.filter(({ account }) => account === rows[0]!.account)
  expect(own.length).toBeGreaterThan(1)
  for (const row of [own[0]!, own.at(-1)!]) await contest(header, row)
  await until('the answer', async () => (await eventsNamed('ContestAnswered')).length > 0)
  await until('the final batch', async () => (await batchesOf(campaign))[0]?.status === 'final')
  expect(await eventsNamed('BatchVoid')).toEqual([])
  expect(await openAlarms(server.node.db)).toEqual([])
}, 180_000)
