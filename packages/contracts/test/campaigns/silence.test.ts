import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import {
  balanceOf,
  type Campaign,
  closeCampaign,
  noPermit,
  openCampaign,
  proposeBatch,
  settleBatch,
} from '../campaign.ts'
import { anyHeader, receiptOf } from '../receipts.ts'
import {
  address,
  as,
  bond,
  eventsOf,
  fortune,
  newWorld,
  reverts,
  time,
  trick,
  usd,
  type World,
} from '../world.ts'

/** Floor pay is a cent: a receipt of ten records is worth ten cents at most above what was claimed. */
const floor = usd(0.01)

describe('a silent campaign', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { funds: usd(100) })
  })

  const read = (id = campaign.id) => world.campaigns.read.campaigns([id])
  const advance = ({ id, terms } = campaign) =>
    world.campaigns.write.advance([terms, anyHeader(id)], as('eve'))
  const silentFrom = () => campaign.terms.deadline + campaign.terms.grace
  const registerTime = () => campaign.terms.grace + campaign.terms.challengeWindow
  const checkTime = () => campaign.terms.challengeWindow

  async function fallSilent(of = campaign) {
    await time.increaseTo(of.terms.deadline + of.terms.grace)
    await advance(of)
  }

  type Changes = Parameters<typeof receiptOf>[2]
  async function register(changes: Changes = {}, of = campaign) {
    const { receipt, signature } = await receiptOf(world, of, changes)
    return world.campaigns.write.registerReceipt([of.terms, receipt, signature, of.id], as('cleo'))
  }
  async function tryRegister(changes: Changes = {}) {
    const { receipt, signature } = await receiptOf(world, campaign, changes)
    return world.campaigns.simulate.registerReceipt([campaign.terms, receipt, signature, campaign.id])
  }
  /** Ten records' floor pay, as an honest receipt says. */
  const ten = { count: 10n, owedAtLeast: 10n * floor }

  async function letChecksPass(of = campaign) {
    await time.increase(registerTime() + checkTime())
    await advance(of)
  }
  const claim = (account: keyof typeof address) =>
    world.campaigns.write.claimReceipt([campaign.id, address[account], address[account]], as('eve'))
  const account = (name: keyof typeof address) => world.campaigns.read.accounts([campaign.id, address[name]])

  describe('falls silent', () => {
    it('at deadline and grace, to the second, and costs the operator its bond', async () => {
      await time.increaseTo(silentFrom() - 2n)
      await advance()
      assert.equal((await read()).status, 2)
      await time.setNextBlockTimestamp(silentFrom())
      const until = silentFrom() + registerTime()
      assert.deepEqual((await eventsOf(advance())).slice(0, 2), [
        {
          name: 'CampaignSilent',
          args: { id: campaign.id, registerUntil: until, checkUntil: until + checkTime() },
        },
        {
          name: 'BondSlashed',
          args: {
            id: campaign.id,
            operator: address.operator,
            amount: bond,
            beneficiary: `0x${'0'.repeat(40)}`,
          },
        },
      ])
      assert.equal((await read()).status, 3)
      assert.equal(await world.staking.read.credits([address.treasury]), bond)
    })

    it('not before a pending batch is decided, which pays if it becomes final', async () => {
      await time.increaseTo(silentFrom() - 10n)
      const batch = await proposeBatch(world, campaign, [[address.ana, usd(1)]])
      await time.increaseTo(silentFrom() + 1n)
      await advance()
      assert.equal((await read()).status, 2)
      await time.increase(campaign.terms.challengeWindow)
      const events = await eventsOf(world.campaigns.write.advance([campaign.terms, batch.header]))
      assert.deepEqual(
        events.slice(0, 3).map(({ name }) => name),
        ['BatchFinal', 'CampaignSilent', 'BondSlashed'],
      )
      await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)])
      assert.equal(await balanceOf(world.testUsd, address.ana), usd(1))
    })

    it('never with a closing batch pending, however late', async () => {
      await world.campaigns.write.close([campaign.terms], as('requester'))
      await time.increaseTo(silentFrom() - 10n)
      const batch = await proposeBatch(world, campaign, [], { closing: true })
      await time.increaseTo(silentFrom() + 1_000n)
      await world.campaigns.write.advance([campaign.terms, batch.header])
      const { status, isBonded } = await read()
      assert.deepEqual([status, isBonded], [4, false])
      assert.equal((await world.staking.read.stakes([address.operator])).bonded, 0n)
    })

    it('when its closing batch is void', async () => {
      await world.campaigns.write.close([campaign.terms], as('requester'))
      await time.increaseTo(silentFrom() - 10n)
      const batch = await proposeBatch(world, campaign, [], { closing: true })
      const { receipt, signature } = await receiptOf(world, campaign, { issuedAt: 1n })
      await world.campaigns.write.contest([campaign.terms, batch.header, receipt, signature])
      await time.increase(2n * campaign.terms.challengeWindow)
      await world.campaigns.write.voidBatch([campaign.terms, batch.header, address.ana])
      await advance()
      assert.equal((await read()).status, 3)
    })

    it('for good: nothing is opened, funded, closed or proposed any more', async () => {
      await fallSilent()
      const { terms, id } = campaign
      for (const call of [
        world.campaigns.simulate.topUp([terms, 1n, noPermit], as('requester')),
        world.campaigns.simulate.close([terms], as('requester')),
        world.campaigns.simulate.propose([terms, anyHeader(id), id], as('operator')),
        world.campaigns.simulate.refund([terms], as('requester')),
      ])
        await reverts(call, 'WrongStatus', [id, 3])
    })
  })

  describe('register', () => {
    beforeEach(async () => {
      await fallSilent()
    })

    it('takes a receipt from anyone, for anyone', async () => {
      const hash = await register(ten)
      const { receipt } = await receiptOf(world, campaign)
      assert.deepEqual(await eventsOf(hash), [
        {
          name: 'ReceiptRegistered',
          args: {
            id: campaign.id,
            account: address.ana,
            worth: usd(0.1),
            link: receipt.link,
            count: 10n,
            evidence: campaign.id,
          },
        },
      ])
      assert.equal((await read()).receiptsDue, usd(0.1))
      assert.deepEqual(await account('ana'), { claimed: 0n, receipt: usd(0.1), receiptStatus: 1 })
    })

    it('counts no receipt for more than the floor of every record', async () => {
      await register({ count: 10n, owedAtLeast: usd(1_000) })
      assert.equal((await read()).receiptsDue, usd(0.1))
      await register({ account: address.ben, count: 2n ** 64n - 1n, owedAtLeast: 2n ** 256n - 1n })
      assert.equal((await account('ben')).receipt, (2n ** 64n - 1n) * floor)
    })

    it('counts a receipt for no more than it says', async () => {
      await register({ count: 1_000n, owedAtLeast: 7n })
      assert.equal((await read()).receiptsDue, 7n)
    })

    it('replaces a receipt by one that is worth more, and by no other', async () => {
      await register(ten)
      await reverts(tryRegister(ten), 'NotWorthMore', [address.ana, usd(0.1), usd(0.1)])
      await reverts(tryRegister({ count: 9n, owedAtLeast: usd(0.09) }), 'NotWorthMore')
      await register({ count: 12n, owedAtLeast: usd(0.12) })
      assert.equal((await read()).receiptsDue, usd(0.12))
    })

    it('reverts with a receipt of another campaign or another key', async () => {
      const other = await openCampaign(world, { nonce: 1n })
      await reverts(tryRegister({ campaignId: other.id }), 'WrongCampaign', [campaign.id, other.id])
      const { receipt, signature } = await receiptOf(world, campaign, ten)
      const forged = { ...receipt, account: address.eve }
      const call = world.campaigns.simulate.registerReceipt([campaign.terms, forged, signature, campaign.id])
      await reverts(call, 'InvalidReceipt')
    })

    it('ends a window after as long as the operator had, to the second', async () => {
      const until = BigInt((await read()).silentAt) + registerTime()
      await time.increaseTo(until - 2n)
      await tryRegister(ten)
      await time.increaseTo(until)
      await reverts(tryRegister(ten), 'RegisterOver', [until])
    })
  })

  it('register: reverts while the campaign is not silent', async () => {
    await reverts(tryRegister(ten), 'WrongStatus', [campaign.id, 1])
    await closeCampaign(world, campaign, [])
    await reverts(tryRegister(ten), 'WrongStatus', [campaign.id, 4])
  })

  describe('check', () => {
    it('takes a higher receipt of a registered account, and no new account', async () => {
      await fallSilent()
      await register(ten)
      await time.increase(registerTime())
      await reverts(tryRegister({ ...ten, account: address.ben }), 'RegisterOver')
      await register({ count: 11n, owedAtLeast: usd(0.11) })
      assert.equal((await read()).receiptsDue, usd(0.11))
      await time.increase(checkTime())
      await reverts(tryRegister({ count: 12n, owedAtLeast: usd(0.12) }), 'RegisterOver')
    })

    it('takes off a receipt what a final batch pays: anyone claims it for the account', async () => {
      const batch = await settleBatch(world, campaign, [[address.ana, usd(0.08)]])
      await fallSilent()
      await register(ten)
      assert.equal((await read()).receiptsDue, usd(0.1))
      const claimed = world.campaigns.write.claim(
        [batch.named, batch.payouts.claim(address.ana)],
        as('requester'),
      )
      assert.deepEqual((await eventsOf(claimed))[0], {
        name: 'ReceiptReduced',
        args: { id: campaign.id, account: address.ana, less: usd(0.08), freed: 0n },
      })
      assert.equal((await read()).receiptsDue, usd(0.02))
    })

    it('takes nothing more off a receipt that claims have covered', async () => {
      const first = await settleBatch(world, campaign, [[address.ana, usd(0.25)]])
      const second = await settleBatch(world, campaign, [[address.ana, usd(0.3)]])
      await fallSilent()
      await register(ten)
      await register({ ...ten, account: address.ben })
      for (const batch of [first, second])
        await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)])
      assert.equal((await read()).receiptsDue, usd(0.1))
      assert.equal(await balanceOf(world.testUsd, address.ana), usd(0.3))
      await letChecksPass()
      await claim('ben')
      const nothing = world.campaigns.simulate.claimReceipt([campaign.id, address.ana, address.ana])
      await reverts(nothing, 'NothingToClaim')
    })

    it('knows what was claimed before', async () => {
      const batch = await settleBatch(world, campaign, [[address.ana, usd(3)]])
      await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)])
      await fallSilent()
      await reverts(tryRegister({ count: 300n, owedAtLeast: usd(3) }), 'NotWorthMore', [
        address.ana,
        usd(3),
        usd(3),
      ])
      await register({ count: 300n, owedAtLeast: usd(3.05) })
      assert.equal((await read()).receiptsDue, usd(0.05))
    })

    it('closes when it is over, to the second', async () => {
      await fallSilent()
      await register(ten)
      const until = BigInt((await read()).silentAt) + registerTime() + checkTime()
      await time.increaseTo(until - 2n)
      await reverts(
        world.campaigns.simulate.advance([campaign.terms, anyHeader(campaign.id)]),
        'NothingToAdvance',
        [campaign.id],
      )
      await time.setNextBlockTimestamp(until)
      assert.deepEqual(await eventsOf(advance()), [
        {
          name: 'CampaignClosed',
          args: { id: campaign.id, receiptsDue: usd(0.1), receiptsTotal: usd(0.1) },
        },
      ])
      assert.equal((await read()).status, 4)
    })
  })

  describe('pay', () => {
    it('pays a receipt above what was claimed, at the hand of anyone, once', async () => {
      await fallSilent()
      await register(ten)
      await letChecksPass()
      assert.deepEqual(await eventsOf(claim('ana')), [
        {
          name: 'ReceiptPaid',
          args: { id: campaign.id, account: address.ana, to: address.ana, amount: usd(0.1) },
        },
      ])
      assert.equal(await balanceOf(world.testUsd, address.ana), usd(0.1))
      const again = world.campaigns.simulate.claimReceipt([campaign.id, address.ana, address.ana])
      await reverts(again, 'NothingToClaim')
    })

    it('takes no fees', async () => {
      await fallSilent()
      await register(ten)
      await letChecksPass()
      await claim('ana')
      await reverts(world.campaigns.simulate.collectFees([campaign.terms]), 'NothingToCollect')
    })

    it('pays the same part to everyone when funds do not suffice, and leaves nothing behind', async () => {
      const poor = await openCampaign(world, { funds: 1_000n, nonce: 1n })
      await fallSilent(poor)
      for (const [name, count] of [
        ['ana', 10n],
        ['ben', 20n],
        ['cleo', 37n],
      ] as const)
        await register({ account: address[name], count, owedAtLeast: count * floor }, poor)
      await letChecksPass(poor)
      const before = await balanceOf(world.testUsd, address.ben)
      for (const name of ['ana', 'ben', 'cleo'] as const)
        await world.campaigns.write.claimReceipt([poor.id, address[name], address[name]])
      assert.equal(await balanceOf(world.testUsd, address.ana), 149n)
      assert.equal((await balanceOf(world.testUsd, address.ben)) - before, 298n)
      const { receiptsPool, receiptsDue } = await read(poor.id)
      assert.deepEqual([receiptsPool, receiptsDue], [0n, 0n])
      await reverts(world.campaigns.simulate.refund([poor.terms]), 'NothingToRefund')
    })

    it('goes elsewhere at the word of the account, and of nobody else', async () => {
      await fallSilent()
      await register(ten)
      await letChecksPass()
      const elsewhere = [campaign.id, address.ana, address.cleo] as const
      await reverts(world.campaigns.simulate.claimReceipt(elsewhere, as('eve')), 'NotAccount', [
        address.eve,
        address.ana,
      ])
      await world.campaigns.write.claimReceipt(elsewhere, as('ana'))
      assert.equal(await balanceOf(world.testUsd, address.cleo), fortune + usd(0.1))
    })

    it('reverts until receipts are checked', async () => {
      await fallSilent()
      await register(ten)
      const call = world.campaigns.simulate.claimReceipt([campaign.id, address.ana, address.ana])
      await reverts(call, 'WrongStatus', [campaign.id, 3])
    })

    it('reverts for an account without a receipt', async () => {
      await fallSilent()
      await letChecksPass()
      const call = world.campaigns.simulate.claimReceipt([campaign.id, address.ana, address.ana])
      await reverts(call, 'NothingToClaim', [address.ana, 0n])
    })

    it('is never twice: a claim after it pays only what the receipt did not', async () => {
      const batch = await settleBatch(world, campaign, [[address.ana, usd(0.25)]])
      await fallSilent()
      await register(ten)
      await letChecksPass()
      await claim('ana')
      const hash = world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)])
      assert.deepEqual((await eventsOf(hash))[0], {
        name: 'ReceiptOffset',
        args: { id: campaign.id, account: address.ana, amount: usd(0.1) },
      })
      assert.equal(await balanceOf(world.testUsd, address.ana), usd(0.25))
      await world.campaigns.write.collectFees([campaign.terms])
      await world.campaigns.write.refund([campaign.terms])
      assert.equal(await balanceOf(world.testUsd, world.campaigns.address), 0n)
    })

    it('is never twice: a claim before it takes its part off', async () => {
      const batch = await settleBatch(world, campaign, [[address.ana, usd(0.04)]])
      await fallSilent()
      await register(ten)
      await letChecksPass()
      await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)])
      await claim('ana')
      assert.equal(await balanceOf(world.testUsd, address.ana), usd(0.1))
      await world.campaigns.write.collectFees([campaign.terms])
      await world.campaigns.write.refund([campaign.terms])
      assert.equal(await balanceOf(world.testUsd, world.campaigns.address), 0n)
    })

    it('waits for an account the token refuses, and blocks nobody else', async () => {
      const evil = await openCampaign(world, { token: world.evil.address, funds: usd(1) })
      await fallSilent(evil)
      await register({ ...ten, account: address.eve }, evil)
      await register(ten, evil)
      await letChecksPass(evil)
      await world.evil.write.setTrick([address.eve, trick.refuse])
      const refused = world.campaigns.simulate.claimReceipt([evil.id, address.eve, address.eve])
      await reverts(refused, 'Error', ['refused'])
      await world.campaigns.write.claimReceipt([evil.id, address.ana, address.ana])
      await world.campaigns.write.refund([evil.terms])
      await world.evil.write.setTrick([address.eve, trick.none])
      await world.campaigns.write.claimReceipt([evil.id, address.eve, address.eve])
      assert.equal(await balanceOf(world.evil, world.campaigns.address), 0n)
    })
  })

  describe('refund', () => {
    it('gives the rest back, and nothing of what receipts and batches are owed', async () => {
      const batch = await settleBatch(world, campaign, [[address.ben, usd(10)]])
      await fallSilent()
      await register(ten)
      await letChecksPass()
      await world.campaigns.write.refund([campaign.terms], as('eve'))
      const fees = usd(0.75)
      const owed = usd(10) + fees + usd(0.1)
      assert.equal(await balanceOf(world.testUsd, world.campaigns.address), owed)
      await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ben)])
      await claim('ana')
      await world.campaigns.write.collectFees([campaign.terms])
      assert.equal(await balanceOf(world.testUsd, world.campaigns.address), 0n)
    })

    it('gives everything back when nobody registered', async () => {
      await fallSilent()
      await letChecksPass()
      await world.campaigns.write.refund([campaign.terms])
      assert.equal(await balanceOf(world.testUsd, address.requester), fortune)
    })
  })
})
