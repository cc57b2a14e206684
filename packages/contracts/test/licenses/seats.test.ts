import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import { createOffer, mintPassport, sell } from '../passport.ts'
import { address, as, eventsOf, type Name, newWorld, reverts, time, type World } from '../world.ts'

describe('seats of a license', () => {
  let world: World
  let licenseId: bigint
  beforeEach(async () => {
    world = await newWorld()
    const passportId = await mintPassport(world, [])
    licenseId = await sell(world, await createOffer(world, passportId, { seats: 2, duration: 86_400n }))
  })

  const take = (name: Name, by: Name = 'ben') =>
    world.licenses.write.takeSeat([licenseId, address[name]], as(by))
  const tryTake = (account: `0x${string}`, by: Name = 'ben') =>
    world.licenses.simulate.takeSeat([licenseId, account], as(by))
  const mayUse = (name: Name) => world.licenses.read.mayUse([licenseId, address[name]])

  it('let others use it', async () => {
    assert.equal(await mayUse('ana'), false)
    assert.deepEqual(await eventsOf(take('ana')), [
      { name: 'SeatTaken', args: { licenseId, owner: address.ben, account: address.ana } },
    ])
    assert.deepEqual([await mayUse('ana'), await mayUse('ben'), await mayUse('eve')], [true, true, false])
  })

  it('end with the license', async () => {
    await take('ana')
    await time.increase(86_400n)
    assert.equal(await mayUse('ana'), false)
  })

  it('are taken back', async () => {
    await take('ana')
    const hash = world.licenses.write.freeSeat([licenseId, address.ana], as('ben'))
    assert.deepEqual(await eventsOf(hash), [
      { name: 'SeatFreed', args: { licenseId, owner: address.ben, account: address.ana } },
    ])
    assert.equal(await mayUse('ana'), false)
    await take('cleo')
    await take('eve')
  })

  it('stay behind when the license changes hands', async () => {
    await take('ana')
    await take('eve')
    await world.licenses.write.transferFrom([address.ben, address.cleo, licenseId], as('ben'))
    assert.deepEqual([await mayUse('ana'), await mayUse('ben'), await mayUse('cleo')], [false, false, true])
    await take('ana', 'cleo')
    assert.equal(await mayUse('ana'), true)
  })

  it('are no more than the offer says', async () => {
    await take('ana')
    await take('cleo')
    await reverts(tryTake(address.eve), 'NoSeatLeft', [licenseId, 2n])
  })

  it('are given once to each, and to somebody', async () => {
    await take('ana')
    await reverts(tryTake(address.ana), 'SeatTakenAlready', [licenseId, address.ana])
    await reverts(tryTake(zeroAddress), 'ZeroAddress')
  })

  it('are the licensee’s to give and take', async () => {
    await reverts(tryTake(address.eve, 'eve'), 'NotLicensee', [address.eve, address.ben])
    await take('ana')
    const free = (name: Name, by: Name) =>
      world.licenses.simulate.freeSeat([licenseId, address[name]], as(by))
    await reverts(free('ana', 'ana'), 'NotLicensee', [address.ana, address.ben])
    await reverts(free('eve', 'ben'), 'NoSuchSeat', [licenseId, address.eve])
  })

  it('are none of a license that does not exist', async () => {
    const call = world.licenses.simulate.takeSeat([9n, address.eve], as('eve'))
    await reverts(call, 'ERC721NonexistentToken', [9n])
    assert.equal(await world.licenses.read.mayUse([9n, zeroAddress]), false)
  })
})
