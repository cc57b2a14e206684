import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import {
  balanceOf,
  type Campaign,
  campaignIdOf,
  closeCampaign,
  noPermit,
  openCampaign,
  permitOf,
} from '../campaign.ts'
import { address, as, eventsOf, newWorld, people, reverts, trick, usd, type World } from '../world.ts'

describe('topUp', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { funds: usd(100) })
  })

  it('adds the funds of anyone', async () => {
    const hash = await world.campaigns.write.topUp([campaign.terms, usd(5), noPermit], as('eve'))
    assert.deepEqual(await eventsOf(hash), [
      { name: 'CampaignToppedUp', args: { id: campaign.id, from: address.eve, amount: usd(5) } },
    ])
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).funded, usd(105))
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), usd(105))
  })

  it('adds funds while closing, so that the closing batch can always be covered', async () => {
    await world.campaigns.write.close([campaign.terms], as('requester'))
    await world.campaigns.write.topUp([campaign.terms, usd(5), noPermit], as('eve'))
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).funded, usd(105))
  })

  it('takes a permit', async () => {
    await world.testUsd.write.approve([world.campaigns.address, 0n], as('eve'))
    const permit = await permitOf(world.testUsd, people.eve, world.campaigns.address)
    await world.campaigns.write.topUp([campaign.terms, usd(5), permit], as('eve'))
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), usd(105))
  })

  it('reverts for a campaign that was never opened', async () => {
    const terms = { ...campaign.terms, nonce: 7n }
    const call = world.campaigns.simulate.topUp([terms, 1n, noPermit], as('eve'))
    await reverts(call, 'WrongStatus', [campaignIdOf(world, terms), 0])
  })

  it('reverts for a closed campaign', async () => {
    await closeCampaign(world, campaign, [])
    const call = world.campaigns.simulate.topUp([campaign.terms, 1n, noPermit], as('eve'))
    await reverts(call, 'WrongStatus', [campaign.id, 4])
  })

  it('reverts when the funds no longer fit 96 bits', async () => {
    const call = world.campaigns.simulate.topUp([campaign.terms, 2n ** 96n - 1n, noPermit], as('eve'))
    await reverts(call, 'SafeCastOverflowedUintDowncast')
  })

  it('refuses a deposit the token takes a fee on', async () => {
    const evil = await openCampaign(world, { token: world.evil.address })
    await world.evil.write.setTrick([address.eve, trick.taxReceiver])
    const call = world.campaigns.simulate.topUp([evil.terms, usd(5), noPermit], as('eve'))
    await reverts(call, 'InexactTransfer')
  })
})
