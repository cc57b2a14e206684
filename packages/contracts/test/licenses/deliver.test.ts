import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { encodePacked, type Hex, keccak256, maxUint64 } from 'viem'
import { buy, buyerKey, createOffer, deliver, newSale, type Offer, pointFrom, seal } from '../passport.ts'
import { address, as, chain, eventsOf, minWindow, reverts, time, type World } from '../world.ts'

/** Where a sale stands, as the contract numbers it. */
const [none, delivered] = [0, 2]

describe('deliver', () => {
  let world: World
  let passportId: bigint
  let offer: Offer
  let licenseId: bigint
  beforeEach(async () => {
    ;({ world, passportId, offer, licenseId } = await newSale())
  })

  const tryDeliver = (sealedKey: Hex, id = licenseId) =>
    world.licenses.simulate.deliver([id, sealedKey], as('operator'))

  it('publishes the sealed key and gives the buyer time to look', async () => {
    const sealedKey = seal()
    const hash = deliver(world, licenseId, sealedKey)
    const events = await eventsOf(hash)
    const { timestamp } = await chain.getBlock()
    assert.deepEqual(events, [
      { name: 'Delivered', args: { licenseId, sealedKey, inspectUntil: timestamp + minWindow } },
      { name: 'SubscriptionUpdate', args: { tokenId: licenseId, expiration: maxUint64 } },
    ])
    const { status, until, key } = await world.licenses.read.sales([licenseId])
    assert.deepEqual({ status, until }, { status: delivered, until: Number(timestamp + minWindow) })
    const buyerX = `0x${buyerKey.publicKey.slice(4, 68)}` as const
    assert.equal(key, keccak256(encodePacked(['bytes32', 'bytes'], [buyerX, sealedKey])))
    assert.equal(await world.licenses.read.balances([world.testUsd.address, address.requester]), 0n)
  })

  it('is done by the seller as well', async () => {
    await world.licenses.write.deliver([licenseId, seal()], as('requester'))
  })

  it('is done by the seller of the offer, though the passport was sold since', async () => {
    await world.passports.write.transferFrom([address.requester, address.eve, passportId], as('requester'))
    await world.licenses.simulate.deliver([licenseId, seal()], as('requester'))
    const call = world.licenses.simulate.deliver([licenseId, seal()], as('eve'))
    await reverts(call, 'NotDeliverer', [licenseId, address.eve])
  })

  it('starts the license', async () => {
    assert.equal(await world.licenses.read.expiresAt([licenseId]), 0n)
    assert.equal(await world.licenses.read.mayUse([licenseId, address.ben]), false)
    await deliver(world, licenseId)
    assert.equal(await world.licenses.read.expiresAt([licenseId]), maxUint64)
    assert.equal(await world.licenses.read.mayUse([licenseId, address.ben]), true)
    assert.equal(await world.licenses.read.mayUse([licenseId, address.eve]), false)

    for (const [nonce, duration] of [
      [1n, 86_400n],
      [2n, maxUint64],
    ] as const) {
      const id = await buy(world, await createOffer(world, passportId, { duration, nonce }))
      await deliver(world, id)
      const { timestamp } = await chain.getBlock()
      const end = duration === maxUint64 ? maxUint64 : timestamp + duration
      assert.equal(await world.licenses.read.expiresAt([id]), end)
    }
  })

  it('ends its use to the second', async () => {
    const id = await buy(world, await createOffer(world, passportId, { duration: 100n, nonce: 1n }))
    await deliver(world, id)
    const { timestamp } = await chain.getBlock()
    await time.increaseTo(timestamp + 99n)
    assert.equal(await world.licenses.read.mayUse([id, address.ben]), true)
    await time.increaseTo(timestamp + 100n)
    assert.equal(await world.licenses.read.mayUse([id, address.ben]), false)
  })

  it('reverts for anyone else', async () => {
    const call = world.licenses.simulate.deliver([licenseId, seal()], as('eve'))
    await reverts(call, 'NotDeliverer', [licenseId, address.eve])
  })

  it('reverts with a key of another length', async () => {
    const sealedKey = seal()
    for (const bad of ['0x', sealedKey.slice(0, -2), `${sealedKey}00`] as Hex[])
      await reverts(tryDeliver(bad), 'InvalidSealedKey', [BigInt(bad.length / 2 - 1)])
  })

  it('reverts with a point that nothing can be opened with', async () => {
    const sealedKey = seal()
    await reverts(tryDeliver(`0x02${sealedKey.slice(4)}`), 'InvalidPublicKey')
    await reverts(tryDeliver(`0x04${'11'.repeat(64)}${sealedKey.slice(132)}`), 'InvalidPublicKey')
  })

  it('reverts with a point on the curve whose coordinate is not below the order', async () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const sealedKey = `0x04${pointFrom(order)}${seal().slice(132)}` as Hex
    await reverts(tryDeliver(sealedKey), 'InvalidPublicKey')
  })

  it('reverts the second time', async () => {
    await deliver(world, licenseId)
    await reverts(tryDeliver(seal()), 'WrongSaleStatus', [licenseId, delivered])
  })

  it('reverts too late, to the second', async () => {
    const { until } = await world.licenses.read.sales([licenseId])
    const late = await buy(world, offer)
    await time.setNextBlockTimestamp(until)
    await deliver(world, licenseId)
    await time.increase(offer.deliverWithin)
    await reverts(tryDeliver(seal(), late), 'DeliveryLate')
  })

  it('reverts for a license that does not exist', async () => {
    await reverts(tryDeliver(seal(), 9n), 'WrongSaleStatus', [9n, none])
    await reverts(world.licenses.read.expiresAt([9n]), 'ERC721NonexistentToken', [9n])
  })
})
