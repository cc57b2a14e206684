import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { closeCampaign, openCampaign, settleBatch } from '../campaign.ts'
import { buy, createOffer, deliver, mintPassport, newSale, type Offer, sell } from '../passport.ts'
import { address, as, eventsOf, minWindow, newWorld, reverts, time, usd, type World } from '../world.ts'

/** Where a sale stands, as the contract numbers it. */
const [none, paid, released] = [0, 1, 3]

describe('release', () => {
  let world: World
  let passportId: bigint
  let offer: Offer
  let licenseId: bigint
  beforeEach(async () => {
    ;({ world, passportId, offer, licenseId } = await newSale())
  })

  const owed = (account: `0x${string}`) => world.licenses.read.balances([world.testUsd.address, account])
  const tryRelease = (name: 'ben' | 'eve', id = licenseId) => world.licenses.simulate.release([id], as(name))

  it('splits the price at the hand of anyone once there was time to look', async () => {
    await deliver(world, licenseId)
    await time.increase(minWindow + 1n)
    assert.deepEqual(await eventsOf(world.licenses.write.release([licenseId], as('eve'))), [
      {
        name: 'Released',
        args: {
          licenseId,
          seller: address.requester,
          protocolFee: usd(2.5),
          contributors: 0n,
          rest: usd(97.5),
        },
      },
    ])
    assert.equal(await owed(address.treasury), usd(2.5))
    assert.equal(await owed(address.requester), usd(97.5))
    assert.equal((await world.licenses.read.sales([licenseId])).status, released)
  })

  it('splits it at once at the hand of a buyer who is content', async () => {
    await deliver(world, licenseId)
    await world.licenses.write.release([licenseId], as('ben'))
    assert.equal(await owed(address.requester), usd(97.5))
  })

  it('shares the revenue between seller and sources, rounded down', async () => {
    const first = await openCampaign(world, { contributorsBps: 4_000 })
    const firstBatch = await settleBatch(world, first, [[address.ana, usd(1)]])
    const second = await openCampaign(world, { nonce: 1n, contributorsBps: 10_000 })
    const secondBatch = await closeCampaign(world, second, [[address.ana, usd(1)]])
    const id = await mintPassport(world, [
      { campaign: first, batch: firstBatch, weight: 6_667 },
      { campaign: second, batch: secondBatch, weight: 3_333 },
    ])
    await sell(world, await createOffer(world, id, { price: 1_001n }))
    // 1001 − ⌊2.5 %⌋ = 976; of it 26.668 % + 33.33 %, rounded down, and the rest.
    assert.equal(await owed(address.treasury), 25n)
    assert.equal(await world.licenses.read.pool([id, 1n, world.testUsd.address]), 585n)
    assert.equal(await owed(address.requester), 391n)
  })

  it('pays the seller of the offer, though the passport was sold since', async () => {
    await world.passports.write.transferFrom([address.requester, address.eve, passportId], as('requester'))
    await deliver(world, licenseId)
    await world.licenses.write.release([licenseId], as('ben'))
    assert.equal(await owed(address.requester), usd(97.5))
    assert.equal(await owed(address.eve), 0n)
  })

  it('takes the time to look of the day of the purchase', async () => {
    await world.parameters.write.setMaxChallengeWindow([86_400n])
    await world.parameters.write.setMinChallengeWindow([86_400n])
    await deliver(world, licenseId)
    await time.increase(minWindow + 1n)
    await tryRelease('eve')
  })

  it('reverts for others while there is time to look, to the second', async () => {
    await deliver(world, licenseId)
    const { until } = await world.licenses.read.sales([licenseId])
    await reverts(tryRelease('eve'), 'InspectionRuns', [BigInt(until)])
    await time.increaseTo(until)
    await reverts(tryRelease('eve'), 'InspectionRuns', [BigInt(until)])
    await time.increaseTo(until + 1)
    await tryRelease('eve')
  })

  it('reverts before the delivery', async () => {
    await reverts(tryRelease('ben'), 'WrongSaleStatus', [licenseId, paid])
  })

  it('reverts the second time', async () => {
    await sell(world, offer)
    await reverts(tryRelease('ben', licenseId + 1n), 'WrongSaleStatus', [licenseId + 1n, released])
  })

  it('reverts for a license that does not exist', async () => {
    await reverts(tryRelease('ben', 9n), 'WrongSaleStatus', [9n, none])
  })
})

describe('transfer of a license', () => {
  let world: World
  let passportId: bigint
  beforeEach(async () => {
    world = await newWorld()
    passportId = await mintPassport(world, [])
  })

  const transfer = (id: bigint) =>
    world.licenses.simulate.transferFrom([address.ben, address.cleo, id], as('ben'))

  it('waits until the price is released: until then it may have to go back to who paid', async () => {
    const licenseId = await buy(world, await createOffer(world, passportId))
    await reverts(transfer(licenseId), 'NotReleased', [licenseId])
    await deliver(world, licenseId)
    await reverts(transfer(licenseId), 'NotReleased', [licenseId])
    await world.licenses.write.release([licenseId], as('ben'))
    await transfer(licenseId)
  })

  it('is refused where the offer says that licenses do not change hands', async () => {
    const licenseId = await sell(world, await createOffer(world, passportId, { isTransferable: false }))
    await reverts(transfer(licenseId), 'NotTransferable', [licenseId])
  })
})
