import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import {
  type Batch,
  type Campaign,
  campaignIdOf,
  headerHashOf,
  nextBatch,
  noCommitment,
  openCampaign,
  proposeBatch,
} from '../campaign.ts'
import { address, as, eventsOf, newWorld, reverts, time, usd, type World } from '../world.ts'

describe('withdrawBatch', () => {
  let world: World
  let campaign: Campaign
  let batch: Batch
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
    batch = await proposeBatch(world, campaign, [[address.ana, usd(10)]])
  })

  it('leaves no trace of the batch', async () => {
    const hash = await world.campaigns.write.withdrawBatch([campaign.terms, batch.header], as('operator'))
    assert.deepEqual(await eventsOf(hash), [
      { name: 'BatchVoid', args: { id: campaign.id, batch: batch.hash } },
    ])
    const { pending, proposedAt, finalCount, lastFinal } = await world.campaigns.read.campaigns([campaign.id])
    assert.deepEqual([pending, proposedAt, finalCount, lastFinal], [noCommitment, 0n, 0n, noCommitment])
    assert.equal(await world.campaigns.read.statusOf([batch.header]), 0)
  })

  it('makes room for another batch, or the same one with a new window', async () => {
    await world.campaigns.write.withdrawBatch([campaign.terms, batch.header], as('operator'))
    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.propose([campaign.terms, batch.header, batch.previousRoot], as('operator'))
    await reverts(world.campaigns.simulate.finalize([campaign.terms, batch.header]), 'WindowOpen')
    await world.campaigns.write.withdrawBatch([campaign.terms, batch.header], as('operator'))
    const next = await nextBatch(world, campaign, [[address.ana, usd(9)]])
    await world.campaigns.write.propose([campaign.terms, next.header, next.previousRoot], as('operator'))
  })

  it('reverts for anyone but the operator', async () => {
    const call = world.campaigns.simulate.withdrawBatch([campaign.terms, batch.header], as('requester'))
    await reverts(call, 'NotOperator', [address.requester, address.operator])
  })

  it('reverts when nothing is pending', async () => {
    await world.campaigns.write.withdrawBatch([campaign.terms, batch.header], as('operator'))
    const call = world.campaigns.simulate.withdrawBatch([campaign.terms, batch.header], as('operator'))
    await reverts(call, 'NotPending', [campaign.id, batch.hash])
  })

  it('reverts once the batch is final', async () => {
    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.finalize([campaign.terms, batch.header])
    await reverts(
      world.campaigns.simulate.withdrawBatch([campaign.terms, batch.header], as('operator')),
      'NotPending',
    )
  })

  it('reverts for a campaign that was never opened', async () => {
    const terms = { ...campaign.terms, nonce: 7n }
    const header = { ...batch.header, campaignId: campaignIdOf(world, terms) }
    const call = world.campaigns.simulate.withdrawBatch([terms, header], as('operator'))
    await reverts(call, 'NotPending', [header.campaignId, headerHashOf(header)])
  })
})
