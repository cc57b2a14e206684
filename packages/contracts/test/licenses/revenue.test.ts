import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { encodeFunctionData } from 'viem'
import { licensesAbi } from '../../abi/index.ts'
import { type Batch, balanceOf, type Campaign, openCampaign, settleBatch } from '../campaign.ts'
import { buy, createOffer, deliver, mintPassport, type Offer } from '../passport.ts'
import { address, as, eventsOf, fortune, newWorld, reverts, trick, usd, type World } from '../world.ts'

describe('claimShare', () => {
  let world: World
  let campaign: Campaign
  let batch: Batch
  let passportId: bigint
  let offer: Offer
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { contributorsBps: 4_000 })
    batch = await settleBatch(world, campaign, [
      [address.ana, usd(30)],
      [address.cleo, usd(10)],
    ])
    passportId = await mintPassport(world, [{ campaign, batch }])
    offer = await createOffer(world, passportId, { token: world.evil.address })
  })

  const sell = async () => deliver(world, await buy(world, offer))
  const claimShare = (account: `0x${string}`) =>
    world.licenses.write.claimShare(
      [world.evil.address, passportId, batch.header, batch.payouts.claim(account)],
      as('eve'),
    )
  const tryShare = (account: `0x${string}`) =>
    world.licenses.simulate.claimShare([
      world.evil.address,
      passportId,
      batch.header,
      batch.payouts.claim(account),
    ])

  it('pays everyone their part of the pool, at the hand of anyone', async () => {
    await sell()
    const hash = claimShare(address.ana)
    // 40 % of 97.5, of which Ana did three quarters.
    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'ShareClaimed',
        args: {
          passportId,
          batch: batch.hash,
          account: address.ana,
          token: world.evil.address,
          amount: usd(29.25),
        },
      },
    ])
    await claimShare(address.cleo)
    assert.equal(await balanceOf(world.evil, address.ana), usd(29.25))
    assert.equal(await balanceOf(world.evil, address.cleo), fortune + usd(9.75))
    const key = [passportId, batch.hash, world.evil.address] as const
    assert.equal(await world.licenses.read.pool(key), usd(39))
    assert.equal(await world.licenses.read.poolClaimed(key), usd(39))
    assert.equal(await world.licenses.read.shareClaimed([...key, address.ana]), usd(29.25))
  })

  it('pays what later sales add', async () => {
    await sell()
    await claimShare(address.ana)
    await sell()
    await claimShare(address.ana)
    assert.equal(await balanceOf(world.evil, address.ana), usd(58.5))
  })

  it('leaves nothing behind once everyone is paid', async () => {
    await sell()
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
    await sell()
    await claimShare(address.ana)
    await reverts(tryShare(address.ana), 'NothingToClaim', [address.ana, usd(30)])
  })

  it('reverts with a proof for somebody else', async () => {
    await sell()
    const forged = { ...batch.payouts.claim(address.ana), account: address.eve }
    const call = world.licenses.simulate.claimShare([world.evil.address, passportId, batch.header, forged])
    await reverts(call, 'NotInPayouts', [batch.hash, address.eve, usd(30)])
  })

  it('reverts with a batch that is not a source', async () => {
    await sell()
    const later = await settleBatch(world, campaign, [[address.eve, usd(50)]])
    const call = world.licenses.simulate.claimShare([
      world.evil.address,
      passportId,
      later.header,
      later.payouts.claim(address.eve),
    ])
    await reverts(call, 'NothingToClaim', [address.eve, usd(50)])
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
    const id = await mintPassport(world, [{ campaign: other, batch: lying }])
    const priced = await createOffer(world, id)
    await deliver(world, await buy(world, priced))
    const argumentsOf = (account: `0x${string}`) =>
      [world.testUsd.address, id, lying.header, lying.payouts.claim(account)] as const
    await world.licenses.write.claimShare(argumentsOf(address.ana))
    await reverts(world.licenses.simulate.claimShare(argumentsOf(address.cleo)), 'ClaimsExceedTotal', [
      usd(97.5),
      usd(130),
    ])
  })

  it('stays open when the token refuses the payee', async () => {
    await sell()
    await world.evil.write.setTrick([address.ana, trick.refuse])
    await reverts(tryShare(address.ana), 'Error', ['refused'])
    await claimShare(address.cleo)
    await world.evil.write.setTrick([address.ana, trick.none])
    await claimShare(address.ana)
    assert.equal(await balanceOf(world.evil, address.ana), usd(29.25))
  })

  it('does not let the token back in', async () => {
    await sell()
    const data = encodeFunctionData({
      abi: licensesAbi,
      functionName: 'claimShare',
      args: [world.evil.address, passportId, batch.header, batch.payouts.claim(address.ana)],
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
    await deliver(world, await buy(world, offer))
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
