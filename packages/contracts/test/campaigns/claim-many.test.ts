import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Address, decodeErrorResult, encodeFunctionData, type Hex, padHex, size, toHex } from 'viem'
import { campaignsAbi, errorsAbi } from '../../abi/index.ts'
import { balanceOf, type Campaign, noPermit, openCampaign, proposeBatch, settleBatch } from '../campaign.ts'
import { address, as, eventsOf, fortune, gasOf, newWorld, reverts, trick, usd, type World } from '../world.ts'

describe('claimMany', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { token: world.evil.address })
  })

  const three = [
    [address.ana, usd(10)],
    [address.eve, usd(5)],
    [address.ben, usd(1)],
  ] as const

  /** Claims for all three, with Eve in the middle up to something. */
  async function claimAll(name: keyof typeof trick) {
    const { header, payouts } = await settleBatch(world, campaign, three)
    await world.evil.write.setTrick([address.eve, trick[name]])
    const hash = await world.campaigns.write.claimMany([campaign.terms, header, payouts.claims], as('cleo'))
    const events = await eventsOf(hash)
    return { header, payouts, hash, events, names: events.map((event) => event.name) }
  }

  const reasonOf = (event: { args: unknown } | undefined) => (event?.args as { reason: Hex }).reason
  const errorOf = (event: { args: unknown } | undefined) =>
    decodeErrorResult({ abi: errorsAbi, data: reasonOf(event) }).errorName

  async function balances() {
    const accounts: Address[] = [address.ana, address.eve, address.ben]
    return Promise.all(accounts.map((account) => balanceOf(world.evil, account)))
  }

  it('pays everyone', async () => {
    const { names } = await claimAll('none')
    assert.deepEqual(names, ['Claimed', 'Claimed', 'Claimed'])
    assert.deepEqual(await balances(), [usd(10), fortune + usd(5), fortune + usd(1)])
  })

  for (const [name, why] of [
    ['refuse', 'refuses'],
    ['returnFalse', 'refuses by returning false'],
    ['lie', 'does not pay'],
    ['taxReceiver', 'pays less'],
    ['taxSender', 'charges the escrow for'],
    ['burnGas', 'burns all gas for'],
    ['returnBomb', 'answers with a hundred thousand bytes for'],
  ] as const) {
    it(`passes over a payee the token ${why}, whose claim stays open`, async () => {
      const { names, header, payouts } = await claimAll(name)
      assert.deepEqual(names, ['Claimed', 'ClaimSkipped', 'Claimed'])
      assert.deepEqual(await balances(), [usd(10), fortune, fortune + usd(1)])
      assert.equal(await world.campaigns.read.claimed([campaign.id, address.eve]), 0n)
      assert.equal((await world.campaigns.read.campaigns([campaign.id])).claimedTotal, usd(11))

      await world.evil.write.setTrick([address.eve, trick.none])
      await world.campaigns.write.claim([campaign.terms, header, payouts.claim(address.eve)])
      assert.equal(await balanceOf(world.evil, address.eve), fortune + usd(5))
    })
  }

  it('bounds what one payee can cost', async () => {
    const { hash } = await claimAll('burnGas')
    assert.ok((await gasOf(hash)) < 900_000)
  })

  it('reverts rather than pass a payee over for want of gas', async () => {
    const { header, payouts } = await settleBatch(world, campaign, three)
    const args = [campaign.terms, header, payouts.claims] as const
    await reverts(world.campaigns.simulate.claimMany(args, { ...as('cleo'), gas: 520_000n }), 'NotEnoughGas')

    const gas = await world.campaigns.estimateGas.claimMany(args, as('cleo'))
    const events = await eventsOf(world.campaigns.write.claimMany(args, { ...as('cleo'), gas }))
    assert.deepEqual(
      events.map((event) => event.name),
      ['Claimed', 'Claimed', 'Claimed'],
    )
  })

  it('bounds the reason it reports', async () => {
    const { events } = await claimAll('returnBomb')
    assert.equal(size(reasonOf(events[1])), 256)
  })

  it('passes over a bad proof and a claim already paid, and says why', async () => {
    const { header, payouts } = await settleBatch(world, campaign, three)
    await world.campaigns.write.claim([campaign.terms, header, payouts.claim(address.ana)])
    const forged = { ...payouts.claim(address.eve), amount: usd(500) }
    const events = await eventsOf(
      world.campaigns.write.claimMany([
        campaign.terms,
        header,
        [payouts.claim(address.ana), forged, payouts.claim(address.ben)],
      ]),
    )
    assert.deepEqual(
      events.map((event) => event.name),
      ['ClaimSkipped', 'ClaimSkipped', 'Claimed'],
    )
    assert.deepEqual([errorOf(events[0]), errorOf(events[1])], ['NothingToClaim', 'NotInPayouts'])
  })

  it('pays a payee named twice once', async () => {
    const { header, payouts } = await settleBatch(world, campaign, three)
    const claim = payouts.claim(address.ana)
    const events = await eventsOf(world.campaigns.write.claimMany([campaign.terms, header, [claim, claim]]))
    assert.deepEqual(
      events.map((event) => event.name),
      ['Claimed', 'ClaimSkipped'],
    )
    assert.equal(await balanceOf(world.evil, address.ana), usd(10))
  })

  for (const functionName of ['claim', 'claimMany', 'collectFees', 'refund', 'topUp'] as const) {
    it(`does not let the token back in through ${functionName}`, async () => {
      const { header, payouts } = await settleBatch(world, campaign, three)
      const { id, terms } = campaign
      const eve = payouts.claim(address.eve)
      const abi = campaignsAbi
      const calls = {
        claim: encodeFunctionData({ abi, functionName: 'claim', args: [terms, header, eve] }),
        claimMany: encodeFunctionData({ abi, functionName: 'claimMany', args: [terms, header, [eve]] }),
        collectFees: encodeFunctionData({ abi, functionName: 'collectFees', args: [terms] }),
        refund: encodeFunctionData({ abi, functionName: 'refund', args: [terms] }),
        topUp: encodeFunctionData({ abi, functionName: 'topUp', args: [id, 1n, noPermit] }),
      }
      await world.evil.write.setReentry([world.campaigns.address, calls[functionName]])
      await world.evil.write.setTrick([address.eve, trick.reenter])
      await world.campaigns.write.claimMany([terms, header, [eve]])

      assert.equal(await world.evil.read.reentrySucceeded(), false)
      const data = await world.evil.read.reentryResult()
      assert.equal(decodeErrorResult({ abi: errorsAbi, data }).errorName, 'ReentrancyGuardReentrantCall')
      assert.equal(await balanceOf(world.evil, address.eve), fortune + usd(5))
    })
  }

  it('skips nobody silently: a header that is not final reverts', async () => {
    const { header, hash, payouts } = await proposeBatch(world, campaign, three)
    const call = world.campaigns.simulate.claimMany([campaign.terms, header, payouts.claims])
    await reverts(call, 'NotFinal', [campaign.id, hash])
  })

  it('keeps its attempts to itself', async () => {
    const { header, hash, payouts } = await settleBatch(world, campaign, three)
    const claim = payouts.claim(address.eve)
    const attempt = world.campaigns.simulate.attemptClaim(
      [campaign.id, world.evil.address, hash, header.payoutsRoot, claim],
      as('eve'),
    )
    await reverts(attempt, 'OnlySelf', [address.eve])
    const transfer = world.campaigns.simulate.attemptTransfer(
      [world.evil.address, address.eve, 1n],
      as('eve'),
    )
    await reverts(transfer, 'OnlySelf', [address.eve])
  })

  it('pays a hundred', async () => {
    const crowd = Array.from({ length: 100 }, (_, i) => {
      const account = padHex(toHex(i + 1_000), { size: 20 }) as Address
      return [account, usd(1)] as const
    })
    const { header, payouts } = await settleBatch(world, campaign, crowd)
    const hash = await world.campaigns.write.claimMany([campaign.terms, header, payouts.claims])
    assert.equal((await eventsOf(hash)).filter((event) => event.name === 'Claimed').length, 100)
    assert.ok((await gasOf(hash)) < 12_000_000)
  })
})
