import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import {
  type Batch,
  type Campaign,
  closeCampaign,
  openCampaign,
  proposeBatch,
  settleBatch,
} from '../campaign.ts'
import {
  mintArguments,
  mintPassport,
  newVersion,
  type Origin,
  proofOf,
  type Version,
  versionHashOf,
} from '../passport.ts'
import { address, as, eventsOf, newWorld, reverts, usd, type World } from '../world.ts'

describe('mint', () => {
  let world: World
  let campaign: Campaign
  let batch: Batch
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
    batch = await settleBatch(world, campaign, [[address.ana, usd(10)]])
  })

  const tryMint = (origins: readonly Origin[], name: 'requester' | 'eve' = 'requester') =>
    world.passports.simulate.mint(mintArguments(origins), as(name))
  const tryVersion = (version: Version, origins: readonly Origin[]) =>
    world.passports.simulate.mint([version, origins.map(proofOf)], as('requester'))

  it('gives a dataset its passport and keeps the hash of its version', async () => {
    const version = newVersion([{ campaign, batch }])
    const hash = world.passports.write.mint([version, [proofOf({ campaign, batch })]], as('requester'))
    assert.deepEqual(await eventsOf(hash), [
      { name: 'PassportMinted', args: { passportId: 1n, owner: address.requester, version } },
    ])
    assert.equal(await world.passports.read.ownerOf([1n]), address.requester)
    assert.equal(await world.passports.read.versionHash([version]), versionHashOf(version))
    assert.equal(await world.passports.read.hashOf([1n, 1n]), versionHashOf(version))
    assert.deepEqual(await world.passports.read.newest([1n]), {
      number: 1,
      sources: 1,
      contributorsPart: 40_000_000,
      hash: versionHashOf(version),
    })
  })

  it('names the document that describes it by its content id', async () => {
    const manifest = `0x${'0123456789abcdef'.repeat(4)}` as const
    const id = await mintPassport(world, [], { manifest })
    assert.equal(await world.passports.read.tokenURI([id]), `ipfs://f01551220${manifest.slice(2)}`)
    await reverts(world.passports.read.tokenURI([9n]), 'ERC721NonexistentToken', [9n])
  })

  it('allows a dataset of unproven origin, and tells it apart', async () => {
    const id = await mintPassport(world, [])
    const { sources, contributorsPart } = await world.passports.read.newest([id])
    assert.deepEqual({ sources, contributorsPart }, { sources: 0, contributorsPart: 0 })
  })

  it('knows what all people behind the sources are due', async () => {
    const other = await openCampaign(world, { nonce: 1n, contributorsBps: 1_000 })
    const otherBatch = await closeCampaign(world, other, [[address.ben, usd(1)]])
    const id = await mintPassport(world, [
      { campaign, batch, weight: 7_500 },
      { campaign: other, batch: otherBatch, weight: 2_500 },
    ])
    assert.equal((await world.passports.read.newest([id])).contributorsPart, 32_500_000)
  })

  it('numbers passports from one', async () => {
    assert.equal(await mintPassport(world, []), 1n)
    assert.equal(await mintPassport(world, []), 2n)
  })

  it('advises a royalty to the first owner, whoever owns it', async () => {
    const id = await mintPassport(world, [])
    await world.passports.write.transferFrom([address.requester, address.eve, id], as('requester'))
    assert.deepEqual(await world.passports.read.royaltyInfo([id, 10_000n]), [address.requester, 500n])
  })

  it('says which interfaces it has', async () => {
    for (const id of ['0x01ffc9a7', '0x80ac58cd', '0x5b5e139f', '0x2a55205a'] as const)
      assert.equal(await world.passports.read.supportsInterface([id]), true)
    assert.equal(await world.passports.read.supportsInterface(['0xffffffff']), false)
  })

  it('reverts for anyone but the campaign’s requester', async () => {
    await reverts(tryMint([{ campaign, batch }], 'eve'), 'NotSourceRequester', [campaign.id, address.eve])
  })

  it('reverts with a batch that is not final', async () => {
    const pending = await proposeBatch(world, campaign, [[address.ana, usd(20)]])
    await reverts(tryMint([{ campaign, batch: pending }]), 'NotFinal', [campaign.id, pending.hash])
  })

  it('reverts with a batch of another campaign', async () => {
    const other = await openCampaign(world, { nonce: 1n })
    await reverts(tryMint([{ campaign: other, batch }]), 'NotFinal', [other.id, batch.hash])
  })

  it('reverts when a proof does not fit its source', async () => {
    const other = await openCampaign(world, { nonce: 1n })
    const otherBatch = await settleBatch(world, other, [[address.ana, usd(1)]])
    const version = newVersion([{ campaign, batch }])
    await reverts(tryVersion(version, [{ campaign: other, batch }]), 'WrongCampaign', [campaign.id, other.id])
    await reverts(tryVersion(version, [{ campaign, batch: otherBatch }]), 'WrongBatch', [
      batch.hash,
      otherBatch.hash,
    ])
  })

  it('reverts with another share for contributors than the terms promise', async () => {
    for (const contributorsBps of [3_999, 10_000]) {
      const version = newVersion([{ campaign, batch }])
      const less = { ...version, sources: [{ ...version.sources[0]!, contributorsBps }] }
      const call = tryVersion(less, [{ campaign, batch }])
      await reverts(call, 'WrongContributorsShare', [4_000n, BigInt(contributorsBps)])
    }
  })

  it('reverts with a share for a batch that paid nobody, which nobody could claim', async () => {
    const other = await openCampaign(world, { nonce: 1n })
    const empty = await settleBatch(world, other, [])
    const id = await mintPassport(world, [{ campaign: other, batch: empty }])
    assert.equal((await world.passports.read.newest([id])).contributorsPart, 0)
    const version = newVersion([{ campaign: other, batch: empty }])
    const more = { ...version, sources: [{ ...version.sources[0]!, contributorsBps: 4_000 }] }
    await reverts(tryVersion(more, [{ campaign: other, batch: empty }]), 'WrongContributorsShare', [
      0n,
      4_000n,
    ])
  })

  it('reverts without exactly one proof per source', async () => {
    await reverts(tryVersion(newVersion([{ campaign, batch }]), []), 'ProofCountMismatch', [1n, 0n])
    await reverts(tryVersion(newVersion(), [{ campaign, batch }]), 'ProofCountMismatch', [0n, 1n])
  })

  it('reverts when weights do not add up to everything', async () => {
    await reverts(tryMint([{ campaign, batch, weight: 9_999 }]), 'WrongWeights', [10_000n, 9_999n])
  })

  it('reverts when a batch is named twice, which would share its revenue by halves', async () => {
    const half = { campaign, batch, weight: 5_000 }
    await reverts(tryMint([half, half]), 'SourceTwice', [batch.hash])
  })

  it('takes eight sources and not nine', async () => {
    const nine: Origin[] = []
    for (let i = 0; i < 9; i++) {
      const next = await settleBatch(world, campaign, [[address.ana, usd(11 + i)]])
      nine.push({ campaign, batch: next, weight: i < 8 ? 1_250 : 0 })
    }
    await tryMint(nine.slice(0, 8))
    await reverts(tryMint(nine), 'TooManySources', [8n, 9n])
  })
})
