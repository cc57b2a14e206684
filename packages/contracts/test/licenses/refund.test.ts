import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { buy, createOffer, deliver, newSale, type Offer, seal } from '../passport.ts'
import { address, as, eventsOf, fortune, reverts, time, trick, usd, type World } from '../world.ts'

/** Where a sale stands, as the contract numbers it. */
const [none, delivered] = [0, 2]

describe('refundLicense', () => {
  let world: World
  let passportId: bigint
  let offer: Offer
  let licenseId: bigint
  beforeEach(async () => {
    ;({ world, passportId, offer, licenseId } = await newSale())
  })

  const late = () => time.increase(offer.deliverWithin + 1n)

  it('returns the price and burns the license, at the hand of anyone', async () => {
    await late()
    const before = await world.testUsd.read.balanceOf([address.ben])
    const hash = world.licenses.write.refundLicense([licenseId], as('eve'))
    assert.deepEqual(await eventsOf(hash), [
      { name: 'LicenseRefunded', args: { licenseId, buyer: address.ben, amount: usd(100) } },
    ])
    assert.equal(await world.testUsd.read.balanceOf([address.ben]), before + usd(100))
    assert.equal(await world.testUsd.read.balanceOf([world.licenses.address]), 0n)
    await reverts(world.licenses.read.ownerOf([licenseId]), 'ERC721NonexistentToken', [licenseId])
    assert.equal(await world.licenses.read.mayUse([licenseId, address.ben]), false)
  })

  it('gives back what was free without asking the token', async () => {
    const free = await createOffer(world, passportId, { price: 0n, token: world.evil.address })
    const id = await buy(world, free)
    await world.evil.write.setTrick([address.ben, trick.refuse])
    await late()
    await world.licenses.write.refundLicense([id])
  })

  it('waits for a token that refuses the buyer', async () => {
    const id = await buy(world, await createOffer(world, passportId, { token: world.evil.address }))
    await late()
    await world.evil.write.setTrick([address.ben, trick.refuse])
    await reverts(world.licenses.simulate.refundLicense([id]), 'Error', ['refused'])
    await world.evil.write.setTrick([address.ben, trick.none])
    await world.licenses.write.refundLicense([id])
    assert.equal(await world.evil.read.balanceOf([address.ben]), fortune)
  })

  it('reverts while there is time to deliver, to the second', async () => {
    const { until } = await world.licenses.read.sales([licenseId])
    await time.increaseTo(until)
    await reverts(world.licenses.simulate.refundLicense([licenseId]), 'DeliveryDue', [BigInt(until)])
    await time.increaseTo(until + 1)
    await world.licenses.simulate.refundLicense([licenseId])
  })

  it('reverts once delivered', async () => {
    await deliver(world, licenseId)
    await late()
    const call = world.licenses.simulate.refundLicense([licenseId])
    await reverts(call, 'WrongSaleStatus', [licenseId, delivered])
  })

  it('reverts the second time, and so does a delivery after it', async () => {
    await late()
    await world.licenses.write.refundLicense([licenseId])
    const again = world.licenses.simulate.refundLicense([licenseId])
    await reverts(again, 'WrongSaleStatus', [licenseId, none])
    const call = world.licenses.simulate.deliver([licenseId, seal()], as('operator'))
    await reverts(call, 'WrongSaleStatus', [licenseId, none])
  })
})
