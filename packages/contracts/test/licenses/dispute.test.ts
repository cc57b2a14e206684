import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { beforeEach, describe, it } from 'node:test'
import { type Hex, toHex, zeroHash } from 'viem'
import { sealsAbi } from '../../abi/index.ts'
import {
  buy,
  buyerKey,
  complete,
  contentKey,
  createOffer,
  deliver,
  newKey,
  newSale,
  newVersion,
  seal,
  versionHashOf,
} from '../passport.ts'
import {
  address,
  as,
  contractAt,
  eventsOf,
  minWindow,
  newWorld,
  reverts,
  time,
  trick,
  usd,
  type World,
} from '../world.ts'

/** Where a sale stands, as the contract numbers it. */
const [none, paid, released] = [0, 1, 3]
const wrongKey = createHash('sha256').update('another key').digest()

describe('disputeDelivery', () => {
  let world: World
  let passportId: bigint
  let licenseId: bigint
  beforeEach(async () => {
    ;({ world, passportId, licenseId } = await newSale())
  })

  const tryDispute = (sealedKey: Hex, { secret = buyerKey.secret, version = newVersion() } = {}) =>
    world.licenses.simulate.disputeDelivery([licenseId, version, sealedKey, secret], as('ben'))

  it('returns the price of a wrong key, at the hand of who knows the secret', async () => {
    const sealedKey = seal(wrongKey)
    await deliver(world, licenseId, sealedKey)
    const args = [licenseId, newVersion(), sealedKey, buyerKey.secret] as const
    assert.deepEqual(await eventsOf(world.licenses.write.disputeDelivery(args, as('eve'))), [
      { name: 'DeliveryDisputed', args: { licenseId, secret: buyerKey.secret } },
      { name: 'LicenseRefunded', args: { licenseId, buyer: address.ben, amount: usd(100) } },
    ])
    assert.equal(await world.licenses.read.balances([world.testUsd.address, address.ben]), usd(100))
    assert.equal(await world.licenses.read.balances([world.testUsd.address, address.requester]), 0n)
    await reverts(world.licenses.read.ownerOf([licenseId]), 'ERC721NonexistentToken', [licenseId])
    assert.equal((await world.licenses.read.sales([licenseId])).status, none)
  })

  it('returns the price of the right key sealed to somebody else', async () => {
    const sealedKey = seal(contentKey, newKey().publicKey)
    await deliver(world, licenseId, sealedKey)
    await tryDispute(sealedKey)
  })

  it('holds it for a buyer whom the token refuses until the time to look is over', async () => {
    const id = await buy(world, await createOffer(world, passportId, { token: world.evil.address }))
    const sealedKey = seal(wrongKey)
    await deliver(world, id, sealedKey)
    await world.evil.write.setTrick([address.ben, trick.refuse])
    await world.licenses.write.disputeDelivery([id, newVersion(), sealedKey, buyerKey.secret])
    await time.increase(minWindow + 1n)
    await reverts(world.licenses.simulate.release([id]), 'WrongSaleStatus', [id, none])
    await world.evil.write.setTrick([address.ben, trick.none])
    await world.licenses.write.withdraw([world.evil.address, address.ben])
  })

  it('reverts when the key is the right one, whichever half of the secrets shows it', async () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const sealedKey = seal()
    await deliver(world, licenseId, sealedKey)
    await reverts(tryDispute(sealedKey), 'KeyMatches', [licenseId])
    await reverts(tryDispute(sealedKey, { secret: order - buyerKey.secret }), 'KeyMatches', [licenseId])
  })

  it('reverts with a secret that is not the buyer’s', async () => {
    const sealedKey = seal(wrongKey)
    await deliver(world, licenseId, sealedKey)
    const stranger = newKey()
    const key = `0x${stranger.publicKey.slice(4, 68)}`
    await reverts(tryDispute(sealedKey, { secret: stranger.secret }), 'NotDeliveredTo', [licenseId, key])
    await reverts(tryDispute(sealedKey, { secret: 0n }), 'NotDeliveredTo', [licenseId, zeroHash])
  })

  it('reverts with a sealed key that was not delivered', async () => {
    await deliver(world, licenseId)
    const key = `0x${buyerKey.publicKey.slice(4, 68)}`
    await reverts(tryDispute(seal(wrongKey)), 'NotDeliveredTo', [licenseId, key])
    await reverts(tryDispute('0x00'), 'InvalidSealedKey', [1n])
  })

  it('reverts with another version than the one that was bought', async () => {
    const sealedKey = seal()
    await deliver(world, licenseId, sealedKey)
    const other = newVersion([], { keyHash: zeroHash })
    await world.passports.write.addVersion([passportId, newVersion(), other, []], as('requester'))
    await reverts(tryDispute(sealedKey, { version: other }), 'WrongVersion', [
      versionHashOf(newVersion()),
      versionHashOf(other),
    ])
  })

  it('reverts too late, to the second', async () => {
    const sealedKey = seal(wrongKey)
    await deliver(world, licenseId, sealedKey)
    const { until } = await world.licenses.read.sales([licenseId])
    await time.increaseTo(until)
    await tryDispute(sealedKey)
    await time.increaseTo(until + 1)
    await reverts(tryDispute(sealedKey), 'InspectionOver', [BigInt(until)])
  })

  it('reverts before the delivery and after the release', async () => {
    await reverts(tryDispute(seal()), 'WrongSaleStatus', [licenseId, paid])
    await complete(world, licenseId)
    await reverts(tryDispute(seal()), 'WrongSaleStatus', [licenseId, released])
  })
})

describe('Seals', () => {
  it('opens what was sealed here by another implementation, for many keys', async () => {
    const world = await newWorld()
    const seals = contractAt(sealsAbi, await world.licenses.read.seals())
    for (let i = 0; i < 12; i++) {
      const { secret, publicKey } = newKey()
      const key = createHash('sha256').update(`key ${i}`).digest()
      const x = `0x${publicKey.slice(4, 68)}`
      assert.equal(await seals.read.publicKeyOf([secret]), x)
      assert.deepEqual(await seals.read.open([seal(key, publicKey), secret]), [toHex(key), x])
    }
  })
})
