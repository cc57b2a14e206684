import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { keccak256, zeroHash } from 'viem'
import {
  type BatchHeader,
  type Campaign,
  closeCampaign,
  commitmentOf,
  latestBlock,
  nextBatch,
  noCommitment,
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
    const { header, previousRoot } = await nextBatch(world, campaign, ana(amount), changes)
    return world.campaigns.simulate.propose([campaign.terms, header, previousRoot], as('operator'))
  }

  it('stores one word and starts its window', async () => {
    const { header, hash: batch, previousRoot } = await nextBatch(world, campaign, ana(10))
    const hash = await world.campaigns.write.propose([campaign.terms, header, previousRoot], as('operator'))

    const { timestamp } = await latestBlock()
    assert.deepEqual(await eventsOf(hash), [
      { name: 'BatchProposed', args: { id: campaign.id, batch, header, finalAt: timestamp + 60n } },
    ])
    const { pending, proposedAt, payoutsTotal } = await world.campaigns.read.campaigns([campaign.id])
    const commitment = commitmentOf(batch, header.payoutsRoot)
    assert.deepEqual([pending, proposedAt, payoutsTotal], [commitment, timestamp, 0n])
    assert.equal(await world.campaigns.read.commitmentOf([header]), commitment)
    assert.equal(await world.campaigns.read.statusOf([header]), 1)
    assert.equal(await world.campaigns.read.isFinal([campaign.id, header]), false)
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
      const call = world.campaigns.simulate.propose([campaign.terms, header, zeroHash], as(name))
      await reverts(call, 'NotOperator', [address[name], address.operator])
    }
  })

  it('reverts for terms that were never opened', async () => {
    const { header } = await nextBatch(world, campaign, ana(10))
    const terms = { ...campaign.terms, operator: address.eve }
    await reverts(world.campaigns.simulate.propose([terms, header, zeroHash], as('eve')), 'WrongStatus')
  })

  it('reverts while another batch is pending', async () => {
    const { header, hash } = await proposeBatch(world, campaign, ana(10))
    const commitment = commitmentOf(hash, header.payoutsRoot)
    await reverts(tryPropose(20), 'BatchPending', [campaign.id, commitment])
  })

  it('reverts with the header of another campaign', async () => {
    const other = keccak256('0xff')
    await reverts(tryPropose(10, { campaignId: other }), 'WrongCampaign', [campaign.id, other])
  })

  it('reverts when it does not continue the last final batch', async () => {
    const { header, hash } = await settleBatch(world, campaign, ana(10))
    const last = commitmentOf(hash, header.payoutsRoot)
    await reverts(tryPropose(20, { previous: header.previous }), 'WrongPrevious', [last, noCommitment])
    const other = commitmentOf(keccak256('0xff'), header.payoutsRoot)
    await reverts(tryPropose(20, { previous: keccak256('0xff') }), 'WrongPrevious', [last, other])
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
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).status, 4)
  })

  it('reverts once the campaign is closed', async () => {
    await closeCampaign(world, campaign, ana(10))
    await reverts(tryPropose(10), 'WrongStatus', [campaign.id, 4])
  })

  it('is possible until deadline and grace have passed, to the second', async () => {
    const silentFrom = campaign.terms.deadline + campaign.terms.grace
    await time.increaseTo(silentFrom - 2n)
    const { header, previousRoot } = await nextBatch(world, campaign, ana(10))
    await time.setNextBlockTimestamp(silentFrom - 1n)
    await world.campaigns.write.propose([campaign.terms, header, previousRoot], as('operator'))
    await world.campaigns.write.withdrawBatch([campaign.terms, header], as('operator'))
    const late = world.campaigns.simulate.propose([campaign.terms, header, previousRoot], as('operator'))
    await reverts(late, 'SilenceDue', [silentFrom])
  })
})
