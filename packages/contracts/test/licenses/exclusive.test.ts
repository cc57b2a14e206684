import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { noPermit } from '../campaign.ts'
import { buy, createOffer, deliver, mintPassport, type Offer, sell } from '../passport.ts'
import { address, as, newWorld, reverts, time, type World } from '../world.ts'

describe('an exclusive license', () => {
  const day = 86_400n
  let world: World
  let passportId: bigint
  let common: Offer
  let exclusive: Offer
  beforeEach(async () => {
    world = await newWorld()
    passportId = await mintPassport(world, [])
    common = await createOffer(world, passportId, { duration: day })
    exclusive = await createOffer(world, passportId, { duration: day, isExclusive: true })
  })

  it('is sold while no other waits or runs', async () => {
    const licenseId = await sell(world, exclusive)
    assert.equal(await world.licenses.read.mayUse([licenseId, address.ben]), true)
  })

  it('binds the passport from the purchase on: nobody else buys, at any offer', async () => {
    const licenseId = await buy(world, exclusive)
    const other = await createOffer(world, passportId, { isExclusive: true, nonce: 1n })
    for (const state of ['bought', 'delivered', 'released']) {
      if (state === 'delivered') await deliver(world, licenseId)
      if (state === 'released') await world.licenses.write.release([licenseId], as('ben'))
      for (const offer of [common, exclusive, other])
        await reverts(buy(world, offer, 'cleo'), 'ExclusivelyLicensed', [passportId, licenseId])
    }
  })

  it('binds it for the next owner as well', async () => {
    const licenseId = await sell(world, exclusive)
    await world.passports.write.transferFrom([address.requester, address.eve, passportId], as('requester'))
    const offer = { ...common, nonce: 9n }
    await world.licenses.write.createOffer([offer], as('eve'))
    await reverts(buy(world, offer, 'cleo'), 'ExclusivelyLicensed', [passportId, licenseId])
  })

  it('binds no other passport', async () => {
    await sell(world, exclusive)
    await sell(world, await createOffer(world, await mintPassport(world, [])))
  })

  it('sets the passport free when it ends', async () => {
    await sell(world, exclusive)
    await time.increase(day)
    await sell(world, common)
  })

  it('sets it free when it is cancelled', async () => {
    const licenseId = await sell(world, exclusive)
    await world.licenses.write.cancelSubscription([licenseId], as('ben'))
    await sell(world, common)
  })

  it('sets it free when it is refunded', async () => {
    const licenseId = await buy(world, exclusive)
    await time.increase(exclusive.deliverWithin + 1n)
    await reverts(buy(world, common), 'ExclusivelyLicensed', [passportId, licenseId])
    await world.licenses.write.refundLicense([licenseId])
    await sell(world, common)
  })

  it('is refused while others wait for their key, or for their price to be released', async () => {
    const first = await buy(world, common)
    const second = await buy(world, common, 'cleo')
    await reverts(buy(world, exclusive), 'OthersRun', [passportId, 2n, 0n])
    await deliver(world, first)
    await reverts(buy(world, exclusive), 'OthersRun', [passportId, 2n, 0n])
    await time.increase(common.deliverWithin + 1n)
    await world.licenses.write.refundLicense([second])
    await world.licenses.write.release([first])
    const { expiresAt } = await world.licenses.read.sales([first])
    await reverts(buy(world, exclusive), 'OthersRun', [passportId, 0n, BigInt(expiresAt)])
  })

  it('is sold again once the last of the others has ended', async () => {
    const first = await buy(world, common)
    const second = await sell(world, common, 'cleo')
    await time.increase(common.deliverWithin + 1n)
    await world.licenses.write.refundLicense([first])
    const { expiresAt } = await world.licenses.read.sales([second])
    await time.increaseTo(expiresAt - 2)
    await reverts(buy(world, exclusive), 'OthersRun')
    await time.increaseTo(expiresAt)
    await sell(world, exclusive)
  })

  it('is never sold once a license without an end was', async () => {
    await sell(world, await createOffer(world, passportId, { nonce: 2n }))
    await time.increase(1_000n * day)
    await reverts(buy(world, exclusive), 'OthersRun', [passportId, 0n, 2n ** 40n - 1n])
  })

  it('waits for renewals of others too', async () => {
    const licenseId = await sell(world, common)
    const { renew } = world.licenses.write
    await renew([licenseId, 2n, noPermit], as('ben'))
    const { expiresAt } = await world.licenses.read.sales([licenseId])
    await time.increase(day)
    await reverts(buy(world, exclusive, 'cleo'), 'OthersRun', [passportId, 0n, BigInt(expiresAt)])
  })
})
