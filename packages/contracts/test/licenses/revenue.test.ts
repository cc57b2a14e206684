import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { encodeFunctionData } from 'viem'
import { licensesAbi } from '../../abi/index.ts'
import { type Batch, balanceOf, type Campaign, openCampaign, settleBatch } from '../campaign.ts'
import {
  createOffer,
  mintPassport,
  newVersion,
  type Offer,
  sell,
  shareArguments,
  type Version,
  versionHashOf,
} from '../passport.ts'
import { address, as, eventsOf, fortune, newWorld, reverts, trick, usd, type World } from '../world.ts'

describe('claimShare', () => {
  let world: World
  let campaign: Campaign
  let batch: Batch
  let passportId: bigint
  let offer: Offer
  let version: Version
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { contributorsBps: 4_000 })
    batch = await settleBatch(world, campaign, [
      [address.ana, usd(30)],
      [address.cleo, usd(10)],
    ])
    version = newVersion([{ campaign, batch }])
    passportId = await mintPassport(world, [{ campaign, batch }])
    offer = await createOffer(world, passportId, { token: world.evil.address })
  })

  const argumentsOf = (account: `0x${string}`) =>
    shareArguments({ token: world.evil.address, passportId, version, batch, account })
  const claimShare = (account: `0x${string}`) =>
    world.licenses.write.claimShare(argumentsOf(account), as('eve'))
  const tryShare = (account: `0x${string}`) => world.licenses.simulate.claimShare(argumentsOf(account))

  it('pays everyone their part of the pool, at the hand of anyone', async () => {
    await sell(world, offer)
    const hash = claimShare(address.ana)
    // 40 % of 97.5, of which Ana did three quarters.
    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'ShareClaimed',
        args: {
          passportId,
          batch: batch.hash,
          account: address.ana,
          version: 1n,
          token: world.evil.address,
          amount: usd(29.25),
        },
      },
    ])
    await claimShare(address.cleo)
    assert.equal(await balanceOf(world.evil, address.ana), usd(29.25))
    assert.equal(await balanceOf(world.evil, address.cleo), fortune + usd(9.75))
    const sold = [passportId, 1n, world.evil.address] as const
    assert.equal(await world.licenses.read.pool(sold), usd(39))
    assert.equal(await world.licenses.read.sourceClaimed([...sold, batch.hash]), usd(39))
    assert.equal(await world.licenses.read.shareClaimed([...sold, batch.hash, address.ana]), usd(29.25))
  })

  it('shares between sources by weight and by what each campaign promised', async () => {
    const other = await openCampaign(world, { nonce: 1n, contributorsBps: 10_000 })
    const second = await settleBatch(world, other, [[address.ana, usd(1)]])
    const origins = [
      { campaign, batch, weight: 7_500 },
      { campaign: other, batch: second, weight: 2_500 },
    ]
    const id = await mintPassport(world, origins)
    await sell(world, await createOffer(world, id))
    const both = { token: world.testUsd.address, passportId: id, version: newVersion(origins) }
    // 97.5: 30 % to the first, three quarters of it Ana's; 25 % to the second, all of it hers.
    for (const source of [batch, second])
      await world.licenses.write.claimShare(shareArguments({ ...both, batch: source, account: address.ana }))
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(21.9375) + usd(24.375))
  })

  it('keeps for each version what its own sales brought', async () => {
    await sell(world, offer)
    const later = await settleBatch(world, campaign, [[address.cleo, usd(80)]])
    const next = newVersion([{ campaign, batch: later }])
    const proofs = [{ terms: campaign.terms, header: later.header }]
    await world.passports.write.addVersion([passportId, version, next, proofs], as('requester'))
    await sell(world, offer)
    await claimShare(address.ana)
    assert.equal(await balanceOf(world.evil, address.ana), usd(29.25))
    const sold = { token: world.evil.address, passportId, number: 2n, version: next, batch: later }
    await world.licenses.write.claimShare(shareArguments({ ...sold, account: address.cleo }))
    assert.equal(await balanceOf(world.evil, address.cleo), fortune + usd(39))
  })

  it('pays what later sales add', async () => {
    await sell(world, offer)
    await claimShare(address.ana)
    await sell(world, offer)
    await claimShare(address.ana)
    assert.equal(await balanceOf(world.evil, address.ana), usd(58.5))
  })

  it('leaves nothing behind once everyone is paid', async () => {
    await sell(world, offer)
    await claimShare(address.ana)
    await claimShare(address.cleo)
    await world.licenses.write.withdraw([world.evil.address, address.requester])
    await world.licenses.write.withdraw([world.evil.address, address.treasury])
    assert.equal(await balanceOf(world.evil, world.licenses.address), 0n)
  })

  it('reverts before anything is sold', async () => {
    await reverts(tryShare(address.ana), 'NothingToClaim', [address.ana, usd(30)])
  })

  it('reverts the second time', async () => {
    await sell(world, offer)
    await claimShare(address.ana)
    await reverts(tryShare(address.ana), 'NothingToClaim', [address.ana, usd(30)])
  })

  it('reverts with a proof for somebody else', async () => {
    await sell(world, offer)
    const forged = { ...batch.payouts.claim(address.ana), account: address.eve }
    const [token, id, number, shown, header] = argumentsOf(address.ana)
    const call = world.licenses.simulate.claimShare([token, id, number, shown, header, forged])
    await reverts(call, 'NotInPayouts', [batch.hash, address.eve, usd(30)])
  })

  it('reverts with a batch that is not a source', async () => {
    await sell(world, offer)
    const later = await settleBatch(world, campaign, [[address.eve, usd(50)]])
    const sold = { token: world.evil.address, passportId, version, batch: later, account: address.eve }
    const call = world.licenses.simulate.claimShare(shareArguments(sold))
    await reverts(call, 'NothingToClaim', [address.eve, usd(50)])
  })

  it('reverts with a version that is not the one sold under its number', async () => {
    await sell(world, offer)
    const greedy = { ...version, sources: [{ ...version.sources[0]!, contributorsBps: 10_000 }] }
    const sold = { token: world.evil.address, passportId, version: greedy, batch, account: address.ana }
    await reverts(world.licenses.simulate.claimShare(shareArguments(sold)), 'WrongVersion', [
      versionHashOf(version),
      versionHashOf(greedy),
    ])
    const call = world.licenses.simulate.claimShare(shareArguments({ ...sold, number: 2n, version }))
    await reverts(call, 'UnknownVersion', [passportId, 2n])
  })

  it('never pays more than the pool, though the root promises more', async () => {
    const other = await openCampaign(world, { nonce: 1n, contributorsBps: 10_000 })
    const lying = await settleBatch(
      world,
      other,
      [
        [address.ana, usd(10)],
        [address.cleo, usd(10)],
      ],
      { payoutsTotal: usd(15) },
    )
    const origins = [{ campaign: other, batch: lying }]
    const id = await mintPassport(world, origins)
    await sell(world, await createOffer(world, id))
    const sold = { token: world.testUsd.address, passportId: id, version: newVersion(origins), batch: lying }
    await world.licenses.write.claimShare(shareArguments({ ...sold, account: address.ana }))
    const call = world.licenses.simulate.claimShare(shareArguments({ ...sold, account: address.cleo }))
    await reverts(call, 'ClaimsExceedTotal', [usd(97.5), usd(130)])
  })

  it('stays open when the token refuses the payee', async () => {
    await sell(world, offer)
    await world.evil.write.setTrick([address.ana, trick.refuse])
    await reverts(tryShare(address.ana), 'Error', ['refused'])
    await claimShare(address.cleo)
    await world.evil.write.setTrick([address.ana, trick.none])
    await claimShare(address.ana)
    assert.equal(await balanceOf(world.evil, address.ana), usd(29.25))
  })

  it('does not let the token back in', async () => {
    await sell(world, offer)
    const data = encodeFunctionData({
      abi: licensesAbi,
      functionName: 'claimShare',
      args: argumentsOf(address.ana),
    })
    await world.evil.write.setReentry([world.licenses.address, data])
    await world.evil.write.setTrick([address.ana, trick.reenter])
    await claimShare(address.ana)
    assert.equal(await world.evil.read.reentrySucceeded(), false)
    assert.equal(await balanceOf(world.evil, address.ana), usd(29.25))
  })
})

describe('withdraw', () => {
  let world: World
  beforeEach(async () => {
    world = await newWorld()
    const offer = await createOffer(world, await mintPassport(world, []), { token: world.evil.address })
    await sell(world, offer)
  })

  it('pays a balance out, at the hand of anyone', async () => {
    const hash = world.licenses.write.withdraw([world.evil.address, address.requester], as('eve'))
    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'Withdrawn',
        args: { token: world.evil.address, account: address.requester, amount: usd(97.5) },
      },
    ])
    assert.equal(await balanceOf(world.evil, address.requester), fortune + usd(97.5))
  })

  it('reverts when there is nothing', async () => {
    await reverts(world.licenses.simulate.withdraw([world.evil.address, address.eve]), 'NothingToWithdraw', [
      world.evil.address,
      address.eve,
    ])
  })

  it('keeps the balance when the token refuses', async () => {
    await world.evil.write.setTrick([address.requester, trick.refuse])
    const call = world.licenses.simulate.withdraw([world.evil.address, address.requester])
    await reverts(call, 'Error', ['refused'])
    await world.licenses.write.withdraw([world.evil.address, address.treasury])
    assert.equal(await balanceOf(world.evil, address.treasury), usd(2.5))
    assert.equal(await world.licenses.read.balances([world.evil.address, address.requester]), usd(97.5))
  })
})
