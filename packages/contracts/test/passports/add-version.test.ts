import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { keccak256 } from 'viem'
import { type Batch, type Campaign, openCampaign, settleBatch } from '../campaign.ts'
import { mintPassport, type Origin, proofOf, sourceOf, versionInput } from '../passport.ts'
import { address, as, eventsOf, newWorld, reverts, usd, type World } from '../world.ts'

describe('addVersion', () => {
  let world: World
  let campaign: Campaign
  let batch: Batch
  let passportId: bigint
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
    batch = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    passportId = await mintPassport(world, [{ campaign, batch }])
  })

  const second = { ...versionInput, contentRoot: keccak256('0x02'), uri: 'ipfs://second' }
  const argumentsFor = (origins: readonly Origin[]) =>
    [passportId, second, origins.map(sourceOf), origins.map(proofOf)] as const

  it('adds a version and keeps the earlier one', async () => {
    const later = await settleBatch(world, campaign, [[address.ana, usd(20)]])
    const args = argumentsFor([{ campaign, batch: later }])
    const hash = world.passports.write.addVersion(args, as('requester'))
    assert.deepEqual(await eventsOf(hash), [
      { name: 'PassportVersion', args: { passportId, version: 2n, input: second, sources: args[2] } },
    ])
    assert.equal(await world.passports.read.versionCount([passportId]), 2n)
    assert.deepEqual(await world.passports.read.newestVersion([passportId]), [2n, second.contentRoot])
    assert.equal((await world.passports.read.versionOf([passportId, 2n])).contentRoot, second.contentRoot)
    assert.equal(
      (await world.passports.read.versionOf([passportId, 1n])).contentRoot,
      versionInput.contentRoot,
    )
    assert.equal((await world.passports.read.sourcesOf([passportId, 1n]))[0]?.batch, batch.hash)
    assert.equal(await world.passports.read.tokenURI([passportId]), second.uri)
  })

  it('lets a new owner carry the sources on', async () => {
    await world.passports.write.transferFrom([address.requester, address.eve, passportId], as('requester'))
    await world.passports.write.addVersion(argumentsFor([{ campaign, batch }]), as('eve'))
    assert.equal((await world.passports.read.sourcesOf([passportId, 2n]))[0]?.batch, batch.hash)
  })

  it('reverts when a new owner names another batch of a campaign that is not theirs', async () => {
    const later = await settleBatch(world, campaign, [[address.ana, usd(20)]])
    await world.passports.write.transferFrom([address.requester, address.eve, passportId], as('requester'))
    const call = world.passports.simulate.addVersion(argumentsFor([{ campaign, batch: later }]), as('eve'))
    await reverts(call, 'NotSourceRequester', [campaign.id, address.eve])
  })

  it('reverts for anyone but the owner', async () => {
    const call = world.passports.simulate.addVersion(argumentsFor([]), as('eve'))
    await reverts(call, 'NotPassportOwner', [passportId, address.eve])
  })

  it('reverts for a passport that does not exist', async () => {
    const call = world.passports.simulate.addVersion([9n, second, [], []], as('requester'))
    await reverts(call, 'ERC721NonexistentToken', [9n])
  })

  it('knows no versions but those added', async () => {
    for (const version of [0n, 2n]) {
      await reverts(world.passports.read.versionOf([passportId, version]), 'UnknownVersion', [
        passportId,
        version,
      ])
      await reverts(world.passports.read.sourcesOf([passportId, version]), 'UnknownVersion')
      await reverts(world.passports.read.sharesOf([passportId, version]), 'UnknownVersion')
    }
    await reverts(world.passports.read.tokenURI([9n]), 'ERC721NonexistentToken', [9n])
  })
})
