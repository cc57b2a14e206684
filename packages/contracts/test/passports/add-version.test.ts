import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { keccak256 } from 'viem'
import { type Batch, type Campaign, openCampaign, settleBatch } from '../campaign.ts'
import { mintPassport, newVersion, type Origin, proofOf, type Version, versionHashOf } from '../passport.ts'
import { address, as, eventsOf, type Name, newWorld, reverts, usd, type World } from '../world.ts'

describe('addVersion', () => {
  let world: World
  let campaign: Campaign
  let batch: Batch
  let later: Batch
  let passportId: bigint
  let first: Version
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
    batch = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    later = await settleBatch(world, campaign, [[address.ana, usd(20)]])
    first = newVersion([{ campaign, batch }])
    passportId = await mintPassport(world, [{ campaign, batch }])
  })

  const second = (origins: readonly Origin[]) =>
    newVersion(origins, { contentRoot: keccak256('0x02'), manifest: keccak256('0x03') })
  const argumentsFor = (origins: readonly Origin[], proven: readonly Origin[] = origins) =>
    [passportId, first, second(origins), proven.map(proofOf)] as const
  const tryAdd = (args: ReturnType<typeof argumentsFor>, name: Name = 'requester') =>
    world.passports.simulate.addVersion(args, as(name))
  const sellPassport = () =>
    world.passports.write.transferFrom([address.requester, address.eve, passportId], as('requester'))

  it('adds a version and keeps the earlier one', async () => {
    const args = argumentsFor([{ campaign, batch: later }])
    const hash = world.passports.write.addVersion(args, as('requester'))
    assert.deepEqual(await eventsOf(hash), [
      { name: 'PassportVersion', args: { passportId, number: 2n, version: args[2] } },
    ])
    assert.deepEqual(await world.passports.read.newest([passportId]), {
      number: 2,
      sources: 1,
      contributorsPart: 40_000_000,
      hash: versionHashOf(args[2]),
    })
    assert.equal(await world.passports.read.hashOf([passportId, 1n]), versionHashOf(first))
    const uri = `ipfs://f01551220${args[2].manifest.slice(2)}`
    assert.equal(await world.passports.read.tokenURI([passportId]), uri)
  })

  it('carries a source on without a proof, with another weight beside a new one', async () => {
    const origins = [
      { campaign, batch: later, weight: 7_000 },
      { campaign, batch, weight: 3_000 },
    ]
    await world.passports.write.addVersion(argumentsFor(origins, [origins[0]!]), as('requester'))
    const { sources, contributorsPart } = await world.passports.read.newest([passportId])
    assert.deepEqual({ sources, contributorsPart }, { sources: 2, contributorsPart: 40_000_000 })
  })

  it('lets a new owner carry the sources on', async () => {
    await sellPassport()
    await world.passports.write.addVersion(argumentsFor([{ campaign, batch }], []), as('eve'))
    assert.equal((await world.passports.read.newest([passportId])).sources, 1)
  })

  it('reverts when a new owner names another batch of a campaign that is not theirs', async () => {
    await sellPassport()
    const call = tryAdd(argumentsFor([{ campaign, batch: later }]), 'eve')
    await reverts(call, 'NotSourceRequester', [campaign.id, address.eve])
  })

  it('reverts when a source is carried on with another share for those who made it', async () => {
    const [id, before, next] = argumentsFor([{ campaign, batch }])
    const less = { ...next, sources: [{ ...next.sources[0]!, contributorsBps: 1 }] }
    const proofs = [proofOf({ campaign, batch })]
    await reverts(tryAdd([id, before, less, proofs]), 'WrongContributorsShare', [4_000n, 1n])
    await sellPassport()
    await reverts(tryAdd([id, before, less, []], 'eve'), 'ProofCountMismatch', [1n, 0n])
  })

  it('reverts when the version it follows is not the newest', async () => {
    const args = argumentsFor([{ campaign, batch: later }])
    await world.passports.write.addVersion(args, as('requester'))
    const newest = versionHashOf(args[2])
    await reverts(tryAdd(argumentsFor([])), 'NotNewestVersion', [passportId, newest])
    await tryAdd([passportId, args[2], second([{ campaign, batch: later }]), []])
  })

  it('reverts with a proof too many or too few', async () => {
    const origins = [{ campaign, batch: later }]
    await reverts(tryAdd(argumentsFor(origins, [])), 'ProofCountMismatch', [1n, 0n])
    await reverts(tryAdd(argumentsFor([{ campaign, batch }])), 'ProofCountMismatch', [0n, 1n])
  })

  it('reverts with sources that no version may have', async () => {
    const half = { campaign, batch, weight: 5_000 }
    await reverts(tryAdd(argumentsFor([half, half], [])), 'SourceTwice', [batch.hash])
    await reverts(tryAdd(argumentsFor([half], [])), 'WrongWeights', [10_000n, 5_000n])
  })

  it('reverts for anyone but the owner', async () => {
    await reverts(tryAdd(argumentsFor([]), 'eve'), 'NotPassportOwner', [passportId, address.eve])
  })

  it('reverts for a passport that does not exist', async () => {
    const call = world.passports.simulate.addVersion([9n, first, first, []], as('requester'))
    await reverts(call, 'ERC721NonexistentToken', [9n])
  })

  it('knows no versions but those added', async () => {
    for (const number of [0n, 2n])
      await reverts(world.passports.read.hashOf([passportId, number]), 'UnknownVersion', [passportId, number])
    await reverts(world.passports.read.newest([9n]), 'UnknownVersion', [9n, 0n])
  })
})
