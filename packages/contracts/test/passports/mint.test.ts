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
import { mintArguments, mintPassport, type Origin, proofOf, sourceOf, versionInput } from '../passport.ts'
import { address, as, chain, eventsOf, newWorld, reverts, usd, type World } from '../world.ts'

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

  it('gives a dataset its passport', async () => {
    const hash = world.passports.write.mint(mintArguments([{ campaign, batch }]), as('requester'))
    const sources = [{ campaignId: campaign.id, batch: batch.hash, weight: 10_000 }]
    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'PassportMinted',
        args: { passportId: 1n, owner: address.requester, version: versionInput, sources },
      },
    ])
    const { uri, ...roots } = versionInput
    const { timestamp } = await chain.getBlock()
    assert.equal(await world.passports.read.ownerOf([1n]), address.requester)
    assert.equal(await world.passports.read.versionCount([1n]), 1n)
    assert.deepEqual(await world.passports.read.newestVersion([1n]), [1n, versionInput.contentRoot])
    assert.deepEqual(await world.passports.read.versionOf([1n, 1n]), { ...roots, mintedAt: timestamp })
    assert.deepEqual(await world.passports.read.sourcesOf([1n, 1n]), sources)
    assert.equal(await world.passports.read.tokenURI([1n]), uri)
  })

  it('allows a dataset of unproven origin', async () => {
    const id = await mintPassport(world, [])
    assert.deepEqual(await world.passports.read.sourcesOf([id, 1n]), [])
    assert.deepEqual(await world.passports.read.sharesOf([id, 1n]), [])
  })

  it('knows what the people behind each source are due', async () => {
    const other = await openCampaign(world, { nonce: 1n, contributorsBps: 1_000 })
    const otherBatch = await closeCampaign(world, other, [[address.ben, usd(1)]])
    const id = await mintPassport(world, [
      { campaign, batch, weight: 7_500 },
      { campaign: other, batch: otherBatch, weight: 2_500 },
    ])
    assert.deepEqual(await world.passports.read.sharesOf([id, 1n]), [
      { batch: batch.hash, part: 30_000_000n },
      { batch: otherBatch.hash, part: 2_500_000n },
    ])
  })

  it('gives no part to a batch that paid nobody, which nobody could claim', async () => {
    const other = await openCampaign(world, { nonce: 1n })
    const empty = await settleBatch(world, other, [])
    const id = await mintPassport(world, [{ campaign: other, batch: empty }])
    assert.deepEqual(await world.passports.read.sharesOf([id, 1n]), [{ batch: empty.hash, part: 0n }])
  })

  it('numbers passports from one', async () => {
    assert.equal(await mintPassport(world, []), 1n)
    assert.equal(await mintPassport(world, []), 2n)
  })

  it('advises a royalty to the first owner', async () => {
    const id = await mintPassport(world, [])
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
    const source = sourceOf({ campaign, batch })
    const foreignTerms = { ...proofOf({ campaign, batch }), terms: other.terms }
    const foreignHeader = { ...proofOf({ campaign, batch }), header: otherBatch.header }
    await reverts(
      world.passports.simulate.mint([versionInput, [source], [foreignTerms]], as('requester')),
      'WrongCampaign',
      [campaign.id, other.id],
    )
    await reverts(
      world.passports.simulate.mint([versionInput, [source], [foreignHeader]], as('requester')),
      'WrongBatch',
      [batch.hash, otherBatch.hash],
    )
  })

  it('reverts without exactly one proof per source', async () => {
    const call = world.passports.simulate.mint(
      [versionInput, [sourceOf({ campaign, batch })], []],
      as('requester'),
    )
    await reverts(call, 'ProofCountMismatch', [1n, 0n])
  })

  it('reverts when weights do not add up to everything', async () => {
    await reverts(tryMint([{ campaign, batch, weight: 9_999 }]), 'WrongWeights', [10_000n, 9_999n])
  })

  it('takes eight sources and not nine', async () => {
    const eight = Array.from({ length: 8 }, () => ({ campaign, batch, weight: 1_250 }))
    await tryMint(eight)
    await reverts(tryMint([...eight, { campaign, batch, weight: 0 }]), 'TooManySources', [8n, 9n])
  })
})
