import { disputesAbi, parametersAbi, stakingAbi, tagGovernorAbi } from '@tagger/contracts/abi'
import type { Hex } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { encodeFunctionData, parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import {
  type Actor,
  allowTag,
  Clock,
  challenge,
  commit,
  locals,
  moveStake,
  person,
  proposalOf,
  proposedBatch,
  resolve,
  reveal,
  rpc,
  settleVote,
} from './on-chain.ts'

const clock = new Clock()
let t: TestNode
let giver: Actor
let validators: Actor[]
beforeAll(async () => {
  t = await createTestNode({ chain: true, clock: clock.now })
  ;({ giver, validators } = await locals(t))
  await t.sync()
})
afterAll(() => t?.close())

const dispute = (id: Hex) => t.call(endpoints.getDispute, { params: { id } })
const pendingOf = async (campaignId: Hex) =>
  (await t.call(endpoints.listPendingBatches, {})).data.find((batch) => batch.campaignId === campaignId)

/** Every stake in the ledger is what the contract says of its account, and all together are what it holds. */
async function expectStakesOfChain(): Promise<void> {
  const { stakes } = await t.call(endpoints.getReconciliation, {})
  expect(stakes.held).toBe(stakes.staked + stakes.cooling + stakes.credited)
  const { data } = await t.call(endpoints.listStakes, { query: { limit: 500 } })
  for (const stake of data) {
    const read = { address: t.node.chain.contracts.staking, abi: stakingAbi, args: [stake.account] } as const
    const { coolingUntil, ...amounts } = await t.node.chain.client.readContract({
      ...read,
      functionName: 'stakes',
    })
    const free = await t.node.chain.client.readContract({ ...read, functionName: 'freeStake' })
    const votes = await t.node.chain.client.readContract({ ...read, functionName: 'getVotes' })
    expect(stake).toMatchObject({ ...amounts, free, votes })
    expect(stake.coolingUntil === null ? 0 : Date.parse(stake.coolingUntil) / 1000).toBe(Number(coolingUntil))
  }
}

test('lists who has TAG at stake, as the chain has it', async () => {
  const { data } = await t.call(endpoints.listStakes, { query: { role: 'validator' } })
  expect(data.map(({ account }) => account).sort()).toEqual(validators.map(({ account }) => account).sort())
  const someone = await person(t)
  const { data: operators } = await t.call(endpoints.listStakes, { query: { role: 'operator' } })
  expect(operators).toEqual([])
  expect(await t.call(endpoints.getStake, { params: { account: someone.account } })).toMatchObject({
    ...{ staked: 0n, cooling: 0n, coolingUntil: null, votes: 0n, delegate: someone.account },
  })
  await moveStake(t, someone, 'stake', parseEther('500'))
  await moveStake(t, someone, 'startValidating', parseEther('200'))
  await moveStake(t, someone, 'startCooling', parseEther('100'))
  const delegate = { abi: stakingAbi, functionName: 'delegate', args: [giver.account] } as const
  await someone.send(t.node.chain.contracts.staking, encodeFunctionData(delegate))
  expect(await t.call(endpoints.getStake, { params: { account: someone.account } })).toMatchObject({
    ...{ staked: parseEther('400'), cooling: parseEther('100'), validating: parseEther('200'), votes: 0n },
    ...{ free: parseEther('200'), delegate: giver.account },
  })
  const first = await t.call(endpoints.listStakes, { query: { limit: 2 } })
  const rest = await t.call(endpoints.listStakes, { query: { cursor: first.nextCursor! } })
  const all = await t.call(endpoints.listStakes, {})
  expect([...first.data, ...rest.data]).toEqual(all.data)
  await expectStakesOfChain()
})

test('a challenge the chain gave up is forgotten, and another one folded to its end', async () => {
  // Weights are those of the second before the proposal.
  await clock.forward(t, 2)
  const proposed = await proposedBatch(t)
  const { id: campaignId } = proposed.campaign
  const [challenger, other] = [await person(t), await person(t)]
  expect(await pendingOf(campaignId)).toMatchObject({ disputeId: null, campaignTitle: 'Test', index: 0 })
  const before = await pendingOf(campaignId)
  const stakes = await t.call(endpoints.listStakes, {})

  const snapshot = await rpc(t, 'evm_snapshot')
  const lost = await challenge(t, challenger, proposed, 'lost')
  await commit(t, validators[0]!, lost, true)
  expect((await dispute(lost)).votes).toHaveLength(1)
  expect(await pendingOf(campaignId)).toMatchObject({ finalAt: null, disputeId: lost })
  await rpc(t, 'evm_revert', [snapshot])
  await t.sync()
  expect(await t.refusal(endpoints.getDispute, { params: { id: lost } })).toMatchObject({ code: 'not-found' })
  expect(await t.node.db.query(sql`select 1 from dispute_votes`)).toEqual([])
  expect(await pendingOf(campaignId)).toEqual(before)
  expect(await t.call(endpoints.listStakes, {})).toEqual(stakes)

  const id = await challenge(t, other, proposed, 'Row 7 is wrong\0')
  // It is about the same proposal.
  expect(id).toBe(lost)
  const read = { address: t.node.chain.contracts.disputes, abi: disputesAbi } as const
  const onChain = () => t.node.chain.client.readContract({ ...read, functionName: 'disputes', args: [id] })
  const { bond, totalWeight, slashBps, quorumBps } = await onChain()
  expect(await dispute(id)).toMatchObject({
    ...{ campaignId, campaignTitle: 'Test', challenger: other.account, operator: t.node.keys.operator },
    ...{ reason: 'Row 7 is wrong\ufffd', round: 1, state: 'committing', index: 0, endedAt: null },
    ...{ bond, totalWeight, slashBps, quorumBps, votes: [] },
  })
  expect(totalWeight).toBe(parseEther('3200'))

  // Nobody votes in the first round.
  await clock.forward(t, 31)
  expect((await dispute(id)).state).toBe('revealing')
  await clock.forward(t, 31)
  expect((await dispute(id)).state).toBe('counting')
  await resolve(t, other, id)
  expect(await dispute(id)).toMatchObject({ round: 2, state: 'committing' })

  const [right, wrong, away] = validators as [Actor, Actor, Actor]
  await commit(t, right, id, false)
  await commit(t, wrong, id, false)
  await commit(t, away, id, true)
  await expectStakesOfChain()
  await clock.forward(t, 61)
  await reveal(t, right, id, false)
  await reveal(t, wrong, id, false)
  await clock.forward(t, 61)
  await resolve(t, other, id)
  for (const { account } of validators) await settleVote(t, other, id, account)
  const ended = await dispute(id)
  const { validWeight, invalidWeight } = await onChain()
  expect(ended).toMatchObject({ state: 'void', validWeight, invalidWeight })
  expect(ended.endedAt).not.toBeNull()
  for (const { voter, weight, state, slashed, rewarded } of ended.votes) {
    const ballot = await t.node.chain.client.readContract({
      ...read,
      functionName: 'ballots',
      args: [id, voter],
    })
    expect({ weight, rewarded }).toEqual({ weight: ballot.weight, rewarded: ballot.paid })
    expect({ state, slashed }).toEqual(
      voter === away.account
        ? { state: 'committed', slashed: ballot.atRisk }
        : { state: 'invalid', slashed: 0n },
    )
  }
  expect(await pendingOf(campaignId)).toBeUndefined()
  await expectStakesOfChain()
  const { data: open } = await t.call(endpoints.listDisputes, { query: { state: 'open' } })
  const { data: over } = await t.call(endpoints.listDisputes, { query: { state: 'ended' } })
  expect([open.length, over.map((entry) => entry.id)]).toEqual([0, [id]])
  const told = (await t.node.activity.recent({ limit: 100 })).map(({ type }) => type)
  expect(told).toEqual(expect.arrayContaining(['batch-challenged', 'dispute-voted', 'dispute-ended']))
  expect(told).not.toContain('parameter-changed')
}, 120_000)

test('a batch of another operator can be challenged with what the node tells of it', async () => {
  const { campaign } = await proposedBatch(t, { isForeign: true })
  const batch = (await pendingOf(campaign.id))!
  expect(batch).toMatchObject({ campaignTitle: null, disputeId: null, requester: campaign.terms.requester })
  const { terms, header } = batch
  const id = await challenge(t, await person(t), { campaign: { terms }, header: header! }, 'No bytes')
  expect(await dispute(id)).toMatchObject({
    campaignTitle: null,
    campaignId: campaign.id,
    batch: batch.batch,
  })
})

test('a batch with a time that no clock shows does not hide the others', async () => {
  const { campaign, header } = await proposedBatch(t, { isForeign: true, cutAt: 2 ** 60 })
  expect(await pendingOf(campaign.id)).toMatchObject({ index: 0, payoutsTotal: 0n, header: null })
  const id = await challenge(t, await person(t), { campaign, header }, 'No such time')
  expect(await dispute(id)).toMatchObject({ state: 'committing', index: 0 })
})

test('a proposal goes its way as the governor has it, and changes a parameter', async () => {
  const { parameters, tagGovernor, staking } = t.node.chain.contracts
  const { client } = t.node.chain
  const parameter = async (name: string) =>
    (await t.call(endpoints.listParameters, {})).data.find((entry) => entry.name === name)
  expect(await parameter('disputeBond')).toEqual({
    ...{ name: 'disputeBond', value: parseEther('100').toString(), unit: 'tag' },
    ...{ least: parseEther('100'), most: parseEther('1000000') },
  })
  expect(await parameter('stakeCooldown')).toMatchObject({ value: '120', least: 70n, most: 5_184_000n })
  expect(await parameter('treasury')).toMatchObject({ unit: 'account', least: null, most: null })
  const { data } = await t.call(endpoints.listParameters, {})
  for (const { name, unit, least, most } of data)
    if (unit !== 'account') expect(least! < most!, name).toBe(true)

  await allowTag(t, giver)
  await moveStake(t, giver, 'stake', parseEther('20000000000'))
  const args = [parseEther('250')] as const
  const calldata = encodeFunctionData({ abi: parametersAbi, functionName: 'setDisputeBond', args })
  const steps = proposalOf(t, calldata, '# Raise the bond\n\nChallenges are too cheap.')
  await giver.send(tagGovernor, steps.propose)
  const { data: proposals } = await t.call(endpoints.listProposals, {})
  expect(proposals).toHaveLength(1)
  const [{ id }] = proposals as [(typeof proposals)[number]]
  const read = { address: tagGovernor, abi: tagGovernorAbi } as const
  const proposal = async () => {
    const document = await t.call(endpoints.getProposal, { params: { id } })
    const state = await client.readContract({ ...read, functionName: 'state', args: [BigInt(id)] })
    const names = ['pending', 'active', 'canceled', 'defeated', 'succeeded', 'queued', 'expired', 'executed']
    expect(document.state).toBe(names[state])
    return document
  }
  expect(await proposal()).toMatchObject({
    ...{ title: 'Raise the bond', proposer: giver.account, state: 'pending', eta: null, votes: [] },
    calls: [
      {
        ...{ target: parameters, contract: 'Parameters', name: 'setDisputeBond', value: 0n, calldata },
        arguments: [{ name: 'value', type: 'uint128', value: parseEther('250').toString() }],
      },
    ],
  })
  await clock.forward(t, 15)
  const vote = { abi: tagGovernorAbi, functionName: 'castVoteWithReason' } as const
  await giver.send(tagGovernor, encodeFunctionData({ ...vote, args: [BigInt(id), 1, 'yes\0'] }))
  const voted = await proposal()
  const at = BigInt(Date.parse(voted.voteStart) / 1000)
  expect(voted.quorum).toBe(await client.readContract({ ...read, functionName: 'quorum', args: [at] }))
  const weight = await client.readContract({
    address: staking,
    abi: stakingAbi,
    functionName: 'getVotes',
    args: [giver.account],
  })
  expect(voted).toMatchObject({
    ...{ state: 'active', forVotes: weight, againstVotes: 0n },
    votes: [{ voter: giver.account, choice: 'for', weight, reason: 'yes\ufffd' }],
  })
  await clock.forward(t, 65)
  expect((await proposal()).state).toBe('succeeded')
  await giver.send(tagGovernor, steps.queue)
  expect(await proposal()).toMatchObject({ state: 'queued', eta: expect.any(String) })
  await clock.forward(t, 15)
  const snapshot = await rpc(t, 'evm_snapshot')
  // Past the governor, by anyone.
  await giver.send(t.node.chain.contracts.timelock, steps.executeDirectly)
  expect((await proposal()).state).toBe('executed')
  await rpc(t, 'evm_revert', [snapshot])
  await t.sync()
  expect((await proposal()).state).toBe('queued')
  await giver.send(tagGovernor, steps.execute)
  expect((await proposal()).state).toBe('executed')
  expect(await parameter('disputeBond')).toMatchObject({ value: parseEther('250').toString() })
  const told = (await t.node.activity.recent({ limit: 100 })).map(({ type }) => type)
  expect(told).toEqual(expect.arrayContaining(['proposal-created', 'proposal-voted', 'parameter-changed']))
}, 120_000)
