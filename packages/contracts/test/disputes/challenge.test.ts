import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Hex, zeroAddress } from 'viem'
import { disputesAbi, disputesBytecode } from '../../abi/index.ts'
import { headerHashOf, noPermit, permitOf } from '../campaign.ts'
import {
  bond,
  type Court,
  challenge,
  commitTime,
  disputeIdOf,
  newDisputes,
  operatorBond,
  outcome,
  propose,
  revealTime,
  vote,
} from '../dispute.ts'
import { day, tag } from '../staking.ts'
import { address, as, deployContract, eventsOf, people, reverts, time } from '../world.ts'

describe('challenge', () => {
  let court: Court
  let campaignId: Hex
  let batch: Hex
  beforeEach(async () => {
    court = await newDisputes()
    ;({ campaignId, batch } = court)
  })

  const attempt = (by: 'eve' | 'operator' | 'requester' | 'ben' = 'eve') =>
    court.disputes.simulate.challenge([court.terms, court.header, '', noPermit], as(by))

  it('is served by contracts known for ever', async () => {
    assert.equal(await court.disputes.read.campaigns(), court.campaigns.address)
    assert.equal(await court.disputes.read.staking(), court.staking.address)
    assert.equal(await court.disputes.read.parameters(), court.world.parameters.address)
    for (const args of [
      [zeroAddress, court.staking.address],
      [court.campaigns.address, zeroAddress],
    ]) {
      await reverts(deployContract(disputesAbi, disputesBytecode, args), 'ZeroAddress')
    }
  })

  it('takes the bond, stops the campaign and starts the first round', async () => {
    await propose(court)
    const id = await disputeIdOf(court)
    const proposedAt = BigInt(await time.latest())
    const hash = await court.disputes.write.challenge(
      [court.terms, court.header, 'item 3', noPermit],
      as('eve'),
    )
    const commitEnds = BigInt(await time.latest()) + commitTime
    const revealEnds = commitEnds + revealTime
    assert.deepEqual(await eventsOf(hash), [
      { name: 'DisputeBegan', args: { id: campaignId, batch } },
      { name: 'Challenged', args: { id, campaignId, batch, challenger: address.eve, reason: 'item 3' } },
      { name: 'RoundStarted', args: { id, round: 1, commitEnds, revealEnds } },
    ])
    assert.equal(await court.disputes.read.disputeId([campaignId, batch, proposedAt]), id)
    assert.equal(await court.world.tagToken.read.balanceOf([court.disputes.address]), bond)
    assert.deepEqual(await court.disputes.read.disputes([id]), {
      campaignId,
      batch,
      challenger: address.eve,
      proposedAt,
      outcome: outcome.open,
      round: 1,
      slashBps: 500,
      quorumBps: 2_000,
      operator: address.operator,
      commitEnds,
      requester: address.requester,
      revealEnds,
      commitTime,
      revealTime,
      bond,
      // Not counted: what the operator and the challenger have locked.
      totalWeight: tag(100_000),
      validWeight: 0n,
      invalidWeight: 0n,
      pool: 0n,
    })
  })

  it('is the requester’s right, too', async () => {
    const id = await challenge(court, 'requester')
    assert.equal((await court.disputes.read.disputes([id])).totalWeight, tag(150_000))
  })

  it('takes a permit for the bond', async () => {
    await propose(court)
    await court.world.tagToken.write.approve([court.disputes.address, 0n], as('eve'))
    const permit = await permitOf(court.world.tagToken, people.eve, court.disputes.address, bond)
    await court.disputes.write.challenge([court.terms, court.header, '', permit], as('eve'))
  })

  it('copies the parameters: a change during the dispute does not reach it', async () => {
    const id = await challenge(court)
    const before = await court.disputes.read.disputes([id])
    const { write } = court.world.parameters
    await write.setDisputeBond([tag(100)])
    await write.setVoterSlashBps([2_000])
    await write.setDisputeQuorumBps([5_000])
    await write.setCommitTime([60n])
    await write.setRevealTime([60n])
    await vote(court, id, { ana: true })
    assert.deepEqual(await court.disputes.read.disputes([id]), {
      ...before,
      outcome: outcome.upheld,
      validWeight: tag(40_000),
      pool: bond / 2n,
    })
  })

  it('reverts when nothing is pending', async () => {
    await reverts(attempt(), 'NotDisputable', [campaignId, batch])
  })

  it('reverts for another batch than the pending one', async () => {
    await propose(court)
    const other = { ...court.header, index: 7n }
    const call = court.disputes.simulate.challenge([court.terms, other, '', noPermit], as('eve'))
    await reverts(call, 'NotDisputable', [campaignId, headerHashOf(other)])
  })

  it('reverts for the operator', async () => {
    await propose(court)
    const id = await disputeIdOf(court)
    await reverts(attempt('operator'), 'IsParty', [id, address.operator])
  })

  it('reverts a second time, also after the batch was upheld', async () => {
    const id = await challenge(court)
    await reverts(attempt('requester'), 'NotDisputable', [campaignId, batch])
    await vote(court, id, { ana: true })
    await reverts(attempt('requester'), 'DisputeExists', [id])
  })

  it('takes the same batch again when it is proposed again', async () => {
    const first = await challenge(court)
    await vote(court, first, { ana: false })
    const second = await challenge(court, 'requester')
    assert.notEqual(first, second)
    assert.equal((await court.disputes.read.disputes([second])).outcome, outcome.open)
  })

  it('reverts without the bond', async () => {
    await propose(court)
    await reverts(attempt('ben'), 'ERC20InsufficientAllowance')
  })

  it('weighs nobody who locked stake with or after the proposal', async () => {
    await court.staking.write.startValidating([tag(60_000)], as('ana'))
    await propose(court)
    await court.staking.write.startValidating([tag(10_000)], as('ben'))
    await time.increase(day)
    await court.disputes.write.challenge([court.terms, court.header, '', noPermit], as('eve'))
    assert.equal((await court.disputes.read.disputes([await disputeIdOf(court)])).totalWeight, tag(160_000))
    assert.equal((await court.staking.read.stakes([address.operator])).bonded, operatorBond)
  })
})
