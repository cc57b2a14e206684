/** What the common calls cost. Fails when one costs over five percent more than `gas.snapshot.json` says. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { Address, Hash } from 'viem'
import { padHex, toHex, zeroHash } from 'viem'
import {
  acceptanceOf,
  campaignIdOf,
  closeCampaign,
  newTerms,
  nextBatch,
  noPermit,
  openCampaign,
  permitOf,
  proposeBatch,
  settleBatch,
} from './campaign.ts'
import {
  buyerKey,
  mintArguments,
  newOffer,
  newVersion,
  purchaseArguments,
  seal,
  shareArguments,
} from './passport.ts'
import { address, as, gasOf, newWorld, people, time, usd } from './world.ts'

const path = join(import.meta.dirname, 'gas.snapshot.json')
const tolerance = 0.05

type Figures = Record<string, number>

/** A thousand workers, so that proofs are as deep as in a real batch. */
const crowd = (amount: bigint, length = 1_000) =>
  Array.from({ length }, (_, i) => [padHex(toHex(i + 4_096), { size: 20 }) as Address, amount] as const)

async function measure(): Promise<Figures> {
  const world = await newWorld()
  const figures: Figures = {}
  const record = async (name: string, hash: Promise<Hash>) => {
    figures[name] = await gasOf(hash)
  }

  const terms = await newTerms(world)
  const id = campaignIdOf(world, terms)
  const campaign = { id, terms }
  const acceptance = await acceptanceOf(world, id)
  const { campaigns, licenses, passports } = world
  await openCampaign(world, { nonce: 1n })
  await record('open', campaigns.write.open([terms, usd(5_000), acceptance, noPermit], as('requester')))

  const first = await nextBatch(world, campaign, crowd(usd(1)))
  await record('propose, first', campaigns.write.propose([terms, first.header], as('operator')))
  await time.increase(terms.challengeWindow)
  await record('finalize, first', campaigns.write.finalize([terms, first.header]))
  const payees = first.payouts.claims.map(({ account }) => account)
  const [ana, ben] = payees as [Address, Address]
  await campaigns.write.claim([terms, first.header, first.payouts.claim(ben)])
  await record('claim, first', campaigns.write.claim([terms, first.header, first.payouts.claim(ana)]))

  const second = await nextBatch(world, campaign, crowd(usd(2)))
  await record('propose, next', campaigns.write.propose([terms, second.header], as('operator')))
  await time.increase(terms.challengeWindow)
  await record('finalize, next', campaigns.write.finalize([terms, second.header]))
  await record('claim, next', campaigns.write.claim([terms, second.header, second.payouts.claim(ana)]))
  const hundred = payees.slice(100, 200).map((account) => second.payouts.claim(account))
  await record('claimMany, each of 100', campaigns.write.claimMany([terms, second.header, hundred]))
  figures['claimMany, each of 100'] = Math.round(figures['claimMany, each of 100']! / 100)

  await record('collectFees', campaigns.write.collectFees([terms]))
  const closing = await closeCampaign(world, campaign, crowd(usd(2)))
  await record('refund', campaigns.write.refund([terms]))

  const origin = { campaign, batch: closing }
  await record('mint a passport', passports.write.mint(mintArguments([origin]), as('requester')))
  const sources = [origin, { campaign, batch: second }].map((source) => ({ ...source, weight: 5_000 }))
  const version = newVersion(sources)
  await record('mint, two sources', passports.write.mint(mintArguments(sources), as('requester')))
  const later = newVersion(sources, { contentRoot: zeroHash })
  await record('addVersion', passports.write.addVersion([2n, version, later, []], as('requester')))
  const offer = newOffer(world, 2n)
  await record('createOffer', licenses.write.createOffer([offer], as('requester')))
  const buy = async (name: 'ben' | 'cleo') => {
    await world.testUsd.write.approve([licenses.address, 0n], as(name))
    const permit = await permitOf(world.testUsd, people[name], licenses.address, offer.price)
    const [, hash, price, key] = purchaseArguments(offer, later)
    return await licenses.write.purchase([offer, hash, price, key, permit], as(name))
  }
  await record('purchase with permit, first of all', buy('ben'))
  await record('purchase with permit, first of a buyer', buy('cleo'))
  await record('purchase with permit, next', buy('cleo'))
  for (const id of [1n, 2n]) await record('deliver', licenses.write.deliver([id, seal()], as('operator')))
  await record('release, first', licenses.write.release([1n], as('ben')))
  await record('release, next', licenses.write.release([2n], as('cleo')))
  const share = {
    token: offer.token,
    passportId: 2n,
    number: 2n,
    version: later,
    batch: closing,
    account: ana,
  }
  await record('claimShare', licenses.write.claimShare(shareArguments(share)))
  const wrong = seal(new Uint8Array(32))
  await licenses.write.deliver([3n, wrong], as('operator'))
  const dispute = licenses.write.disputeDelivery([3n, later, wrong, buyerKey.secret])
  await record('disputeDelivery', dispute)
  return figures
}

describe('gas', () => {
  let now: Figures
  let snapshot: Figures
  before(async () => {
    now = await measure()
    if (process.env.UPDATE_GAS === '1') await writeFile(path, `${JSON.stringify(now, null, 2)}\n`)
    snapshot = JSON.parse(await readFile(path, 'utf8'))
  })

  it('stays within five percent of the snapshot', () => {
    const grown = Object.entries(now)
      .map(([name, gas]) => ({ name, gas, was: snapshot[name] ?? 0 }))
      .filter(({ gas, was }) => gas > was * (1 + tolerance))
      .map(({ name, gas, was }) => `${name}: ${was} → ${gas}`)
    assert.equal(
      grown.length,
      0,
      `These calls cost more gas than before:\n  ${grown.join('\n  ')}\n` +
        'If that is worth it, refresh the snapshot: UPDATE_GAS=1 npm test -w @tagger/contracts -- test/gas.test.ts',
    )
  })

  it('measures everything in the snapshot', () => {
    assert.deepEqual(Object.keys(now).toSorted(), Object.keys(snapshot).toSorted())
  })

  it('costs the same whatever else is in the escrow', async () => {
    const world = await newWorld()
    const propose = async (nonce: bigint) => {
      const campaign = await openCampaign(world, { nonce })
      const batch = await nextBatch(world, campaign, crowd(usd(0.1), 10))
      return Number(await world.campaigns.estimateGas.propose([campaign.terms, batch.header], as('operator')))
    }
    const alone = await propose(0n)
    const other = await openCampaign(world, { nonce: 100n })
    await settleBatch(world, other, crowd(usd(0.2), 10))
    await proposeBatch(world, other, crowd(usd(0.3), 10))
    assert.ok(Math.abs((await propose(1n)) - alone) < 500)
    assert.equal(await world.campaigns.read.claimed([other.id, address.ana]), 0n)
  })
})
