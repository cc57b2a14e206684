import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Hex, keccak256, stringToHex, zeroHash } from 'viem'
import { balanceOf, noPermit, openCampaign, permitOf, settleBatch } from '../campaign.ts'
import {
  buy,
  buyerKey,
  complete,
  createOffer,
  mintPassport,
  newOffer,
  newVersion,
  type Offer,
  pointFrom,
  purchaseArguments,
  type Version,
  versionHashOf,
} from '../passport.ts'
import {
  address,
  as,
  chain,
  eventsOf,
  fortune,
  minWindow,
  newWorld,
  people,
  reverts,
  trick,
  usd,
  type World,
} from '../world.ts'

/** Where a sale stands, as the contract numbers it. */
const paid = 1

describe('purchase', () => {
  let world: World
  let passportId: bigint
  let offer: Offer
  beforeEach(async () => {
    world = await newWorld()
    passportId = await mintPassport(world, [])
    offer = await createOffer(world, passportId)
  })

  type Wish = { offer?: Offer; version?: Hex; maxPrice?: bigint; key?: Hex }
  const argumentsFor = (wish: Wish) =>
    [
      wish.offer ?? offer,
      wish.version ?? versionHashOf(newVersion()),
      wish.maxPrice ?? offer.price,
      wish.key ?? buyerKey.publicKey,
      noPermit,
    ] as const
  const tryPurchase = (wish: Wish = {}) => world.licenses.simulate.purchase(argumentsFor(wish), as('ben'))
  const addVersion = async (changes: Partial<Version>) => {
    const version = newVersion([], changes)
    await world.passports.write.addVersion([passportId, newVersion(), version, []], as('requester'))
    return versionHashOf(version)
  }

  it('holds the price until the delivery', async () => {
    const hash = world.licenses.write.purchase(purchaseArguments(offer), as('ben'))
    const offerId = await world.licenses.read.offerId([offer])
    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'Purchased',
        args: {
          licenseId: 1n,
          offerId,
          buyer: address.ben,
          passportId,
          version: 1n,
          price: usd(100),
          buyerPublicKey: buyerKey.publicKey,
        },
      },
    ])
    const { timestamp } = await chain.getBlock()
    assert.deepEqual(await world.licenses.read.sales([1n]), {
      offer: 1,
      status: paid,
      version: 1,
      contributorsPart: 0,
      until: Number(timestamp + offer.deliverWithin),
      inspection: Number(minWindow),
      expiresAt: 0,
      protocolFeeBps: 250,
      key: `0x${buyerKey.publicKey.slice(4, 68)}`,
    })
    assert.deepEqual(await world.licenses.read.offerOf([1n]), await world.licenses.read.offers([offerId]))
    assert.equal(await world.licenses.read.ownerOf([1n]), address.ben)
    assert.equal(await balanceOf(world.testUsd, world.licenses.address), usd(100))
    assert.equal(await world.licenses.read.balances([world.testUsd.address, address.requester]), 0n)
  })

  it('keeps what the people behind the version bought are due', async () => {
    const campaign = await openCampaign(world)
    const batch = await settleBatch(world, campaign, [[address.ana, usd(1)]])
    const origins = [{ campaign, batch }]
    const priced = await createOffer(world, await mintPassport(world, origins))
    const id = await buy(world, priced)
    assert.equal((await world.licenses.read.sales([id])).contributorsPart, 40_000_000)
  })

  it('sells the newest version', async () => {
    const version = await addVersion({ contentRoot: keccak256(stringToHex('better')) })
    await world.licenses.write.purchase(argumentsFor({ version }), as('ben'))
    assert.equal((await world.licenses.read.sales([1n])).version, 2)
  })

  it('reverts, with nothing paid, when the seller has added a version since the buyer looked', async () => {
    const worthless = await addVersion({ contentRoot: keccak256(stringToHex('worthless')) })
    const call = world.licenses.write.purchase(argumentsFor({}), as('ben'))
    await reverts(call, 'NotNewestVersion', [passportId, worthless])
    assert.equal(await balanceOf(world.testUsd, address.ben), fortune)
    assert.equal(await balanceOf(world.testUsd, world.licenses.address), 0n)
    await reverts(world.licenses.read.ownerOf([1n]), 'ERC721NonexistentToken', [1n])
  })

  it('reverts as well when that version differs in its key, its cipher, its rights or its words alone', async () => {
    for (const field of ['keyHash', 'cipherRoot', 'rightsHash', 'manifest'] as const) {
      world = await newWorld()
      passportId = await mintPassport(world, [])
      offer = await createOffer(world, passportId)
      const other = await addVersion({ [field]: zeroHash })
      await reverts(tryPurchase(), 'NotNewestVersion', [passportId, other])
    }
  })

  it('reverts with a version that never was', async () => {
    const newest = versionHashOf(newVersion())
    await reverts(tryPurchase({ version: zeroHash }), 'NotNewestVersion', [passportId, newest])
  })

  it('keeps the protocol fee of the day', async () => {
    await world.licenses.write.purchase(purchaseArguments(offer), as('ben'))
    await world.parameters.write.setProtocolFeeBps([500])
    await complete(world, 1n)
    assert.equal(await world.licenses.read.balances([world.testUsd.address, address.treasury]), usd(2.5))
  })

  it('takes a permit', async () => {
    await world.testUsd.write.approve([world.licenses.address, 0n], as('ben'))
    const permit = await permitOf(world.testUsd, people.ben, world.licenses.address)
    const [, version, price, key] = purchaseArguments(offer)
    await world.licenses.write.purchase([offer, version, price, key, permit], as('ben'))
    assert.equal(await balanceOf(world.testUsd, world.licenses.address), usd(100))
  })

  it('gives away what is free', async () => {
    const free = await createOffer(world, passportId, { price: 0n })
    await world.licenses.write.purchase(purchaseArguments(free), as('ben'))
    await complete(world, 1n)
    assert.equal(await world.licenses.read.balances([world.testUsd.address, address.requester]), 0n)
  })

  it('reverts when the price is above what the buyer agreed to', async () => {
    await reverts(tryPurchase({ maxPrice: usd(99) }), 'PriceAboveMax', [usd(100), usd(99)])
  })

  it('reverts for an offer that was never created', async () => {
    await reverts(tryPurchase({ offer: newOffer(world, passportId, { price: 1n }) }), 'OfferUnavailable')
  })

  it('reverts once the passport has another owner', async () => {
    await world.passports.write.transferFrom([address.requester, address.eve, passportId], as('requester'))
    const offerId = await world.licenses.read.offerId([offer])
    await reverts(tryPurchase(), 'OfferUnavailable', [offerId])
  })

  it('reverts with a key that is no point on P-256', async () => {
    const key = buyerKey.publicKey
    const keys: Hex[] = [
      '0x',
      `${key}00`,
      `0x02${key.slice(4)}`,
      `0x04${key.slice(4, 68)}${zeroHash.slice(2)}`,
      `0x04${'ff'.repeat(64)}`,
    ]
    for (const bad of keys) await reverts(tryPurchase({ key: bad }), 'InvalidPublicKey')
  })

  it('reverts with the point at zero: the secret zero would show any delivery to it to be wrong', async () => {
    await reverts(tryPurchase({ key: `0x04${pointFrom(0n)}` }), 'InvalidPublicKey')
  })

  it('reverts when the token takes a fee', async () => {
    const evil = await createOffer(world, passportId, { token: world.evil.address })
    await world.evil.write.setTrick([address.ben, trick.taxReceiver])
    await reverts(tryPurchase({ offer: evil }), 'InexactTransfer')
  })
})
