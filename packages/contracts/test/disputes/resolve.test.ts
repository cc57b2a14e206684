import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Hex, keccak256, zeroAddress } from 'viem'
import {
  bond,
  type Court,
  challenge,
  commit,
  commitTime,
  endCommit,
  newDisputes,
  operatorBond,
  outcome,
  reveal,
  revealTime,
  vote,
} from '../dispute.ts'
import { tag } from '../staking.ts'
import { address, as, eventsOf, reverts, time } from '../world.ts'

describe('resolve', () => {
  let court: Court
  let id: Hex
  beforeEach(async () => {
    court = await newDisputes()
    id = await challenge(court)
  })

  const dispute = () => court.disputes.read.disputes([id])
  const credit = (name: 'eve' | 'treasury') => court.disputes.read.credits([address[name]])
  const ended = (isVoid: boolean, challenger: Hex) => ({
    name: 'DisputeEnded',
    args: { id: court.campaignId, batch: court.batch, isVoid, challenger },
  })

  it('upholds a batch: the bond goes to the treasury and to those who voted for it', async () => {
    const hash = await vote(court, id, { ana: true, ben: false })
    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'DisputeResolved',
        args: { id, outcome: outcome.upheld, validWeight: tag(40_000), invalidWeight: tag(30_000) },
      },
      ended(false, zeroAddress),
    ])
    assert.equal((await dispute()).pool, bond / 2n)
    assert.equal(await credit('treasury'), bond / 2n)
    assert.equal(await credit('eve'), 0n)
  })

  it('voids a batch: the bond comes back, with a part of the slash; the operator pays', async () => {
    const hash = await vote(court, id, { ana: false, ben: true })
    const names = (await eventsOf(hash)).map(({ name }) => name)
    assert.deepEqual(names, [
      'DisputeResolved',
      'DisputeEnded',
      'DelegateVotesChanged',
      'Slashed',
      'Collected',
    ])
    assert.equal((await dispute()).outcome, outcome.void)
    assert.equal((await dispute()).pool, operatorBond / 4n)
    assert.equal(await credit('eve'), bond + operatorBond / 4n)
    assert.equal(await court.staking.read.credits([address.treasury]), operatorBond / 2n)
    assert.equal((await court.staking.read.stakes([address.operator])).bonded, 0n)
    const held = await court.world.tagToken.read.balanceOf([court.disputes.address])
    assert.equal(held, bond + operatorBond / 2n)
  })

  it('gives a requester that challenges its bond back and nothing of the slash', async () => {
    await vote(court, id, { ana: true })
    id = await challenge(court, 'requester')
    await vote(court, id, { ana: false })
    assert.equal(await court.disputes.read.credits([address.requester]), bond)
    assert.equal(await court.staking.read.credits([address.requester]), 0n)
    assert.equal((await dispute()).pool, operatorBond / 2n)
  })

  it('lets the batch stand in a tie', async () => {
    await vote(court, id, { ben: true, cleo: false })
    assert.equal((await dispute()).outcome, outcome.upheld)
  })

  it('starts a second round of double length when too few voted', async () => {
    await court.world.parameters.write.setCommitTime([60n])
    const hash = await vote(court, id, {})
    const commitEnds = BigInt(await time.latest()) + 2n * commitTime
    const revealEnds = commitEnds + 2n * revealTime
    assert.deepEqual(await eventsOf(hash), [
      { name: 'RoundStarted', args: { id, round: 2, commitEnds, revealEnds } },
    ])
    assert.equal((await dispute()).outcome, outcome.open)
  })

  it('counts votes of both rounds', async () => {
    // A fifth of the weight must vote: Ben alone would do, so the bar is raised for this dispute.
    await vote(court, id, { ana: false })
    await court.world.parameters.write.setDisputeQuorumBps([5_000])
    id = await challenge(court)
    await vote(court, id, { ana: true })
    assert.equal((await dispute()).round, 2)
    await vote(court, id, { ben: true })
    assert.equal((await dispute()).outcome, outcome.upheld)
    assert.equal((await dispute()).validWeight, tag(70_000))
  })

  it('gives up without a quorum twice: void, no slash, half of the bond to those who voted', async () => {
    await vote(court, id, { ana: false })
    await court.world.parameters.write.setDisputeQuorumBps([5_000])
    id = await challenge(court)
    const before = await credit('eve')
    await vote(court, id, { ben: true })
    const hash = await vote(court, id, {})
    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'DisputeResolved',
        args: { id, outcome: outcome.undecided, validWeight: tag(30_000), invalidWeight: 0n },
      },
      ended(true, zeroAddress),
      {
        name: 'Unlocked',
        args: { account: address.operator, locker: court.campaigns.address, amount: operatorBond },
      },
    ])
    assert.equal((await dispute()).pool, bond / 2n)
    assert.equal((await credit('eve')) - before, bond / 2n)
  })

  it('gives half of the bond to the treasury when nobody voted at all', async () => {
    await vote(court, id, {})
    await vote(court, id, {})
    assert.equal((await dispute()).outcome, outcome.undecided)
    assert.equal((await dispute()).pool, 0n)
    assert.equal(await credit('treasury'), bond / 2n)
    assert.equal(await credit('eve'), bond / 2n)
  })

  it('is not kept from a quorum by the stake of the parties', async () => {
    // Of 200 000 locked, half are the operator's and the challenger's: a fifth of the rest is enough.
    await court.world.parameters.write.setDisputeQuorumBps([3_000])
    await vote(court, id, { ana: false })
    id = await challenge(court)
    await vote(court, id, { ben: false })
    assert.equal((await dispute()).outcome, outcome.void)
  })

  it('reverts while votes may be revealed', async () => {
    await commit(court, id, 'ana', true)
    await endCommit(court, id)
    await reveal(court, id, 'ana', true)
    const { revealEnds } = await dispute()
    await reverts(court.disputes.simulate.resolve([id]), 'RevealNotOver', [revealEnds])
  })

  it('reverts twice, and where there is no dispute', async () => {
    await vote(court, id, { ana: true })
    await reverts(court.disputes.simulate.resolve([id]), 'NotOpen', [id])
    const none = keccak256('0x77')
    await reverts(court.disputes.simulate.resolve([none], as('eve')), 'NotOpen', [none])
  })
})
