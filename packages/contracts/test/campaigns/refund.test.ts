import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import {
  balanceOf,
  type Campaign,
  campaignIdOf,
  closeCampaign,
  newTerms,
  noPermit,
  openCampaign,
  settleBatch,
} from '../campaign.ts'
import { address, as, eventsOf, fortune, newWorld, reverts, trick, usd, type World } from '../world.ts'

describe('refund', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { funds: usd(1_000) })
  })

  it('returns what is left after payouts and fees, at the hand of anyone', async () => {
    await closeCampaign(world, campaign, [[address.ana, usd(100)]])
    const hash = world.campaigns.write.refund([campaign.terms], as('eve'))
    assert.deepEqual(await eventsOf(hash), [
      { name: 'Refunded', args: { id: campaign.id, amount: usd(892.5) } },
    ])
    assert.equal(await balanceOf(world.testUsd, address.requester), fortune - usd(107.5))
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).refunded, usd(892.5))
  })

  it('returns everything when nothing was paid', async () => {
    await closeCampaign(world, campaign, [])
    await world.campaigns.write.refund([campaign.terms])
    assert.equal(await balanceOf(world.testUsd, address.requester), fortune)
  })

  it('returns what others topped up to the requester', async () => {
    await world.campaigns.write.topUp([campaign.terms, usd(50), noPermit], as('eve'))
    await closeCampaign(world, campaign, [])
    await world.campaigns.write.refund([campaign.terms])
    assert.equal(await balanceOf(world.testUsd, address.requester), fortune + usd(50))
  })

  it('leaves nothing behind once everyone is paid', async () => {
    const { named, payouts } = await closeCampaign(world, campaign, [
      [address.ana, 333_333n],
      [address.ben, 777_777n],
    ])
    await world.campaigns.write.refund([campaign.terms])
    await world.campaigns.write.claimMany([named, payouts.many()])
    await world.campaigns.write.collectFees([campaign.terms])
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), 0n)
  })

  it('reverts the second time', async () => {
    await closeCampaign(world, campaign, [])
    await world.campaigns.write.refund([campaign.terms])
    await reverts(world.campaigns.simulate.refund([campaign.terms]), 'NothingToRefund', [campaign.id])
  })

  it('reverts when everything was paid out', async () => {
    const tight = await openCampaign(world, { nonce: 1n, funds: usd(107.5) })
    await closeCampaign(world, tight, [[address.ana, usd(100)]])
    await reverts(world.campaigns.simulate.refund([tight.terms]), 'NothingToRefund', [tight.id])
  })

  it('reverts until the campaign is closed', async () => {
    const call = () => world.campaigns.simulate.refund([campaign.terms], as('requester'))
    await reverts(call(), 'WrongStatus', [campaign.id, 1])
    await world.campaigns.write.close([campaign.terms], as('requester'))
    await reverts(call(), 'WrongStatus', [campaign.id, 2])
    await settleBatch(world, campaign, [[address.ana, usd(1)]])
    await reverts(call(), 'WrongStatus', [campaign.id, 2])
  })

  it('reverts for terms that were never opened', async () => {
    const terms = await newTerms(world, { nonce: 9n })
    await reverts(world.campaigns.simulate.refund([terms]), 'WrongStatus', [campaignIdOf(world, terms), 0])
  })

  it('waits when the token refuses the requester, and blocks nobody else', async () => {
    const evil = await openCampaign(world, { token: world.evil.address })
    const { named, payouts } = await closeCampaign(world, evil, [[address.ana, usd(100)]])
    await world.evil.write.setTrick([address.requester, trick.refuse])
    await reverts(world.campaigns.simulate.refund([evil.terms]), 'Error', ['refused'])
    await world.campaigns.write.claim([named, payouts.claim(address.ana)])
    await world.campaigns.write.collectFees([evil.terms])
    await world.evil.write.setTrick([address.requester, trick.none])
    await world.campaigns.write.refund([evil.terms])
    assert.equal(await balanceOf(world.evil, world.campaigns.address), 0n)
  })
})
