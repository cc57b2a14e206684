import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Hex, keccak256, stringToHex, zeroHash } from 'viem'
import { balanceOf, noPermit, permitOf } from '../campaign.ts'
import {
  createOffer,
  deliver,
  mintPassport,
  newOffer,
  newPublicKey,
  type Offer,
  purchaseArguments,
  versionInput,
} from '../passport.ts'
import {
  address,
  as,
  chain,
  eventsOf,
  fortune,
  newWorld,
  people,
  reverts,
  trick,
  usd,
  type World,
} from '../world.ts'

describe('purchase', () => {
  let world: World
  let passportId: bigint
  let offer: Offer
  beforeEach(async () => {
    world = await newWorld()
    passportId = await mintPassport(world, [])
    offer = await createOffer(world, passportId)
  })

  const key = newPublicKey()
  type Wish = { offer?: Offer; version?: bigint; contentRoot?: Hex; maxPrice?: bigint; key?: Hex }
  const argumentsFor = (wish: Wish) =>
    [
      wish.offer ?? offer,
      wish.version ?? 1n,
      wish.contentRoot ?? versionInput.contentRoot,
      wish.maxPrice ?? offer.price,
      wish.key ?? key,
      noPermit,
    ] as const
  const tryPurchase = (wish: Wish = {}) => world.licenses.simulate.purchase(argumentsFor(wish), as('ben'))
  const addVersion = (changes: Partial<typeof versionInput>) =>
    world.passports.write.addVersion([passportId, { ...versionInput, ...changes }, [], []], as('requester'))

  it('holds the price until the delivery', async () => {
    const hash = world.licenses.write.purchase(purchaseArguments(offer, key), as('ben'))
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
          buyerPublicKey: key,
        },
      },
    ])
    const { timestamp } = await chain.getBlock()
    assert.deepEqual(await world.licenses.read.sales([1n]), {
      offerId,
      version: 1n,
      deliverBy: timestamp + offer.deliverWithin,
      deliveredAt: 0n,
      protocolFeeBps: 250,
    })
    assert.equal(await world.licenses.read.ownerOf([1n]), address.ben)
    assert.equal(await balanceOf(world.testUsd, world.licenses.address), usd(100))
    assert.equal(await world.licenses.read.balances([world.testUsd.address, address.requester]), 0n)
  })

  it('sells the newest version', async () => {
    const contentRoot = keccak256(stringToHex('better'))
    await addVersion({ contentRoot })
    await world.licenses.write.purchase(argumentsFor({ version: 2n, contentRoot }), as('ben'))
    assert.equal((await world.licenses.read.sales([1n])).version, 2n)
    assert.equal((await world.licenses.read.sales([1n])).offerId, await world.licenses.read.offerId([offer]))
  })

  it('reverts, with nothing paid, when the seller has added a version since the buyer looked', async () => {
    const worthless = keccak256(stringToHex('worthless'))
    await addVersion({ contentRoot: worthless })
    const call = world.licenses.write.purchase(argumentsFor({}), as('ben'))
    await reverts(call, 'NotNewestVersion', [passportId, 2n, worthless])
    assert.equal(await balanceOf(world.testUsd, address.ben), fortune)
    assert.equal(await balanceOf(world.testUsd, world.licenses.address), 0n)
    await reverts(world.licenses.read.ownerOf([1n]), 'ERC721NonexistentToken', [1n])
  })

  it('reverts as well when that version names the same content under a key that opens nothing', async () => {
    await addVersion({ keyHash: zeroHash })
    await reverts(tryPurchase(), 'NotNewestVersion', [passportId, 2n, versionInput.contentRoot])
  })

  it('reverts when the version holds other content than the buyer saw, or does not exist yet', async () => {
    const now = [passportId, 1n, versionInput.contentRoot]
    await reverts(tryPurchase({ contentRoot: zeroHash }), 'NotNewestVersion', now)
    await reverts(tryPurchase({ version: 2n }), 'NotNewestVersion', now)
    await reverts(tryPurchase({ version: 0n }), 'NotNewestVersion', now)
  })

  it('keeps the protocol fee of the day', async () => {
    await world.licenses.write.purchase(purchaseArguments(offer, key), as('ben'))
    await world.parameters.write.setProtocolFeeBps([500])
    await deliver(world, 1n)
    assert.equal(await world.licenses.read.balances([world.testUsd.address, address.treasury]), usd(2.5))
  })

  it('takes a permit', async () => {
    await world.testUsd.write.approve([world.licenses.address, 0n], as('ben'))
    const permit = await permitOf(world.testUsd, people.ben, world.licenses.address)
    await world.licenses.write.purchase(
      [offer, 1n, versionInput.contentRoot, offer.price, key, permit],
      as('ben'),
    )
    assert.equal(await balanceOf(world.testUsd, world.licenses.address), usd(100))
  })

  it('gives away what is free', async () => {
    const free = await createOffer(world, passportId, { price: 0n })
    await world.licenses.write.purchase(purchaseArguments(free, key), as('ben'))
    await deliver(world, 1n)
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
    await reverts(tryPurchase(), 'NotPassportOwner', [passportId, address.requester])
  })

  it('reverts with a key that is no point on P-256', async () => {
    const keys: Hex[] = [
      '0x',
      `${key}00`,
      `0x02${key.slice(4)}`,
      `0x04${key.slice(4, 68)}${zeroHash.slice(2)}`,
      `0x04${'ff'.repeat(64)}`,
    ]
    for (const bad of keys) await reverts(tryPurchase({ key: bad }), 'InvalidPublicKey')
  })

  it('reverts when the token takes a fee', async () => {
    const evil = await createOffer(world, passportId, { token: world.evil.address })
    await world.evil.write.setTrick([address.ben, trick.taxReceiver])
    await reverts(tryPurchase({ offer: evil }), 'InexactTransfer')
  })
})
