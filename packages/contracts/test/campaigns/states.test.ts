/** Each state of a campaign and of a batch, and each way out of it, once and by its name. */
import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { balanceOf, type Campaign, openCampaign, proposeBatch, settleBatch } from '../campaign.ts'
import { anyHeader, receiptOf } from '../receipts.ts'
import { address, as, fortune, newWorld, time, usd, type World } from '../world.ts'

const status = { none: 0, open: 1, closing: 2, silent: 3, closed: 4 } as const
const batchStatus = { none: 0, pending: 1, final: 2 } as const

describe('a campaign goes', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { funds: usd(100) })
  })

  const is = async (expected: number) =>
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).status, expected)
  const { advance, endGrace, endChecks } = {
    advance: () => world.campaigns.write.advance([campaign.terms, anyHeader(campaign.id)], as('eve')),
    endGrace: () => time.increaseTo(campaign.terms.deadline + campaign.terms.grace),
    endChecks: () => time.increase(campaign.terms.grace + 2n * campaign.terms.challengeWindow),
  }
  const isEmpty = async () => {
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), 0n)
    assert.equal((await world.staking.read.stakes([address.operator])).bonded, 0n)
  }

  it('Open → Closing by its requester', async () => {
    await is(status.open)
    await world.campaigns.write.close([campaign.terms], as('requester'))
    await is(status.closing)
  })

  it('Open → Closing by anyone at the deadline', async () => {
    await time.increaseTo(campaign.terms.deadline)
    await advance()
    await is(status.closing)
  })

  it('Closing → Closed by a closing batch, by anyone once its window has passed', async () => {
    await world.campaigns.write.close([campaign.terms], as('requester'))
    const batch = await proposeBatch(world, campaign, [[address.ana, usd(1)]], { closing: true })
    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.advance([campaign.terms, batch.header], as('eve'))
    await is(status.closed)
  })

  it('Open → Silent when the operator lets deadline and grace pass', async () => {
    await endGrace()
    await advance()
    await is(status.silent)
  })

  it('Closing → Silent when no closing batch is pending or final by then', async () => {
    await world.campaigns.write.close([campaign.terms], as('requester'))
    await settleBatch(world, campaign, [[address.ana, usd(1)]])
    await endGrace()
    await advance()
    await is(status.silent)
  })

  it('Silent: register → check → pay → Closed', async () => {
    await endGrace()
    await advance()
    const { receipt, signature } = await receiptOf(world, campaign)
    await world.campaigns.write.registerReceipt([campaign.terms, receipt, signature, campaign.id], as('eve'))
    await endChecks()
    await advance()
    await is(status.closed)
    await world.campaigns.write.claimReceipt([campaign.id, address.ana, address.ana], as('eve'))
    assert.equal(await balanceOf(world.testUsd, address.ana), 100_000n)
  })

  it('out of Open without any key: everything comes back', async () => {
    await endGrace()
    await advance()
    await endChecks()
    await advance()
    await world.campaigns.write.refund([campaign.terms], as('eve'))
    assert.equal(await balanceOf(world.testUsd, address.requester), fortune)
    await isEmpty()
  })

  it('out of Closing with a pending batch without any key: it pays, the rest comes back', async () => {
    await world.campaigns.write.close([campaign.terms], as('requester'))
    const batch = await proposeBatch(world, campaign, [[address.ana, usd(1)]])
    await endGrace()
    await world.campaigns.write.advance([campaign.terms, batch.header], as('eve'))
    await is(status.silent)
    await endChecks()
    await advance()
    await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)], as('eve'))
    await world.campaigns.write.collectFees([campaign.terms], as('eve'))
    await world.campaigns.write.refund([campaign.terms], as('eve'))
    await isEmpty()
  })

  it('out of Closed: claims, fees and the refund empty it', async () => {
    await world.campaigns.write.close([campaign.terms], as('requester'))
    const batch = await settleBatch(world, campaign, [[address.ana, usd(1)]], { closing: true })
    await world.campaigns.write.refund([campaign.terms], as('eve'))
    await world.campaigns.write.collectFees([campaign.terms], as('eve'))
    await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)], as('eve'))
    await isEmpty()
  })

  it('nowhere before anything is due', async () => {
    const call = world.campaigns.simulate.advance([campaign.terms, anyHeader(campaign.id)])
    await assert.rejects(call, /NothingToAdvance/)
  })

  it('through several states in one call when nobody came by in time', async () => {
    const batch = await proposeBatch(world, campaign, [[address.ana, usd(1)]])
    await endGrace()
    await world.campaigns.write.advance([campaign.terms, batch.header], as('eve'))
    await is(status.silent)
    assert.equal(await world.campaigns.read.statusOf([batch.header]), batchStatus.final)
  })

  it('on as one of many: a batch is Pending → Final', async () => {
    const batch = await proposeBatch(world, campaign, [])
    assert.equal(await world.campaigns.read.statusOf([batch.header]), batchStatus.pending)
    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.advance([campaign.terms, batch.header], as('eve'))
    assert.equal(await world.campaigns.read.statusOf([batch.header]), batchStatus.final)
  })

  it('on as one of many: a batch is Pending → Void, and leaves nothing', async () => {
    const batch = await proposeBatch(world, campaign, [])
    await world.campaigns.write.withdrawBatch([campaign.terms, batch.header], as('operator'))
    assert.equal(await world.campaigns.read.statusOf([batch.header]), batchStatus.none)
  })
})
