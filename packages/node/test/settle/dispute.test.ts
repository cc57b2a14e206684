import type { Address, Hex } from '@tagger/protocol'
import { endpoints, HeaderDocument } from '@tagger/protocol/wire'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { openAlarms } from '../../src/network/alarms.ts'
import { sendDue } from '../../src/settle/finalize.ts'
import { startSettlement } from '../../src/settle/jobs.ts'
import { type Actor, Clock, challenge, commit, locals, person, resolve, reveal } from '../govern/on-chain.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import { approveCall, batchesOf, claimAllCall, dollarsOf, openCall, until, verifyStaged } from './on-chain.ts'
import { StagedCampaign } from './staged-campaign.ts'

const FUNDS = 50_000_000n
const clock = new Clock()
let t: TestNode
let campaign: StagedCampaign
let settlement: { stop(): Promise<void> }
let validators: Actor[]
let challenger: Actor

beforeAll(async () => {
  t = await createTestNode({ chain: true, clock: clock.now })
  const { node } = t
  ;({ validators } = await locals(t))
  challenger = await person(t)
  settlement = startSettlement(node)
  campaign = new StagedCampaign(node, { items: 8 })
  await campaign.accept()
  await node.chain.faucet!(campaign.requester.account)
  await t.send(campaign.requester.privateKey, approveCall(node, node.chain.contracts.campaigns, FUNDS))
  await t.send(campaign.requester.privateKey, openCall(campaign, FUNDS))
})
afterAll(async () => {
  await settlement?.stop()
  await t?.close()
})

const batchAt = async (place: number) => (await batchesOf(campaign))[place]
const finalizings = () => t.node.db.query(sql`select 1 from outbox where purpose = 'finalize'`)

/** Challenges the batch that is pending now; answers with the dispute's id. */
async function dispute(place: number): Promise<Hex> {
  await until('a pending batch', async () => (await batchAt(place))?.status === 'proposed')
  const header = HeaderDocument.parse((await batchAt(place))!.header)
  const id = await challenge(t, challenger, { campaign, header }, 'verify fails')
  expect((await batchAt(place))!.is_disputed).toBe(true)
  return id
}

async function commitAll(id: Hex, isValid: boolean): Promise<void> {
  for (const validator of validators) await commit(t, validator, id, isValid)
}

/** Reveals what was committed and counts it. */
async function decide(id: Hex, isValid: boolean): Promise<void> {
  const until = async (end: 'commitEnds' | 'revealEnds') => {
    const dispute = await t.call(endpoints.getDispute, { params: { id } })
    const left = (Date.parse(dispute[end]) - clock.now().getTime()) / 1000
    await clock.forward(t, Math.max(0, Math.ceil(left)) + 1)
  }
  await until('commitEnds')
  for (const validator of validators) await reveal(t, validator, id, isValid)
  await until('revealEnds')
  await resolve(t, challenger, id)
}

test('a batch that stands is final after the dispute and the rest of its window, not before', async () => {
  await campaign.answer(campaign.items.slice(0, 4))
  const id = await dispute(0)
  const { final_at: before } = (await batchAt(0))!
  await commitAll(id, true)
  await clock.forward(t, 12)
  // Long enough for the settlement to go around some times.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(await finalizings()).toEqual([])
  const { data: disputed } = await t.call(endpoints.listBatches, { params: { id: campaign.id } })
  expect(disputed).toMatchObject([{ status: 'proposed', finalAt: null, disputeId: id }])
  await decide(id, true)
  expect((await batchAt(0))!.final_at).toBeGreaterThanOrEqual(before! + 60)
  await clock.forward(t, 11)
  await until('the final batch', async () => (await batchAt(0))?.status === 'final')
  expect(await openAlarms(t.node.db)).toEqual([])
}, 180_000)

test('a batch that is void is cut again, and its workers are paid', async () => {
  await campaign.answer(campaign.items.slice(4))
  const id = await dispute(1)
  const payouts = async (batch: Hex) =>
    await t.node.db.query(sql`select account, amount from payouts where batch = ${batch} order by account`)
  const { hash: lost } = (await batchAt(1))!
  const promised = await payouts(lost)
  await commitAll(id, false)
  await decide(id, false)
  await until('the batch that follows', async () => (await batchAt(2))?.status === 'proposed')
  expect(await batchAt(1)).toMatchObject({ status: 'void', followed_status: 'void' })
  expect((await batchAt(2))!.batch_index).toBe(1)
  expect(await payouts(lost)).toEqual([])
  expect((await openAlarms(t.node.db)).map((alarm) => alarm.id)).toEqual([`dispute:${campaign.id}`])
  const operator = await t.call(endpoints.getStake, { params: { account: t.node.keys.operator } })
  // One bond was lost, and the next proposal has locked another.
  expect(operator).toMatchObject({ slashed: parseEther('10000'), bonded: parseEther('10000') })

  await clock.forward(t, 11)
  await until('the final batch', async () => (await batchAt(2))?.status === 'final')
  expect(await payouts((await batchAt(2))!.hash)).toEqual(promised)
  await until('the end of the alarm', async () => (await openAlarms(t.node.db)).length === 0)
  await t.send(campaign.requester.privateKey, await claimAllCall(campaign))
  for (const { account, amount } of promised as { account: Address; amount: string }[]) {
    expect(await dollarsOf(t.node, account)).toBe(BigInt(amount))
  }
  expect(await verifyStaged(campaign)).toMatchObject({ ok: true })
}, 180_000)

test('the time in disputes is added to the time for the closing batch', async () => {
  const [row] = await t.node.db.query<{ disputed_time: number }>(
    sql`select disputed_time from campaigns where id = ${campaign.id}`,
  )
  expect(row!.disputed_time).toBeGreaterThanOrEqual(2 * 60)
})

test('the operator counts the votes on its batch when nobody else does', async () => {
  await settlement.stop()
  await t.node.db.query(sql`update batches set status = 'proposed', is_disputed = true where batch_index = 0`)
  const [{ reveal_ends: ends, id }] = (await t.node.db.query(sql`
    update disputes set outcome = 'open' from batches b where b.hash = disputes.batch and b.batch_index = 0
    returning reveal_ends, id`)) as [{ reveal_ends: number; id: Hex }]
  const calls = () => t.node.db.query(sql`select id, contract from outbox where purpose = 'resolve'`)
  await sendDue({ ...t.node, now: () => new Date((ends + 59) * 1000) })
  expect(await calls()).toEqual([])
  await sendDue({ ...t.node, now: () => new Date((ends + 61) * 1000) })
  const { disputes } = t.node.chain.contracts
  expect(await calls()).toEqual([{ id: `resolve:${id}:1`, contract: disputes }])
})
