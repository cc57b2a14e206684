import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { keccak256 } from 'viem'
import {
  type BatchHeader,
  type Campaign,
  closeCampaign,
  latestBlock,
  nextBatch,
  openCampaign,
  proposeBatch,
  settleBatch,
} from '../campaign.ts'
import { address, as, eventsOf, newWorld, reverts, time, usd, type World } from '../world.ts'

describe('propose', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { funds: usd(107.5) })
  })

  const ana = (amount: number) => [[address.ana, usd(amount)]] as const

  async function tryPropose(amount: number, changes: Partial<BatchHeader> = {}) {
    const { header } = await nextBatch(world, campaign, ana(amount), changes)
    return world.campaigns.simulate.propose([campaign.terms, header], as('operator'))
  }

  it('stores the header’s hash and starts its window', async () => {
    const { header, hash: batch } = await nextBatch(world, campaign, ana(10))
    const hash = await world.campaigns.write.propose([campaign.terms, header], as('operator'))

    const { timestamp } = await latestBlock()
    assert.deepEqual(await eventsOf(hash), [
      { name: 'BatchProposed', args: { id: campaign.id, batch, header, finalAt: timestamp + 60n } },
    ])
    const { pending, pendingSince, pendingPayoutsTotal, payoutsTotal } = await world.campaigns.read.campaigns(
      [campaign.id],
    )
    assert.deepEqual(
      [pending, pendingSince, pendingPayoutsTotal, payoutsTotal],
      [batch, timestamp, usd(10), 0n],
    )
    assert.equal(await world.campaigns.read.isFinal([campaign.id, batch]), false)
  })

  it('names a batch by the hash of its header', async () => {
    const { header, hash } = await nextBatch(world, campaign, ana(10))
    assert.equal(await world.campaigns.read.headerHash([header]), hash)
  })

  it('continues the last final batch', async () => {
    await settleBatch(world, campaign, ana(10))
    await proposeBatch(world, campaign, ana(20))
  })

  it('may pay out everything but the fees, and not a unit more', async () => {
    await tryPropose(100)
    await reverts(tryPropose(100.000_02), 'InsufficientFunds', [usd(107.5), usd(100.000_02)])
    await reverts(tryPropose(107.6), 'InsufficientFunds', [usd(107.5), usd(107.6)])
  })

  it('reverts on a total that overflows', async () => {
    const total = 2n ** 256n - 1n
    await reverts(tryPropose(1, { payoutsTotal: total }), 'InsufficientFunds', [usd(107.5), total])
  })

  it('reverts for anyone but the operator', async () => {
    const { header } = await nextBatch(world, campaign, ana(10))
    for (const name of ['requester', 'owner', 'eve'] as const) {
      const call = world.campaigns.simulate.propose([campaign.terms, header], as(name))
      await reverts(call, 'NotOperator', [address[name], address.operator])
    }
  })

  it('reverts for terms that were never opened', async () => {
    const { header } = await nextBatch(world, campaign, ana(10))
    const terms = { ...campaign.terms, operator: address.eve }
    await reverts(world.campaigns.simulate.propose([terms, header], as('eve')), 'WrongStatus')
  })

  it('reverts while another batch is pending', async () => {
    const { hash } = await proposeBatch(world, campaign, ana(10))
    await reverts(tryPropose(20), 'BatchPending', [campaign.id, hash])
  })

  it('reverts with the header of another campaign', async () => {
    const other = keccak256('0xff')
    await reverts(tryPropose(10, { campaignId: other }), 'WrongCampaign', [campaign.id, other])
  })

  it('reverts when it does not continue the last final batch', async () => {
    const { header, hash } = await settleBatch(world, campaign, ana(10))
    await reverts(tryPropose(20, { previous: header.previous }), 'WrongPrevious', [hash, header.previous])
    await reverts(tryPropose(20, { index: 0n }), 'WrongIndex', [1n, 0n])
  })

  it('reverts when the payouts total falls', async () => {
    await settleBatch(world, campaign, ana(10))
    await reverts(tryPropose(9), 'PayoutsFall', [usd(10), usd(9)])
  })

  it('reverts with a closing batch while the campaign is open', async () => {
    await reverts(tryPropose(10, { closing: true }), 'WrongStatus', [campaign.id, 1])
  })

  it('takes closing and other batches while the campaign is closing', async () => {
    await world.campaigns.write.close([campaign.terms], as('requester'))
    await settleBatch(world, campaign, ana(10))
    await settleBatch(world, campaign, ana(20), { closing: true })
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).status, 3)
  })

  it('reverts once the campaign is closed', async () => {
    await closeCampaign(world, campaign, ana(10))
    await reverts(tryPropose(10), 'WrongStatus', [campaign.id, 3])
  })

  it('is still possible long after the deadline', async () => {
    await time.increaseTo(campaign.terms.deadline + campaign.terms.grace + 1n)
    await proposeBatch(world, campaign, ana(10))
  })
})
