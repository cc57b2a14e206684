import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { balanceOf, type Campaign, closeCampaign, newTerms, openCampaign, settleBatch } from '../campaign.ts'
import { address, as, eventsOf, fortune, newWorld, reverts, trick, usd, type World } from '../world.ts'

describe('collectFees', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { token: world.evil.address })
  })

  const settle = (amount: bigint) => settleBatch(world, campaign, [[address.ana, amount]])
  const collect = () => world.campaigns.write.collectFees([campaign.terms], as('eve'))

  it('pays operator and treasury their part of what is final', async () => {
    await settle(usd(100))
    assert.deepEqual(await eventsOf(collect()), [
      { name: 'FeesPaid', args: { id: campaign.id, operatorFee: usd(5), protocolFee: usd(2.5) } },
    ])
    assert.equal(await balanceOf(world.evil, address.operator), fortune + usd(5))
    assert.equal(await balanceOf(world.evil, address.treasury), usd(2.5))
    const { operatorFeePaid, protocolFeePaid } = await world.campaigns.read.campaigns([campaign.id])
    assert.deepEqual([operatorFeePaid, protocolFeePaid], [usd(5), usd(2.5)])
  })

  it('pays only what is new since the last time', async () => {
    await settle(usd(100))
    await collect()
    await settle(usd(140))
    assert.deepEqual(await eventsOf(collect()), [
      { name: 'FeesPaid', args: { id: campaign.id, operatorFee: usd(2), protocolFee: usd(1) } },
    ])
  })

  it('rounds down', async () => {
    await settle(39n)
    const { terms } = campaign
    assert.deepEqual(await world.campaigns.read.feesOn([terms, 39n]), [1n, 0n])
    assert.deepEqual(await eventsOf(collect()), [
      { name: 'FeesPaid', args: { id: campaign.id, operatorFee: 1n, protocolFee: 0n } },
    ])
  })

  it('collects after the campaign is closed and refunded', async () => {
    await closeCampaign(world, campaign, [[address.ana, usd(100)]])
    await world.campaigns.write.refund([campaign.terms])
    await collect()
    assert.equal(await balanceOf(world.evil, address.treasury), usd(2.5))
  })

  for (const name of ['refuse', 'lie', 'burnGas', 'returnBomb'] as const) {
    it(`pays the treasury when the token plays “${name}” on the operator, and the operator later`, async () => {
      await settle(usd(100))
      await world.evil.write.setTrick([address.operator, trick[name]])
      const events = await eventsOf(collect())
      assert.deepEqual(
        events.map((event) => event.name),
        ['FeeSkipped', 'FeesPaid'],
      )
      assert.deepEqual(events[1]?.args, { id: campaign.id, operatorFee: 0n, protocolFee: usd(2.5) })

      await world.evil.write.setTrick([address.operator, trick.none])
      await collect()
      assert.equal(await balanceOf(world.evil, address.operator), fortune + usd(5))
      assert.equal(await balanceOf(world.evil, address.treasury), usd(2.5))
    })
  }

  it('pays the operator when the treasury is refused', async () => {
    await settle(usd(100))
    await world.evil.write.setTrick([address.treasury, trick.refuse])
    await collect()
    assert.equal(await balanceOf(world.evil, address.operator), fortune + usd(5))
    const { operatorFeePaid, protocolFeePaid } = await world.campaigns.read.campaigns([campaign.id])
    assert.deepEqual([operatorFeePaid, protocolFeePaid], [usd(5), 0n])
  })

  it('pays the treasury of the day', async () => {
    await settle(usd(100))
    await world.parameters.write.setTreasury([address.cleo])
    await collect()
    assert.equal(await balanceOf(world.evil, address.cleo), fortune + usd(2.5))
  })

  it('reverts when there is nothing to collect', async () => {
    const call = () => world.campaigns.simulate.collectFees([campaign.terms])
    await reverts(call(), 'NothingToCollect', [campaign.id])
    await settle(usd(100))
    await collect()
    await reverts(call(), 'NothingToCollect', [campaign.id])
  })

  it('reverts for terms that were never opened', async () => {
    const terms = await newTerms(world, { nonce: 9n, operator: address.eve })
    await reverts(world.campaigns.simulate.collectFees([terms]), 'NothingToCollect')
  })
})
