import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { encodeAbiParameters, keccak256, zeroHash } from 'viem'
import { licensesAbi } from '../../abi/index.ts'
import { buy, createOffer, mintPassport, newOffer, purchaseArguments, seal } from '../passport.ts'
import { address, as, eventsOf, newWorld, reverts, type World } from '../world.ts'

describe('createOffer', () => {
  let world: World
  let passportId: bigint
  beforeEach(async () => {
    world = await newWorld()
    passportId = await mintPassport(world, [])
  })

  it('keeps the offer under its hash', async () => {
    const offer = newOffer(world, passportId)
    const inputs = licensesAbi.find((item) => item.type === 'function' && item.name === 'offerId')!.inputs
    const offerId = keccak256(encodeAbiParameters(inputs, [offer]))
    assert.equal(await world.licenses.read.offerId([offer]), offerId)

    const hash = world.licenses.write.createOffer([offer], as('requester'))
    assert.deepEqual(await eventsOf(hash), [{ name: 'OfferCreated', args: { offerId, passportId, offer } }])
    const state = await world.licenses.read.offers([offerId])
    assert.deepEqual(state, { offer, seller: address.requester, withdrawn: false })
  })

  it('reverts for anyone but the passport’s owner', async () => {
    const call = world.licenses.simulate.createOffer([newOffer(world, passportId)], as('eve'))
    await reverts(call, 'NotPassportOwner', [passportId, address.eve])
  })

  it('reverts for a passport that does not exist', async () => {
    const call = world.licenses.simulate.createOffer([newOffer(world, 9n)], as('requester'))
    await reverts(call, 'ERC721NonexistentToken', [9n])
  })

  it('reverts the second time, and after a withdrawal', async () => {
    const offer = await createOffer(world, passportId)
    const offerId = await world.licenses.read.offerId([offer])
    await reverts(world.licenses.simulate.createOffer([offer], as('requester')), 'OfferExists', [offerId])
    await world.licenses.write.withdrawOffer([offerId], as('requester'))
    await reverts(world.licenses.simulate.createOffer([offer], as('requester')), 'OfferExists', [offerId])
  })

  it('reverts when the token is not a contract', async () => {
    const offer = newOffer(world, passportId, { token: address.ana })
    await reverts(world.licenses.simulate.createOffer([offer], as('requester')), 'NotAToken', [address.ana])
  })

  it('reverts when delivery may take no time or too long', async () => {
    const max = 30n * 86_400n
    for (const deliverWithin of [0n, max + 1n]) {
      const offer = newOffer(world, passportId, { deliverWithin })
      const call = world.licenses.simulate.createOffer([offer], as('requester'))
      await reverts(call, 'DeliveryTimeOutOfBounds', [deliverWithin, max])
    }
  })
})

describe('withdrawOffer', () => {
  let world: World
  let passportId: bigint
  beforeEach(async () => {
    world = await newWorld()
    passportId = await mintPassport(world, [])
  })

  it('stops new sales and leaves earlier ones alone', async () => {
    const offer = await createOffer(world, passportId)
    const licenseId = await buy(world, offer)
    const offerId = await world.licenses.read.offerId([offer])
    const hash = world.licenses.write.withdrawOffer([offerId], as('requester'))
    assert.deepEqual(await eventsOf(hash), [{ name: 'OfferWithdrawn', args: { offerId } }])

    const call = world.licenses.simulate.purchase(purchaseArguments(offer), as('ben'))
    await reverts(call, 'OfferUnavailable', [offerId])
    await world.licenses.write.deliver([licenseId, seal()], as('requester'))
  })

  it('reverts for anyone but the seller', async () => {
    const offer = await createOffer(world, passportId)
    const offerId = await world.licenses.read.offerId([offer])
    const call = world.licenses.simulate.withdrawOffer([offerId], as('eve'))
    await reverts(call, 'NotSeller', [address.eve, address.requester])
  })

  it('reverts the second time and for an unknown offer', async () => {
    const offer = await createOffer(world, passportId)
    const offerId = await world.licenses.read.offerId([offer])
    await world.licenses.write.withdrawOffer([offerId], as('requester'))
    const again = world.licenses.simulate.withdrawOffer([offerId], as('requester'))
    await reverts(again, 'OfferUnavailable', [offerId])
    await reverts(world.licenses.simulate.withdrawOffer([zeroHash], as('requester')), 'NotSeller')
  })
})
