/** What the common calls cost. Fails when one costs over five percent more than `gas.snapshot.json` says. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { Address, Hash } from 'viem'
import { padHex, toHex } from 'viem'
import {
  acceptanceOf,
  campaignIdOf,
  closeCampaign,
  newTerms,
  nextBatch,
  noPermit,
  openCampaign,
  proposeBatch,
  settleBatch,
} from './campaign.ts'
import { createOffer, mintArguments, purchaseArguments, sealedKey } from './passport.ts'
import { address, as, gasOf, newWorld, time, usd } from './world.ts'

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
  const offer = await createOffer(world, 1n)
  const buy = () => licenses.write.purchase(purchaseArguments(offer), as('ben'))
  await record('purchase, first', buy())
  await record('purchase, next', buy())
  await licenses.write.deliver([1n, sealedKey], as('operator'))
  await record('deliver', licenses.write.deliver([2n, sealedKey], as('operator')))
  const share = [offer.token, 1n, closing.header, closing.payouts.claim(ana)] as const
  await record('claimShare', licenses.write.claimShare(share))
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
