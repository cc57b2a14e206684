/** What went wrong in comparable systems, and what holds here instead. Rows of other contracts come with them. */
import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Hex } from 'viem'
import { campaignsAbi, licensesAbi, passportsAbi } from '../abi/index.ts'
import {
  acceptanceOf,
  balanceOf,
  type Campaign,
  campaignIdOf,
  closeCampaign,
  headerHashOf,
  newTerms,
  nextBatch,
  noPermit,
  openCampaign,
  proposeBatch,
  settleBatch,
} from './campaign.ts'
import {
  buy,
  buyerKey,
  createOffer,
  deliver,
  mintPassport,
  newOffer,
  newVersion,
  purchaseArguments,
  seal,
} from './passport.ts'
import { anyHeader, receiptOf } from './receipts.ts'
import { address, as, eventsOf, fortune, newWorld, reverts, time, trick, usd, type World } from './world.ts'

/** Brings a campaign through its silent path with a receipt of Ana's over ten cents. */
async function registered(world: World, campaign: Campaign): Promise<void> {
  const header = anyHeader(campaign.id)
  await time.increaseTo(campaign.terms.deadline + campaign.terms.grace)
  await world.campaigns.write.advance([campaign.terms, header], as('eve'))
  const { receipt, signature } = await receiptOf(world, campaign)
  await world.campaigns.write.registerReceipt([campaign.terms, receipt, signature, campaign.id])
  await time.increase(campaign.terms.grace + 2n * campaign.terms.challengeWindow)
  await world.campaigns.write.advance([campaign.terms, header], as('eve'))
}

describe('defects of peers', () => {
  let world: World
  beforeEach(async () => {
    world = await newWorld()
  })

  it('1: a cancelled job whose time ran out locked its balance; here closing late still ends in a refund', async () => {
    const campaign = await openCampaign(world, { funds: usd(100) })
    await world.campaigns.write.close([campaign.terms], as('requester'))
    await time.increaseTo(campaign.terms.deadline + campaign.terms.grace + 365n * 86_400n)
    const header = anyHeader(campaign.id)
    await world.campaigns.write.advance([campaign.terms, header], as('eve'))
    await time.increase(campaign.terms.grace + 2n * campaign.terms.challengeWindow)
    await world.campaigns.write.advance([campaign.terms, header], as('eve'))
    await world.campaigns.write.refund([campaign.terms], as('eve'))
    assert.equal(await balanceOf(world.testUsd, address.requester), fortune)
  })

  it('2: at expiry, reserved pay went back to the requester; here what a final batch owes is never refunded', async () => {
    const campaign = await openCampaign(world, { funds: usd(107.5) })
    const first = await settleBatch(world, campaign, [[address.ana, usd(60)]])
    await time.increaseTo(campaign.terms.deadline)
    await closeCampaign(world, campaign, [[address.ben, usd(60)]])
    await world.campaigns.write.refund([campaign.terms])
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), usd(64.5))
    await world.campaigns.write.claim([first.named, first.payouts.claim(address.ana)])
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(60))
  })

  it('2: at expiry, reserved pay went back; here what a receipt owes is never refunded, though its operator is gone', async () => {
    const campaign = await openCampaign(world, { funds: usd(1) })
    await registered(world, campaign)
    await world.campaigns.write.refund([campaign.terms], as('requester'))
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), usd(0.1))
    await world.campaigns.write.claimReceipt([campaign.id, address.ana, address.ana], as('eve'))
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(0.1))
  })

  it('3: one refused payee reverted a batch of a hundred; here it is skipped and its claim stays open', async () => {
    const campaign = await openCampaign(world, { token: world.evil.address })
    const batch = await settleBatch(world, campaign, [
      [address.eve, usd(1)],
      [address.ana, usd(1)],
    ])
    await world.evil.write.setTrick([address.eve, trick.refuse])
    await world.campaigns.write.claimMany([batch.named, batch.payouts.many()])
    assert.equal(await balanceOf(world.evil, address.ana), usd(1))
    await world.evil.write.setTrick([address.eve, trick.none])
    await world.campaigns.write.claimMany([batch.named, batch.payouts.many()])
    assert.equal(await balanceOf(world.evil, address.eve), fortune + usd(1))
  })

  it('4: one admin key could drain any escrow; here tokens leave by claims, fees and refund only', () => {
    const writes = campaignsAbi
      .filter((item) => item.type === 'function')
      .filter((item) => item.stateMutability === 'nonpayable')
      .map((item) => item.name)
    assert.deepEqual(writes.toSorted(), [
      'advance',
      'answer',
      'attemptClaim',
      'attemptTransfer',
      'beginDispute',
      'claim',
      'claimMany',
      'claimReceipt',
      'claimTo',
      'close',
      'collectFees',
      'contest',
      'contestAmount',
      'contestChain',
      'endDispute',
      'finalize',
      'open',
      'propose',
      'refund',
      'registerReceipt',
      'topUp',
      'voidBatch',
      'withdrawBatch',
    ])
  })

  it('7: fees were up to 75 % of the funds; here they are capped, fixed at open, and on what is paid', async () => {
    const campaign = await openCampaign(world, { funds: usd(1_000), operatorFeeBps: 1_000 })
    await world.parameters.write.setProtocolFeeBps([500])
    await closeCampaign(world, campaign, [[address.ana, usd(100)]])
    await world.campaigns.write.collectFees([campaign.terms])
    assert.equal(await balanceOf(world.testUsd, address.operator), fortune + usd(10))
    assert.equal(await balanceOf(world.testUsd, address.treasury), usd(2.5))
  })

  it('7: fees were taken even when every answer was refused; here nothing paid means no fee', async () => {
    const campaign = await openCampaign(world, { funds: usd(1_000) })
    await closeCampaign(world, campaign, [])
    await reverts(world.campaigns.simulate.collectFees([campaign.terms]), 'NothingToCollect')
    await world.campaigns.write.refund([campaign.terms])
    assert.equal(await balanceOf(world.testUsd, address.requester), fortune)
  })

  it('8: a random payout id left retries unguarded; here the same batch or claim twice changes nothing', async () => {
    const campaign = await openCampaign(world)
    const batch = await settleBatch(world, campaign, [[address.ana, usd(1)]])
    const claim = batch.payouts.claim(address.ana)
    await world.campaigns.write.claim([batch.named, claim])
    await reverts(world.campaigns.simulate.claim([batch.named, claim]), 'NothingToClaim')
    const again = world.campaigns.simulate.propose(
      [campaign.terms, batch.header, batch.previousRoot],
      as('operator'),
    )
    await reverts(again, 'WrongIndex', [1n, 0n])
    await reverts(world.campaigns.simulate.finalize([campaign.terms, batch.header]), 'NotPending')
  })

  it('9: anchored hashes were checked by nobody; here a batch that leaves a receipt out costs its operator', async () => {
    const campaign = await openCampaign(world)
    const batch = await proposeBatch(world, campaign, [])
    const { receipt, signature } = await receiptOf(world, campaign, { issuedAt: 1n })
    await world.campaigns.write.contest([campaign.terms, batch.header, receipt, signature])
    await time.increase(2n * campaign.terms.challengeWindow)
    await world.campaigns.write.voidBatch([campaign.terms, batch.header, address.ana], as('eve'))
    assert.equal((await world.staking.read.stakes([address.operator])).bonded, 0n)
  })

  it('9: anchored hashes were checked by nobody; here every root is bound to the one hash that became final', async () => {
    const campaign = await openCampaign(world)
    const { header, payouts } = await settleBatch(world, campaign, [[address.ana, usd(1)]])
    for (const field of ['bundle', 'recordsRoot', 'resultsRoot', 'state', 'previous'] as const) {
      const changed = { ...header, [field]: `0x${'11'.repeat(32)}` as Hex }
      assert.equal(await world.campaigns.read.isFinal([campaign.id, changed]), false)
      const named = { campaignId: campaign.id, index: 0n, batch: headerHashOf(changed), root: payouts.root }
      const call = world.campaigns.simulate.claim([named, payouts.claim(address.ana)])
      await reverts(call, 'NotFinal')
    }
  })

  it('10: two results paid once, by worker; here pay is cumulative over batches', async () => {
    const campaign = await openCampaign(world)
    for (const total of [10, 20]) {
      const batch = await settleBatch(world, campaign, [[address.ana, usd(total)]])
      await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)])
    }
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(20))
  })

  it('11: the launcher could be its own oracle; here requester and operator differ', async () => {
    const terms = await newTerms(world, { requester: address.operator })
    const acceptance = await acceptanceOf(world, campaignIdOf(world, terms))
    const call = world.campaigns.simulate.open([terms, 0n, acceptance, noPermit], as('operator'))
    await reverts(call, 'RequesterIsOperator', [address.operator])
  })

  it('13: the reward pool was an admin’s to withdraw; here pay is claimable years later, by anyone for the worker', async () => {
    const campaign = await openCampaign(world)
    const batch = await closeCampaign(world, campaign, [[address.ana, usd(1)]])
    await time.increase(10n * 365n * 86_400n)
    await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)], as('eve'))
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(1))
  })

  it('13: vouchers were valid for minutes; here a receipt is good until it is paid, years later', async () => {
    const campaign = await openCampaign(world, { funds: usd(1) })
    await registered(world, campaign)
    await time.increase(10n * 365n * 86_400n)
    await world.campaigns.write.claimReceipt([campaign.id, address.ana, address.ana], as('eve'))
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(0.1))
  })

  it('15: the same bytes at another URL counted as new; here no URL is part of what anything is', async () => {
    const inputs = JSON.stringify([...campaignsAbi, ...passportsAbi, ...licensesAbi])
    assert.doesNotMatch(inputs, /"name":"[a-z]*(url|uri|location|path)[a-z]*"[^}]*"type":"string"/i)
    const versions = [newVersion([]), newVersion([])]
    const [first, second] = await Promise.all(
      versions.map((version) => world.passports.read.versionHash([version])),
    )
    assert.equal(first, second)
  })

  it('16: digests lacked chain and contract; here an acceptance counts for one campaign on one contract', async () => {
    const terms = await newTerms(world)
    const id = campaignIdOf(world, terms)
    const elsewhere = { ...world, campaigns: { ...world.campaigns, address: world.testUsd.address } }
    const acceptance = await acceptanceOf(elsewhere as World, id)
    const call = world.campaigns.simulate.open([terms, 0n, acceptance, noPermit], as('requester'))
    await reverts(call, 'InvalidAcceptance', [id, address.operator])
  })

  it('16: digests lacked chain and contract; here a receipt counts for one campaign on one contract', async () => {
    const campaign = await openCampaign(world)
    const batch = await proposeBatch(world, campaign, [])
    const elsewhere = { ...world, campaigns: { ...world.campaigns, address: world.testUsd.address } }
    const { receipt, signature } = await receiptOf(elsewhere as World, campaign, { issuedAt: 1n })
    const call = world.campaigns.simulate.contest([campaign.terms, batch.header, receipt, signature])
    await reverts(call, 'InvalidReceipt')
  })

  it('17: an order event was the only proof of purchase; here a license is state, checked at delivery', async () => {
    const passportId = await mintPassport(world, [])
    const unknown = newOffer(world, passportId, { nonce: 5n })
    const call = world.licenses.simulate.purchase(purchaseArguments(unknown), as('ben'))
    await reverts(call, 'OfferUnavailable')
    await reverts(world.licenses.simulate.deliver([1n, seal()], as('operator')), 'WrongSaleStatus', [1n, 0])
  })

  it('18: a buyer paid and could not download; here the price comes back without a delivery', async () => {
    const offer = await createOffer(world, await mintPassport(world, []))
    const licenseId = await buy(world, offer)
    await time.increase(offer.deliverWithin + 1n)
    await reverts(world.licenses.simulate.deliver([licenseId, seal()], as('operator')), 'DeliveryLate')
    await world.licenses.write.refundLicense([licenseId], as('eve'))
    assert.equal(await balanceOf(world.testUsd, address.ben), fortune)
  })

  it('18: a buyer paid and what came did not open; here the contract opens it itself and returns the price', async () => {
    const offer = await createOffer(world, await mintPassport(world, []))
    const licenseId = await buy(world, offer)
    const wrong = seal(new Uint8Array(32))
    await deliver(world, licenseId, wrong)
    const dispute = [licenseId, newVersion(), wrong, buyerKey.secret] as const
    await world.licenses.write.disputeDelivery(dispute, as('ben'))
    await world.licenses.write.withdraw([world.testUsd.address, address.ben])
    assert.equal(await balanceOf(world.testUsd, address.ben), fortune)
  })

  it('19: a reverting callback blocked settlement; here no account is called when a batch or a sale settles', async () => {
    const campaign = await openCampaign(world, { token: world.evil.address })
    const offer = await createOffer(world, await mintPassport(world, []), { token: world.evil.address })
    const licenseId = await buy(world, offer)
    const batch = await proposeBatch(world, campaign, [[address.ana, usd(1)]])
    for (const account of [address.operator, address.treasury, address.requester, address.ana])
      await world.evil.write.setTrick([account, trick.refuse])

    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.finalize([campaign.terms, batch.header])
    await world.campaigns.write.close([campaign.terms], as('requester'))
    const closing = await nextBatch(world, campaign, [[address.ana, usd(1)]], { closing: true })
    await world.campaigns.write.propose(
      [campaign.terms, closing.header, closing.previousRoot],
      as('operator'),
    )
    await deliver(world, licenseId)
  })

  it('20: arrays were scanned on chain; here the twelfth batch costs what the third did', async () => {
    const campaign = await openCampaign(world)
    const costs: bigint[] = []
    for (let i = 0; i < 12; i++) {
      const batch = await nextBatch(world, campaign, [[address.ana, usd(1)]], { cutAt: 1_000n })
      const call = world.campaigns.estimateGas.propose(
        [campaign.terms, batch.header, batch.previousRoot],
        as('operator'),
      )
      costs.push(await call)
      await settleBatch(world, campaign, [[address.ana, usd(1)]], { cutAt: 1_000n })
    }
    const spread = costs.slice(2).map((cost) => Math.abs(Number(cost - costs[2]!)))
    assert.ok(Math.max(...spread) < 1_000, `proposing varies by ${Math.max(...spread)} gas`)
    assert.equal((await eventsOf(world.campaigns.write.close([campaign.terms], as('requester')))).length, 1)
  })
})
