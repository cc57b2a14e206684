import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { closeCampaign, openCampaign, settleBatch } from '../campaign.ts'
import { buy, createOffer, deliver, mintPassport, type Offer, sealedKey } from '../passport.ts'
import { address, as, chain, eventsOf, newWorld, reverts, time, usd, type World } from '../world.ts'

describe('deliver', () => {
  let world: World
  let passportId: bigint
  let offer: Offer
  let licenseId: bigint
  beforeEach(async () => {
    world = await newWorld()
    passportId = await mintPassport(world, [])
    offer = await createOffer(world, passportId)
    licenseId = await buy(world, offer)
  })

  const owed = (account: `0x${string}`) => world.licenses.read.balances([world.testUsd.address, account])

  it('publishes the sealed key and releases the price', async () => {
    assert.deepEqual(await eventsOf(deliver(world, licenseId)), [
      { name: 'Delivered', args: { licenseId, sealedKey } },
    ])
    assert.equal(await owed(address.treasury), usd(2.5))
    assert.equal(await owed(address.requester), usd(97.5))
  })

  it('is done by the seller as well', async () => {
    await world.licenses.write.deliver([licenseId, sealedKey], as('requester'))
    assert.equal(await owed(address.requester), usd(97.5))
  })

  it('shares the revenue among seller and sources, each rounded down', async () => {
    const first = await openCampaign(world, { contributorsBps: 4_000 })
    const firstBatch = await settleBatch(world, first, [[address.ana, usd(1)]])
    const second = await openCampaign(world, { nonce: 1n, contributorsBps: 10_000 })
    const secondBatch = await closeCampaign(world, second, [[address.ana, usd(1)]])
    const id = await mintPassport(world, [
      { campaign: first, batch: firstBatch, weight: 6_667 },
      { campaign: second, batch: secondBatch, weight: 3_333 },
    ])
    const priced = await createOffer(world, id, { price: 1_001n })
    await deliver(world, await buy(world, priced))

    const pool = (batch: `0x${string}`) => world.licenses.read.pool([id, batch, world.testUsd.address])
    // 1001 − ⌊2.5 %⌋ = 976; of it 26.668 % and 33.33 %, rounded down, and the rest.
    assert.equal(await owed(address.treasury), 25n)
    assert.equal(await pool(firstBatch.hash), 260n)
    assert.equal(await pool(secondBatch.hash), 325n)
    assert.equal(await owed(address.requester), 391n)
  })

  it('starts the license', async () => {
    assert.equal(await world.licenses.read.expiresAt([licenseId]), 0n)
    await deliver(world, licenseId)
    assert.equal(await world.licenses.read.expiresAt([licenseId]), 2n ** 64n - 1n)

    for (const [nonce, duration] of [
      [1n, 86_400n],
      [2n, 2n ** 64n - 1n],
    ] as const) {
      const id = await buy(world, await createOffer(world, passportId, { duration, nonce }))
      await deliver(world, id)
      const { timestamp } = await chain.getBlock()
      const end = timestamp + duration
      const max = 2n ** 64n - 1n
      assert.equal(await world.licenses.read.expiresAt([id]), end < max ? end : max)
    }
  })

  it('lets the license be transferred only from here on', async () => {
    const transfer = () =>
      world.licenses.simulate.transferFrom([address.ben, address.cleo, licenseId], as('ben'))
    await reverts(transfer(), 'NotDelivered', [licenseId])
    await deliver(world, licenseId)
    await transfer()
  })

  it('pays the seller of the offer, though the passport was sold since', async () => {
    await world.passports.write.transferFrom([address.requester, address.eve, passportId], as('requester'))
    await deliver(world, licenseId)
    assert.equal(await owed(address.requester), usd(97.5))
    assert.equal(await owed(address.eve), 0n)
  })

  it('reverts for anyone else', async () => {
    const call = world.licenses.simulate.deliver([licenseId, sealedKey], as('eve'))
    await reverts(call, 'NotDeliverer', [licenseId, address.eve])
  })

  it('reverts with an empty key', async () => {
    await reverts(world.licenses.simulate.deliver([licenseId, '0x'], as('operator')), 'EmptyKey')
  })

  it('reverts the second time', async () => {
    await deliver(world, licenseId)
    const call = world.licenses.simulate.deliver([licenseId, sealedKey], as('operator'))
    await reverts(call, 'AlreadyDelivered', [licenseId])
  })

  it('reverts too late, to the second', async () => {
    const { deliverBy } = await world.licenses.read.sales([licenseId])
    const late = await buy(world, offer)
    await time.setNextBlockTimestamp(deliverBy)
    await deliver(world, licenseId)
    await time.increase(offer.deliverWithin)
    await reverts(world.licenses.simulate.deliver([late, sealedKey], as('operator')), 'DeliveryLate')
  })

  it('reverts for a license that does not exist', async () => {
    await reverts(world.licenses.simulate.deliver([9n, sealedKey], as('operator')), 'UnknownLicense', [9n])
    await reverts(world.licenses.read.expiresAt([9n]), 'ERC721NonexistentToken', [9n])
  })
})

describe('refundLicense', () => {
  let world: World
  let offer: Offer
  let licenseId: bigint
  beforeEach(async () => {
    world = await newWorld()
    offer = await createOffer(world, await mintPassport(world, []))
    licenseId = await buy(world, offer)
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
  })

  it('reverts while there is time to deliver', async () => {
    const { deliverBy } = await world.licenses.read.sales([licenseId])
    await reverts(world.licenses.simulate.refundLicense([licenseId]), 'DeliveryDue', [deliverBy])
  })

  it('reverts once delivered', async () => {
    await deliver(world, licenseId)
    await late()
    await reverts(world.licenses.simulate.refundLicense([licenseId]), 'AlreadyDelivered', [licenseId])
  })

  it('reverts the second time, and so does a delivery after it', async () => {
    await late()
    await world.licenses.write.refundLicense([licenseId])
    await reverts(world.licenses.simulate.refundLicense([licenseId]), 'UnknownLicense', [licenseId])
    const call = world.licenses.simulate.deliver([licenseId, sealedKey], as('operator'))
    await reverts(call, 'UnknownLicense', [licenseId])
  })
})
