import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import {
  type Campaign,
  campaignIdOf,
  newTerms,
  openCampaign,
  proposeBatch,
  settleBatch,
} from '../campaign.ts'
import { address, as, eventsOf, newWorld, reverts, time, usd, type World } from '../world.ts'

describe('close', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
  })

  it('is the requester’s right at any time', async () => {
    const hash = await world.campaigns.write.close([campaign.terms], as('requester'))
    assert.deepEqual(await eventsOf(hash), [
      { name: 'CampaignClosing', args: { id: campaign.id, by: address.requester } },
    ])
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).status, 2)
  })

  it('is anyone’s right from the deadline on', async () => {
    const { deadline } = campaign.terms
    await time.setNextBlockTimestamp(deadline)
    await world.campaigns.write.close([campaign.terms], as('eve'))
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).status, 2)
  })

  it('leaves a pending batch pending', async () => {
    const batch = await proposeBatch(world, campaign, [[address.ana, usd(1)]])
    await world.campaigns.write.close([campaign.terms], as('requester'))
    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.finalize([campaign.terms, batch.header])
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).status, 2)
  })

  it('reverts for others before the deadline', async () => {
    const call = world.campaigns.simulate.close([campaign.terms], as('operator'))
    await reverts(call, 'DeadlineNotPassed', [campaign.terms.deadline])
  })

  it('reverts for a campaign that was never opened', async () => {
    const terms = await newTerms(world, { nonce: 7n })
    const call = world.campaigns.simulate.close([terms], as('requester'))
    await reverts(call, 'WrongStatus', [campaignIdOf(world, terms), 0])
  })

  it('reverts when closing or closed', async () => {
    await world.campaigns.write.close([campaign.terms], as('requester'))
    await reverts(world.campaigns.simulate.close([campaign.terms], as('requester')), 'WrongStatus', [
      campaign.id,
      2,
    ])
    await settleBatch(world, campaign, [], { closing: true })
    await reverts(world.campaigns.simulate.close([campaign.terms], as('requester')), 'WrongStatus', [
      campaign.id,
      4,
    ])
  })
})
