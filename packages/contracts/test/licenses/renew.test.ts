import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { balanceOf, noPermit, openCampaign, permitOf, settleBatch } from '../campaign.ts'
import { buy, createOffer, deliver, mintPassport, type Offer, sell } from '../passport.ts'
import {
  address,
  as,
  chain,
  eventsOf,
  fortune,
  newWorld,
  people,
  reverts,
  time,
  trick,
  usd,
  type World,
} from '../world.ts'

const month = 30n * 86_400n

describe('renew', () => {
  let world: World
  let passportId: bigint
  let offer: Offer
  let licenseId: bigint
  beforeEach(async () => {
    world = await newWorld()
    const campaign = await openCampaign(world, { contributorsBps: 4_000 })
    const batch = await settleBatch(world, campaign, [[address.ana, usd(1)]])
    passportId = await mintPassport(world, [{ campaign, batch }])
    offer = await createOffer(world, passportId, { duration: month })
    licenseId = await sell(world, offer)
  })

  const end = async () => await world.licenses.read.expiresAt([licenseId])
  const tryRenew = (periods = 1n) => world.licenses.simulate.renew([licenseId, periods, noPermit], as('ben'))

  it('prolongs a license and splits what that costs at once', async () => {
    const before = await end()
    const hash = world.licenses.write.renew([licenseId, 2n, noPermit], as('cleo'))
    const amounts = { protocolFee: usd(5), contributors: usd(78), rest: usd(117) }
    assert.deepEqual(await eventsOf(hash), [
      { name: 'Renewed', args: { licenseId, by: address.cleo, periods: 2n, ...amounts } },
      { name: 'SubscriptionUpdate', args: { tokenId: licenseId, expiration: before + 2n * month } },
    ])
    assert.equal(await end(), before + 2n * month)
    assert.equal(await balanceOf(world.testUsd, address.cleo), fortune - usd(200))
    assert.equal(await balanceOf(world.testUsd, world.licenses.address), usd(300))
    assert.equal(await world.licenses.read.pool([passportId, 1n, world.testUsd.address]), usd(117))
  })

  it('takes a permit', async () => {
    await world.testUsd.write.approve([world.licenses.address, 0n], as('ben'))
    const permit = await permitOf(world.testUsd, people.ben, world.licenses.address)
    await world.licenses.write.renew([licenseId, 1n, permit], as('ben'))
  })

  it('takes the fee of today', async () => {
    await world.parameters.write.setProtocolFeeBps([500])
    await world.licenses.write.renew([licenseId, 1n, noPermit], as('ben'))
    assert.equal(await world.licenses.read.balances([world.testUsd.address, address.treasury]), usd(7.5))
  })

  it('reverts for no time at all', async () => {
    await reverts(tryRenew(0n), 'NotRenewable', [licenseId])
  })

  it('reverts once the license has ended: another takes its place', async () => {
    await time.increaseTo(await end())
    assert.equal(await world.licenses.read.isRenewable([licenseId]), false)
    await reverts(tryRenew(), 'NotRenewable', [licenseId])
  })

  it('reverts before the price is released', async () => {
    const other = await buy(world, offer)
    const call = () => world.licenses.simulate.renew([other, 1n, noPermit], as('ben'))
    await reverts(call(), 'NotRenewable', [other])
    await deliver(world, other)
    await reverts(call(), 'NotRenewable', [other])
  })

  it('reverts when the license never ends', async () => {
    const other = await sell(world, await createOffer(world, passportId))
    await reverts(world.licenses.simulate.renew([other, 1n, noPermit], as('ben')), 'NotRenewable', [other])
  })

  it('reverts when the offer is withdrawn, or its seller owns the passport no more', async () => {
    await world.passports.write.transferFrom([address.requester, address.eve, passportId], as('requester'))
    await reverts(tryRenew(), 'NotRenewable', [licenseId])
    await world.passports.write.transferFrom([address.eve, address.requester, passportId], as('eve'))
    await tryRenew()
    await world.licenses.write.withdrawOffer([await world.licenses.read.offerId([offer])], as('requester'))
    await reverts(tryRenew(), 'NotRenewable', [licenseId])
  })

  it('reverts for longer than time goes', async () => {
    const call = world.licenses.simulate.renew([licenseId, 2n ** 30n, noPermit], as('ben'))
    await reverts(call, 'SafeCastOverflowedUintDowncast')
  })

  it('reverts when the token takes a fee', async () => {
    const evil = await createOffer(world, passportId, { duration: month, token: world.evil.address })
    licenseId = await sell(world, evil)
    await world.evil.write.setTrick([address.ben, trick.taxReceiver])
    await reverts(tryRenew(), 'InexactTransfer')
  })

  it('reverts for a license that does not exist', async () => {
    const call = world.licenses.simulate.renew([9n, 1n, noPermit])
    await reverts(call, 'ERC721NonexistentToken', [9n])
  })
})

describe('ERC-5643', () => {
  let world: World
  let licenseId: bigint
  beforeEach(async () => {
    world = await newWorld()
    licenseId = await sell(
      world,
      await createOffer(world, await mintPassport(world, []), { duration: month }),
    )
  })

  it('says which interfaces it has', async () => {
    for (const id of ['0x01ffc9a7', '0x80ac58cd', '0x5b5e139f', '0x8c65f84d'] as const)
      assert.equal(await world.licenses.read.supportsInterface([id]), true)
    assert.equal(await world.licenses.read.supportsInterface(['0xffffffff']), false)
  })

  it('renewSubscription prolongs by so many times the offer’s duration', async () => {
    assert.equal(await world.licenses.read.isRenewable([licenseId]), true)
    const before = await world.licenses.read.expiresAt([licenseId])
    await world.licenses.write.renewSubscription([licenseId, 3n * month], as('ben'))
    assert.equal(await world.licenses.read.expiresAt([licenseId]), before + 3n * month)
    assert.equal(await balanceOf(world.testUsd, address.ben), fortune - usd(400))
  })

  it('renewSubscription reverts for a part of it, for none, and for a license that is none', async () => {
    for (const duration of [month - 1n, month + 1n, 0n]) {
      const call = world.licenses.simulate.renewSubscription([licenseId, duration], as('ben'))
      await reverts(call, 'NotRenewable', [licenseId])
    }
    await reverts(world.licenses.simulate.renewSubscription([9n, month]), 'NotRenewable', [9n])
  })

  it('takes no ether', async () => {
    const value = { ...as('ben'), value: 1n }
    await reverts(world.licenses.simulate.renewSubscription([licenseId, month], value), 'NoEther', [1n])
    await reverts(world.licenses.simulate.cancelSubscription([licenseId], value), 'NoEther', [1n])
  })

  it('cancelSubscription ends a license now and pays nothing back', async () => {
    const before = await balanceOf(world.testUsd, address.ben)
    const hash = world.licenses.write.cancelSubscription([licenseId], as('ben'))
    const events = await eventsOf(hash)
    const { timestamp } = await chain.getBlock()
    assert.deepEqual(events, [
      { name: 'SubscriptionUpdate', args: { tokenId: licenseId, expiration: timestamp } },
    ])
    assert.equal(await world.licenses.read.mayUse([licenseId, address.ben]), false)
    assert.equal(await balanceOf(world.testUsd, address.ben), before)
    const again = world.licenses.simulate.cancelSubscription([licenseId], as('ben'))
    await reverts(again, 'LicenseOver', [licenseId, timestamp])
  })

  it('cancelSubscription reverts for anyone but the licensee, and before the price is released', async () => {
    const call = world.licenses.simulate.cancelSubscription([licenseId], as('eve'))
    await reverts(call, 'NotLicensee', [address.eve, address.ben])
    const waiting = await buy(world, await createOffer(world, 1n, { nonce: 7n }))
    const early = world.licenses.simulate.cancelSubscription([waiting], as('ben'))
    await reverts(early, 'WrongSaleStatus', [waiting, 1])
  })
})
