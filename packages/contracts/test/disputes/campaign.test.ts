/** A dispute about a real campaign, from the proposal to the last claim. */
import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Hex } from 'viem'
import {
  type Batch,
  balanceOf,
  type Campaign,
  closeCampaign,
  nextBatch,
  noPermit,
  openCampaign,
  proposeBatch,
  settleBatch,
} from '../campaign.ts'
import { type Name, outcome, vote } from '../dispute.ts'
import { tag } from '../staking.ts'
import { address, as, bond, newWorld, operatorStake, reverts, time, usd, type World } from '../world.ts'

const validators = ['ana', 'ben', 'cleo'] as const

describe('a dispute about a campaign', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
    for (const name of validators) {
      await world.tagToken.write.transfer([address[name], tag(30_000)])
      await world.tagToken.write.approve([world.staking.address, tag(30_000)], as(name))
      await world.staking.write.stake([tag(30_000), noPermit], as(name))
      await world.staking.write.startValidating([tag(30_000)], as(name))
    }
    for (const name of ['eve', 'requester'] as const) {
      await world.tagToken.write.transfer([address[name], tag(10_000)])
      await world.tagToken.write.approve([world.disputes.address, tag(10_000)], as(name))
    }
  })

  async function challenge({ header, hash }: Batch, by: Name = 'eve'): Promise<Hex> {
    const { proposedAt } = await world.campaigns.read.campaigns([campaign.id])
    await world.disputes.write.challenge([campaign.terms, header, 'verify', noPermit], as(by))
    return world.disputes.read.disputeId([campaign.id, hash, BigInt(proposedAt)])
  }

  async function decide(id: Hex, isValid: boolean, voters: readonly Name[] = validators): Promise<void> {
    await vote(world, id, Object.fromEntries(voters.map((name) => [name, isValid])))
  }

  const bonded = async () => (await world.staking.read.stakes([address.operator])).bonded

  it('voids a corrupted batch: the operator pays, and the workers are paid by the next one', async () => {
    const first = await settleBatch(world, campaign, [[address.ana, usd(100)]])
    const corrupt = await proposeBatch(world, campaign, [
      [address.ana, usd(100)],
      [address.operator, usd(700)],
    ])
    const id = await challenge(corrupt)
    await decide(id, false)
    assert.equal((await world.disputes.read.disputes([id])).outcome, outcome.void)
    assert.equal(await bonded(), 0n)
    assert.equal((await world.staking.read.stakes([address.operator])).staked, operatorStake - bond)
    assert.equal(await world.staking.read.credits([address.treasury]), bond / 2n)
    await reverts(world.campaigns.simulate.finalize([campaign.terms, corrupt.header]), 'NotPending')

    const right = await settleBatch(world, campaign, [
      [address.ana, usd(100)],
      [address.ben, usd(50)],
    ])
    assert.equal(await bonded(), bond)
    await closeCampaign(world, campaign, [
      [address.ana, usd(100)],
      [address.ben, usd(50)],
    ])
    await world.campaigns.write.claim([first.named, first.payouts.claim(address.ana)])
    const before = await balanceOf(world.testUsd, address.ben)
    await world.campaigns.write.claim([right.named, right.payouts.claim(address.ben)])
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(100))
    assert.equal((await balanceOf(world.testUsd, address.ben)) - before, usd(50))
    await world.campaigns.write.collectFees([campaign.terms])
    await world.campaigns.write.refund([campaign.terms])
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), 0n)

    for (const name of validators) await world.disputes.write.settle([id, address[name]])
    await world.disputes.write.collect([address.eve])
    assert.equal(await world.tagToken.read.balanceOf([address.eve]), tag(10_000) + bond / 4n)
    assert.equal(await world.tagToken.read.balanceOf([address.ana]), bond / 4n / 3n)
  })

  it('gives nothing of the slash to the requester, who may challenge too', async () => {
    const corrupt = await proposeBatch(world, campaign, [[address.operator, usd(700)]])
    const id = await challenge(corrupt, 'requester')
    await decide(id, false)
    await world.disputes.write.collect([address.requester])
    assert.equal(await world.tagToken.read.balanceOf([address.requester]), tag(10_000))
    assert.equal(await world.staking.read.credits([address.requester]), 0n)
  })

  it('lets a right batch go on where its clock stood', async () => {
    const right = await proposeBatch(world, campaign, [[address.ana, usd(100)]])
    await time.increase(29n)
    const id = await challenge(right)
    await decide(id, true)
    assert.equal((await world.disputes.read.disputes([id])).outcome, outcome.upheld)
    await time.increase(20n)
    await reverts(world.campaigns.simulate.finalize([campaign.terms, right.header]), 'WindowOpen')
    await time.increase(20n)
    await world.campaigns.write.finalize([campaign.terms, right.header])
    assert.equal(await bonded(), bond)
  })

  it('holds everything while it lasts', async () => {
    const right = await proposeBatch(world, campaign, [[address.ana, usd(100)]])
    await challenge(right)
    await time.increase(86_400n)
    await reverts(world.campaigns.simulate.finalize([campaign.terms, right.header]), 'WindowOpen')
    const withdrawal = world.campaigns.simulate.withdrawBatch([campaign.terms, right.header], as('operator'))
    await reverts(withdrawal, 'InDispute', [campaign.id, right.hash])
    const again = world.disputes.simulate.challenge(
      [campaign.terms, right.header, '', noPermit],
      as('requester'),
    )
    await reverts(again, 'AlreadyDisputed', [campaign.id, right.hash])
    const next = await nextBatch(world, campaign, [[address.ana, usd(200)]])
    const proposal = world.campaigns.simulate.propose(
      [campaign.terms, next.header, next.previousRoot],
      as('operator'),
    )
    await reverts(proposal, 'BatchPending')
  })

  it('drops a batch nobody judged, without a slash', async () => {
    const batch = await proposeBatch(world, campaign, [[address.ana, usd(100)]])
    const id = await challenge(batch)
    await decide(id, true, [])
    await decide(id, true, [])
    assert.equal((await world.disputes.read.disputes([id])).outcome, outcome.undecided)
    assert.equal((await world.staking.read.stakes([address.operator])).staked, operatorStake)
    await settleBatch(world, campaign, [[address.ana, usd(100)]])
  })

  it('does not make the operator late', async () => {
    await time.increaseTo(campaign.terms.deadline)
    await world.campaigns.write.close([campaign.terms], as('eve'))
    const closing = await proposeBatch(world, campaign, [[address.ana, usd(100)]], { closing: true })
    const id = await challenge(closing)
    // Days of voting: deadline and grace are long over.
    await decide(id, true)
    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.finalize([campaign.terms, closing.header])
    await world.campaigns.write.claim([closing.named, closing.payouts.claim(address.ana)])
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(100))
  })

  it('comes too late when the window is over', async () => {
    const batch = await proposeBatch(world, campaign, [[address.ana, usd(100)]])
    await time.increase(campaign.terms.challengeWindow)
    const call = world.disputes.simulate.challenge([campaign.terms, batch.header, '', noPermit], as('eve'))
    await reverts(call, 'WindowPassed')
  })
})
