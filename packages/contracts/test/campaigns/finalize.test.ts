import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import {
  type Campaign,
  commitmentOf,
  nextBatch,
  noCommitment,
  openCampaign,
  proposeBatch,
  settleBatch,
} from '../campaign.ts'
import { address, as, eventsOf, newWorld, reverts, time, usd, type World } from '../world.ts'

describe('finalize', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
  })

  const ana = (amount: number) => [[address.ana, usd(amount)]] as const

  it('makes the pending batch final, at the hand of anyone', async () => {
    const { header, hash: batch } = await proposeBatch(world, campaign, ana(10))
    await time.increase(campaign.terms.challengeWindow)
    const hash = await world.campaigns.write.finalize([campaign.terms, header], as('eve'))

    assert.deepEqual(await eventsOf(hash), [
      { name: 'BatchFinal', args: { id: campaign.id, batch, payoutsTotal: usd(10), closing: false } },
    ])
    const state = await world.campaigns.read.campaigns([campaign.id])
    assert.equal(state.status, 1)
    assert.equal(state.lastFinal, commitmentOf(batch, header.payoutsRoot))
    assert.equal(state.finalCount, 1n)
    assert.equal(state.payoutsTotal, usd(10))
    assert.deepEqual([state.pending, state.proposedAt], [noCommitment, 0n])
    assert.equal(await world.campaigns.read.isFinal([campaign.id, header]), true)
  })

  it('keeps earlier batches final', async () => {
    const first = await settleBatch(world, campaign, ana(10))
    await settleBatch(world, campaign, ana(20))
    assert.equal(await world.campaigns.read.isFinal([campaign.id, first.header]), true)
  })

  it('waits for the challenge window, to the second', async () => {
    const { header } = await proposeBatch(world, campaign, ana(10))
    const { proposedAt } = await world.campaigns.read.campaigns([campaign.id])
    const finalAt = proposedAt + campaign.terms.challengeWindow
    await time.increaseTo(finalAt - 1n)
    await reverts(
      world.campaigns.simulate.finalize([campaign.terms, header], { blockTag: 'latest' }),
      'WindowOpen',
      [finalAt],
    )
    await time.setNextBlockTimestamp(finalAt)
    await world.campaigns.write.finalize([campaign.terms, header])
  })

  it('closes the campaign with a closing batch', async () => {
    await world.campaigns.write.close([campaign.terms], as('requester'))
    const batch = await settleBatch(world, campaign, ana(10), { closing: true })
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).status, 4)
    assert.equal(await world.campaigns.read.isFinal([campaign.id, batch.header]), true)
  })

  it('reverts with a header that is not the pending one', async () => {
    await proposeBatch(world, campaign, ana(10))
    await time.increase(campaign.terms.challengeWindow)
    const other = await nextBatch(world, campaign, ana(11))
    const call = world.campaigns.simulate.finalize([campaign.terms, other.header])
    await reverts(call, 'NotPending', [campaign.id, other.hash])
  })

  it('reverts when nothing is pending', async () => {
    const { header, hash } = await nextBatch(world, campaign, ana(10))
    await reverts(world.campaigns.simulate.finalize([campaign.terms, header]), 'NotPending', [
      campaign.id,
      hash,
    ])
  })

  it('reverts with the terms of another campaign', async () => {
    const other = await openCampaign(world, { nonce: 1n, challengeWindow: 61n })
    const { header } = await proposeBatch(world, campaign, ana(10))
    await time.increase(61n)
    await reverts(world.campaigns.simulate.finalize([other.terms, header]), 'WrongCampaign', [
      other.id,
      campaign.id,
    ])
  })
})
