import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { zeroHash } from 'viem'
import {
  balanceOf,
  type Campaign,
  closeCampaign,
  openCampaign,
  payoutsOf,
  proposeBatch,
  settleBatch,
} from '../campaign.ts'
import { address, as, eventsOf, fortune, newWorld, reverts, trick, usd, type World } from '../world.ts'

describe('claim', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
  })

  it('pays what the batch owes, at the hand of anyone', async () => {
    const { named, payouts } = await settleBatch(world, campaign, [
      [address.ana, usd(10)],
      [address.ben, usd(5)],
    ])
    const hash = await world.campaigns.write.claim([named, payouts.claim(address.ana)], as('eve'))
    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'Claimed',
        args: { id: campaign.id, account: address.ana, amount: usd(10) },
      },
    ])
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(10))
    assert.equal(await world.campaigns.read.claimed([campaign.id, address.ana]), usd(10))
    assert.equal((await world.campaigns.read.campaigns([campaign.id])).claimedTotal, usd(10))
  })

  it('pays only what is new in a later batch', async () => {
    const first = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    await world.campaigns.write.claim([first.named, first.payouts.claim(address.ana)])
    const second = await settleBatch(world, campaign, [[address.ana, usd(25)]])
    await world.campaigns.write.claim([second.named, second.payouts.claim(address.ana)])
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(25))
  })

  it('takes the header of any final batch, for ever', async () => {
    const first = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    await closeCampaign(world, campaign, [[address.ben, usd(10)]])
    await world.campaigns.write.refund([campaign.terms])
    await world.campaigns.write.claim([first.named, first.payouts.claim(address.ana)])
    assert.equal(await balanceOf(world.testUsd, address.ana), usd(10))
  })

  it('pays nothing more for an older batch', async () => {
    const first = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    const second = await settleBatch(world, campaign, [[address.ana, usd(25)]])
    await world.campaigns.write.claim([second.named, second.payouts.claim(address.ana)])
    const call = world.campaigns.simulate.claim([first.named, first.payouts.claim(address.ana)])
    await reverts(call, 'NothingToClaim', [address.ana, usd(10)])
  })

  it('reverts the second time', async () => {
    const { named, payouts } = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    await world.campaigns.write.claim([named, payouts.claim(address.ana)])
    const call = world.campaigns.simulate.claim([named, payouts.claim(address.ana)])
    await reverts(call, 'NothingToClaim', [address.ana, usd(10)])
  })

  it('reverts before the batch is final', async () => {
    const { named, hash, payouts } = await proposeBatch(world, campaign, [[address.ana, usd(10)]])
    const call = world.campaigns.simulate.claim([named, payouts.claim(address.ana)])
    await reverts(call, 'NotFinal', [campaign.id, hash])
  })

  it('reverts when the header is not what was final', async () => {
    const { named, payouts } = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    const forged = payoutsOf(campaign.id, [[address.eve, usd(1_000)]])
    const forgeries = [
      { ...named, root: forged.root },
      { ...named, batch: forged.root, root: forged.root },
      { ...named, index: 1n },
      { ...named, campaignId: forged.root },
    ]
    for (const forgery of forgeries) {
      const call = world.campaigns.simulate.claim([forgery, forged.claim(address.eve)])
      await reverts(call, 'NotFinal', [forgery.campaignId, forgery.batch])
    }
    assert.notEqual(forged.root, payouts.root)
  })

  it('reverts with a proof for another account, amount or campaign', async () => {
    const { named, hash, payouts } = await settleBatch(world, campaign, [
      [address.ana, usd(10)],
      [address.ben, usd(5)],
    ])
    const mine = payouts.claim(address.ana)
    const foreign = payoutsOf(zeroHash, [[address.ana, usd(10)]]).claim(address.ana)
    const forgeries = [
      { ...mine, account: address.eve },
      { ...mine, amount: usd(11) },
      { ...mine, proof: [] },
      { ...mine, proof: foreign.proof },
    ]
    for (const forgery of forgeries) {
      const call = world.campaigns.simulate.claim([named, forgery])
      await reverts(call, 'NotInPayouts', [hash, forgery.account, forgery.amount])
    }
  })

  it('reverts in the name of another campaign, whatever its token', async () => {
    const other = await openCampaign(world, { nonce: 1n, token: world.evil.address })
    const { named, payouts } = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    const elsewhere = { ...named, campaignId: other.id }
    const call = world.campaigns.simulate.claim([elsewhere, payouts.claim(address.ana)])
    await reverts(call, 'NotFinal')
  })

  it('never pays more than the payouts total, though the root promises more', async () => {
    const { named, payouts } = await settleBatch(
      world,
      campaign,
      [
        [address.ana, usd(10)],
        [address.ben, usd(10)],
      ],
      { payoutsTotal: usd(15) },
    )
    await world.campaigns.write.claim([named, payouts.claim(address.ana)])
    const call = world.campaigns.simulate.claim([named, payouts.claim(address.ben)])
    await reverts(call, 'ClaimsExceedTotal', [usd(5), usd(10)])
  })

  describe('with a hostile token', () => {
    async function tryClaim(name: keyof typeof trick) {
      const evil = await openCampaign(world, { token: world.evil.address })
      const { named, payouts } = await settleBatch(world, evil, [[address.ana, usd(10)]])
      await world.evil.write.setTrick([address.ana, trick[name]])
      return world.campaigns.simulate.claim([named, payouts.claim(address.ana)])
    }

    it('reverts when the token refuses the payee', async () => {
      await reverts(tryClaim('refuse'), 'Error', ['refused'])
    })

    it('reverts when the transfer returns false', async () => {
      await reverts(tryClaim('returnFalse'), 'SafeERC20FailedOperation')
    })

    it('reverts when nothing moves', async () => {
      await reverts(tryClaim('lie'), 'InexactTransfer')
    })

    it('reverts when the payee would get less', async () => {
      await reverts(tryClaim('taxReceiver'), 'InexactTransfer')
    })

    it('reverts when the escrow would pay more, which would be other campaigns’ money', async () => {
      await reverts(tryClaim('taxSender'), 'InexactTransfer')
    })

    it('pays when the transfer returns nothing', async () => {
      await tryClaim('returnNothing')
    })
  })
})

describe('claimTo', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
  })

  it('pays the account’s own claim elsewhere', async () => {
    const { named, payouts } = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    const hash = await world.campaigns.write.claimTo(
      [named, payouts.claim(address.ana), address.cleo],
      as('ana'),
    )
    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'ClaimRedirected',
        args: { id: campaign.id, account: address.ana, to: address.cleo },
      },
      {
        name: 'Claimed',
        args: { id: campaign.id, account: address.ana, amount: usd(10) },
      },
    ])
    assert.equal(await balanceOf(world.testUsd, address.cleo), fortune + usd(10))
  })

  it('is the way out for an account the token refuses', async () => {
    const evil = await openCampaign(world, { token: world.evil.address })
    const { named, payouts } = await settleBatch(world, evil, [[address.ana, usd(10)]])
    await world.evil.write.setTrick([address.ana, trick.refuse])
    await world.campaigns.write.claimTo([named, payouts.claim(address.ana), address.cleo], as('ana'))
    assert.equal(await balanceOf(world.evil, address.cleo), fortune + usd(10))
  })

  it('reverts for anyone but the account', async () => {
    const { named, payouts } = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    const call = world.campaigns.simulate.claimTo([named, payouts.claim(address.ana), address.eve], as('eve'))
    await reverts(call, 'NotAccount', [address.eve, address.ana])
  })

  it('reverts before the batch is final', async () => {
    const { named, payouts } = await proposeBatch(world, campaign, [[address.ana, usd(10)]])
    const call = world.campaigns.simulate.claimTo(
      [named, payouts.claim(address.ana), address.cleo],
      as('ana'),
    )
    await reverts(call, 'NotFinal')
  })

  it('reverts when it would pay the escrow itself', async () => {
    const { named, payouts } = await settleBatch(world, campaign, [[address.ana, usd(10)]])
    const call = world.campaigns.simulate.claimTo(
      [named, payouts.claim(address.ana), world.campaigns.address],
      as('ana'),
    )
    await reverts(call, 'InexactTransfer')
  })
})
