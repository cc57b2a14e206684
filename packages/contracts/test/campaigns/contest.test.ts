import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Hex, hashTypedData, hexToNumber, numberToHex, size, sliceHex } from 'viem'
import { type Batch, type Campaign, openCampaign, payoutsOf, proposeBatch, settleBatch } from '../campaign.ts'
import { noAmount, noChain, receiptOf, recordsOf, type SignedReceipt } from '../receipts.ts'
import { address, as, bond, eventsOf, newWorld, people, reverts, time, usd, type World } from '../world.ts'

const window = 60n
const worth = 100_000n

describe('contests', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world)
  })

  const counts = (ana: bigint) =>
    recordsOf(campaign.id, [
      [address.ana, ana],
      [address.ben, 5n],
    ])

  /** A pending batch that holds this many of Ana's records and this much of her pay. */
  async function pendingBatch({ records = 10n, pay = worth, closing = false } = {}) {
    if (closing) await world.campaigns.write.close([campaign.terms], as('requester'))
    return proposeBatch(
      world,
      campaign,
      [
        [address.ana, pay],
        [address.ben, 1n],
      ],
      { recordsRoot: counts(records).root, closing },
    )
  }

  const contest = ({ header }: Batch, { receipt, signature }: SignedReceipt) =>
    world.campaigns.write.contest([campaign.terms, header, receipt, signature], as('eve'))
  const tryContest = ({ header }: Batch, { receipt, signature }: SignedReceipt, terms = campaign.terms) =>
    world.campaigns.simulate.contest([terms, header, receipt, signature], as('eve'))
  const read = () => world.campaigns.read.campaigns([campaign.id])

  /** A receipt issued when the batch was cut. */
  const receiptIn = (batch: Batch, changes: Parameters<typeof receiptOf>[2] = {}) =>
    receiptOf(world, campaign, { issuedAt: batch.header.cutAt, ...changes })

  describe('contest', () => {
    it('shows a receipt and asks for a chain as long', async () => {
      const batch = await pendingBatch()
      const hash = await contest(batch, await receiptIn(batch))
      assert.deepEqual(await eventsOf(hash), [
        {
          name: 'BatchContested',
          args: { id: campaign.id, batch: batch.hash, account: address.ana, count: 10n, amount: 0n },
        },
      ])
      assert.equal((await read()).contests, 1n)
      const { count, amount, isAnswered } = await world.campaigns.read.contests([batch.hash, address.ana])
      assert.deepEqual([count, amount, isAnswered], [10n, 0n, false])
    })

    it('asks a closing batch for the amount too', async () => {
      const batch = await pendingBatch({ closing: true })
      await contest(batch, await receiptIn(batch))
      const { amount } = await world.campaigns.read.contests([batch.hash, address.ana])
      assert.equal(amount, worth)
    })

    it('holds a closing batch to receipts issued after its cut: no later batch would hold them', async () => {
      const open = await pendingBatch()
      const late = { issuedAt: open.header.cutAt + 1n }
      const refused = tryContest(open, await receiptOf(world, campaign, late))
      await reverts(refused, 'ReceiptTooLate', [open.header.cutAt, late.issuedAt])
      await world.campaigns.write.withdrawBatch([campaign.terms, open.header], as('operator'))

      const closing = await pendingBatch({ closing: true })
      const { proposedAt } = await read()
      await contest(closing, await receiptOf(world, campaign, { issuedAt: proposedAt }))
      const later = await receiptOf(world, campaign, { account: address.ben, issuedAt: proposedAt + 1n })
      await reverts(tryContest(closing, later), 'ReceiptTooLate', [proposedAt, proposedAt + 1n])
    })

    it('cannot be escaped by a promise that fits no escrow', async () => {
      const batch = await pendingBatch({ closing: true })
      await contest(batch, await receiptIn(batch, { owedAtLeast: 2n ** 256n - 1n }))
      const { amount } = await world.campaigns.read.contests([batch.hash, address.ana])
      assert.equal(amount, 2n ** 96n - 1n)
    })

    it('hashes receipts as the protocol does', async () => {
      const { receipt } = await receiptOf(world, campaign)
      const digest = hashTypedData({
        domain: {
          name: 'Tagger',
          version: '1',
          chainId: 31_337,
          verifyingContract: world.campaigns.address,
        },
        types: {
          WorkReceipt: [
            { name: 'campaignId', type: 'bytes32' },
            { name: 'account', type: 'address' },
            { name: 'link', type: 'bytes32' },
            { name: 'count', type: 'uint64' },
            { name: 'owedAtLeast', type: 'uint256' },
            { name: 'issuedAt', type: 'uint64' },
          ],
        },
        primaryType: 'WorkReceipt',
        message: receipt,
      })
      assert.equal(await world.campaigns.read.receiptDigest([receipt]), digest)
    })

    it('takes a signature as verify does, with v as 0 or 1', async () => {
      const batch = await pendingBatch()
      const { receipt, signature } = await receiptIn(batch)
      const v = numberToHex(hexToNumber(sliceHex(signature, 64)) - 27, { size: 1 })
      const short = `${sliceHex(signature, 0, 64)}${v.slice(2)}` as Hex
      assert.equal(size(short), 65)
      await tryContest(batch, { receipt, signature: short })
    })

    it('reverts with a receipt somebody else signed, or nobody', async () => {
      const batch = await pendingBatch()
      const forged = await receiptOf(world, campaign, { issuedAt: batch.header.cutAt }, people.eve)
      await reverts(tryContest(batch, forged), 'InvalidReceipt', [
        address.ana,
        address.receiptKey,
        address.eve,
      ])
      const own = await receiptIn(batch)
      for (const signature of ['0x', sliceHex(own.signature, 0, 64)] as const)
        await reverts(tryContest(batch, { ...own, signature }), 'InvalidReceipt')
      await reverts(tryContest(batch, { ...own, receipt: { ...own.receipt, count: 11n } }), 'InvalidReceipt')
    })

    it('reverts with a receipt of another campaign', async () => {
      const batch = await pendingBatch()
      const other = await openCampaign(world, { nonce: 1n })
      const foreign = await receiptOf(world, other, { issuedAt: 1n })
      await reverts(tryContest(batch, foreign), 'WrongCampaign', [campaign.id, other.id])
      await reverts(tryContest(batch, foreign, other.terms), 'WrongCampaign', [other.id, campaign.id])
    })

    it('is possible within the window, to the second', async () => {
      const batch = await pendingBatch()
      const own = await receiptIn(batch)
      const { proposedAt } = await read()
      await time.increaseTo(proposedAt + window - 1n)
      await world.campaigns.simulate.contest([campaign.terms, batch.header, own.receipt, own.signature], {
        ...as('eve'),
        blockTag: 'latest',
      })
      await time.increase(1n)
      await reverts(tryContest(batch, own), 'WindowPassed', [campaign.id, batch.hash])
    })

    it('reverts when nothing is pending', async () => {
      const batch = await settleBatch(world, campaign, [[address.ana, worth]])
      await reverts(tryContest(batch, await receiptIn(batch)), 'NotPending', [campaign.id, batch.hash])
    })

    it('is refused when it shows no more than was shown, answered or not', async () => {
      const batch = await pendingBatch()
      await contest(batch, await receiptIn(batch))
      for (const count of [9n, 10n]) {
        const again = await receiptIn(batch, { count })
        await reverts(tryContest(batch, again), 'AlreadyContested', [batch.hash, address.ana])
      }
      await answer(batch)
      const again = await receiptIn(batch, { count: 9n })
      await reverts(tryContest(batch, again), 'AlreadyContested', [batch.hash, address.ana])
    })

    it('asks for more when it shows more: an operator cannot forestall it with a receipt of little', async () => {
      const batch = await pendingBatch({ records: 9n })
      await contest(batch, await receiptIn(batch, { count: 0n, owedAtLeast: 0n }))
      await answer(batch, 9n)
      assert.equal((await read()).contests, 0n)
      assert.deepEqual(await eventsOf(contest(batch, await receiptIn(batch))), [
        {
          name: 'BatchContested',
          args: { id: campaign.id, batch: batch.hash, account: address.ana, count: 10n, amount: 0n },
        },
      ])
      assert.equal((await read()).contests, 1n)
      await contest(batch, await receiptIn(batch, { count: 11n }))
      assert.equal((await read()).contests, 1n)
      await time.increase(2n * window)
      await world.campaigns.write.voidBatch([campaign.terms, batch.header, address.ana])
    })

    it('adds to a contest by an amount: one answer shows all that was shown', async () => {
      const earlier = await settleBatch(world, campaign, [[address.ana, worth]])
      const batch = await pendingBatch({ pay: worth + 5n })
      const amount = earlier.payouts.claim(address.ana)
      await contest(batch, await receiptIn(batch))
      await world.campaigns.write.contestAmount([campaign.terms, batch.header, earlier.named, amount])
      assert.equal((await read()).contests, 1n)
      const shown = await world.campaigns.read.contests([batch.hash, address.ana])
      assert.deepEqual([shown.count, shown.amount], [10n, worth])
      await answer(batch, 10n, batch.payouts.claim(address.ana))
      assert.equal((await read()).contests, 0n)
    })
  })

  describe('contestChain', () => {
    const args = (batch: Batch, earlier: Batch, ana = 10n) =>
      [campaign.terms, batch.header, earlier.header, counts(ana).chain(address.ana)] as const
    const settled = () => settleBatch(world, campaign, [], { recordsRoot: counts(10n).root })

    it('shows a chain of an earlier final batch', async () => {
      const earlier = await settled()
      const batch = await pendingBatch({ records: 9n })
      const hash = await world.campaigns.write.contestChain(args(batch, earlier), as('eve'))
      assert.deepEqual(await eventsOf(hash), [
        {
          name: 'BatchContested',
          args: { id: campaign.id, batch: batch.hash, account: address.ana, count: 10n, amount: 0n },
        },
      ])
    })

    it('reverts when that batch is not final, or does not hold the chain', async () => {
      const earlier = await settled()
      const batch = await pendingBatch()
      await reverts(world.campaigns.simulate.contestChain(args(batch, batch)), 'NotFinal', [
        campaign.id,
        batch.hash,
      ])
      await reverts(world.campaigns.simulate.contestChain(args(batch, earlier, 11n)), 'NotInRecords', [
        earlier.hash,
        address.ana,
        11n,
      ])
    })

    it('reverts after the window', async () => {
      const earlier = await settled()
      const batch = await pendingBatch()
      await time.increase(window)
      await reverts(world.campaigns.simulate.contestChain(args(batch, earlier)), 'WindowPassed')
    })
  })

  describe('contestAmount', () => {
    it('shows an amount of an earlier final batch', async () => {
      const earlier = await settleBatch(world, campaign, [[address.ana, worth]])
      const batch = await pendingBatch({ pay: worth + 5n })
      const hash = await world.campaigns.write.contestAmount(
        [campaign.terms, batch.header, earlier.named, earlier.payouts.claim(address.ana)],
        as('eve'),
      )
      assert.deepEqual(await eventsOf(hash), [
        {
          name: 'BatchContested',
          args: { id: campaign.id, batch: batch.hash, account: address.ana, count: 0n, amount: worth },
        },
      ])
    })

    it('reverts when that batch is not final, or does not hold the amount', async () => {
      const earlier = await settleBatch(world, campaign, [[address.ana, worth]])
      const batch = await pendingBatch({ pay: worth + 5n })
      const own = batch.payouts.claim(address.ana)
      const call = world.campaigns.simulate.contestAmount([campaign.terms, batch.header, batch.named, own])
      await reverts(call, 'NotFinal', [campaign.id, batch.hash])
      const more = { ...earlier.payouts.claim(address.ana), amount: worth + 1n }
      const forged = world.campaigns.simulate.contestAmount([
        campaign.terms,
        batch.header,
        earlier.named,
        more,
      ])
      await reverts(forged, 'NotInPayouts', [earlier.hash, address.ana, worth + 1n])
    })
  })

  const answer = (batch: Batch, records = 10n, amount = noAmount as typeof noAmount | object) =>
    world.campaigns.write.answer(
      [campaign.terms, batch.header, counts(records).chain(address.ana), amount as typeof noAmount],
      as('cleo'),
    )

  describe('answer', () => {
    const tryAnswer = (batch: Batch, chain: ReturnType<typeof noChain>, amount = noAmount) =>
      world.campaigns.simulate.answer([campaign.terms, batch.header, chain, amount as never], as('operator'))

    it('shows a chain as long, at the hand of anyone', async () => {
      const batch = await pendingBatch()
      await contest(batch, await receiptIn(batch))
      assert.deepEqual(await eventsOf(answer(batch)), [
        { name: 'ContestAnswered', args: { id: campaign.id, batch: batch.hash, account: address.ana } },
      ])
      assert.equal((await read()).contests, 0n)
      await time.increase(window)
      await world.campaigns.write.finalize([campaign.terms, batch.header])
    })

    it('shows the amount too when the batch is closing', async () => {
      const batch = await pendingBatch({ closing: true })
      await contest(batch, await receiptIn(batch))
      await answer(batch, 10n, batch.payouts.claim(address.ana))
      assert.equal((await read()).contests, 0n)
    })

    it('shows the amount alone when the contest did', async () => {
      const earlier = await settleBatch(world, campaign, [[address.ana, worth]])
      const batch = await pendingBatch({ pay: worth })
      await world.campaigns.write.contestAmount([
        campaign.terms,
        batch.header,
        earlier.named,
        earlier.payouts.claim(address.ana),
      ])
      await world.campaigns.write.answer([
        campaign.terms,
        batch.header,
        noChain(address.ana),
        batch.payouts.claim(address.ana),
      ])
      assert.equal((await read()).contests, 0n)
    })

    it('needs no line of the payouts for a receipt that promises nothing', async () => {
      const batch = await pendingBatch({ closing: true })
      await contest(batch, await receiptIn(batch, { owedAtLeast: 0n }))
      await answer(batch)
      assert.equal((await read()).contests, 0n)
    })

    it('reverts when it shows less', async () => {
      const batch = await pendingBatch({ records: 9n, pay: worth - 1n, closing: true })
      await contest(batch, await receiptIn(batch))
      const records = counts(9n)
      await reverts(tryAnswer(batch, records.chain(address.ana)), 'AnswerTooLow', [10n, 9n])
      const longer = { ...records.chain(address.ana), count: 10n }
      await reverts(tryAnswer(batch, longer), 'NotInRecords', [batch.hash, address.ana, 10n])
    })

    it('reverts when the amount is less, forged, or somebody else’s', async () => {
      const batch = await pendingBatch({ pay: worth - 1n, closing: true })
      await contest(batch, await receiptIn(batch))
      const chain = counts(10n).chain(address.ana)
      const own = batch.payouts.claim(address.ana)
      await reverts(tryAnswer(batch, chain, own as never), 'AnswerTooLow', [worth, worth - 1n])
      const forged = { ...own, amount: worth }
      await reverts(tryAnswer(batch, chain, forged as never), 'NotInPayouts')
      const foreign = payoutsOf(campaign.id, [[address.ben, worth]]).claim(address.ben)
      await reverts(tryAnswer(batch, chain, foreign as never), 'NotAccount', [address.ben, address.ana])
    })

    it('reverts without a contest, and the second time', async () => {
      const batch = await pendingBatch()
      const chain = counts(10n).chain(address.ana)
      await reverts(tryAnswer(batch, chain), 'NotContested', [batch.hash, address.ana])
      await contest(batch, await receiptIn(batch))
      await answer(batch)
      await reverts(tryAnswer(batch, chain), 'NotContested', [batch.hash, address.ana])
    })

    it('has a whole window after the last contest, and no more', async () => {
      const batch = await pendingBatch()
      await contest(batch, await receiptIn(batch))
      const { proposedAt } = await read()
      await time.setNextBlockTimestamp(proposedAt + 2n * window - 1n)
      await answer(batch)
      const other = await receiptOf(world, campaign, { account: address.ben })
      await reverts(tryContest(batch, other), 'WindowPassed')
    })

    it('reverts when it is late', async () => {
      const batch = await pendingBatch()
      await contest(batch, await receiptIn(batch))
      await time.increase(2n * window)
      const chain = counts(10n).chain(address.ana)
      await reverts(tryAnswer(batch, chain), 'AnswerLate', [campaign.id, batch.hash])
    })
  })

  describe('voidBatch', () => {
    const tryVoid = (batch: Batch, account = address.ana) =>
      world.campaigns.simulate.voidBatch([campaign.terms, batch.header, account], as('cleo'))
    const contested = async () => {
      const batch = await pendingBatch({ records: 9n })
      await contest(batch, await receiptIn(batch))
      return batch
    }

    it('drops a batch whose contest nobody answered, and the operator’s bond with it', async () => {
      const batch = await contested()
      await time.increase(2n * window)
      const before = await world.staking.read.stakes([address.operator])
      const hash = await world.campaigns.write.voidBatch(
        [campaign.terms, batch.header, address.ana],
        as('cleo'),
      )
      assert.deepEqual((await eventsOf(hash)).slice(0, 2), [
        { name: 'BatchVoid', args: { id: campaign.id, batch: batch.hash } },
        {
          name: 'BondSlashed',
          args: { id: campaign.id, operator: address.operator, amount: bond, beneficiary: address.ana },
        },
      ])
      const after = await world.staking.read.stakes([address.operator])
      assert.deepEqual([before.staked - after.staked, before.bonded - after.bonded], [bond, bond])
      assert.equal(await world.staking.read.credits([address.ana]), bond / 2n)
      assert.equal(await world.staking.read.credits([address.treasury]), bond / 2n)
      assert.equal(await world.campaigns.read.statusOf([batch.header]), 0)
      assert.equal((await read()).isBonded, false)
    })

    it('gives nothing to the requester', async () => {
      const batch = await pendingBatch()
      await contest(batch, await receiptIn(batch, { account: address.requester }))
      await time.increase(2n * window)
      await world.campaigns.write.voidBatch([campaign.terms, batch.header, address.requester])
      assert.equal(await world.staking.read.credits([address.requester]), 0n)
      assert.equal(await world.staking.read.credits([address.treasury]), bond)
    })

    it('lets the operator go on with another batch, and another bond', async () => {
      const batch = await contested()
      await time.increase(2n * window)
      await world.campaigns.write.voidBatch([campaign.terms, batch.header, address.ana])
      const next = await pendingBatch({ records: 10n })
      assert.equal((await read()).isBonded, true)
      await time.increase(window)
      await world.campaigns.write.finalize([campaign.terms, next.header])
    })

    it('waits a whole window after the challenge window, to the second', async () => {
      const batch = await contested()
      const { proposedAt } = await read()
      await time.increaseTo(proposedAt + 2n * window - 2n)
      await reverts(tryVoid(batch), 'AnswerDue', [campaign.id, batch.hash])
      await time.increase(2n)
      await tryVoid(batch)
    })

    it('reverts without a contest, or when it was answered', async () => {
      const batch = await pendingBatch()
      await contest(batch, await receiptIn(batch))
      await answer(batch)
      await time.increase(2n * window)
      await reverts(tryVoid(batch), 'NotContested', [batch.hash, address.ana])
      await reverts(tryVoid(batch, address.ben), 'NotContested', [batch.hash, address.ben])
    })

    it('leaves a batch that is proposed again open to be contested anew', async () => {
      const batch = await contested()
      await time.increase(2n * window)
      await world.campaigns.write.voidBatch([campaign.terms, batch.header, address.ana])
      await world.campaigns.write.propose([campaign.terms, batch.header, batch.previousRoot], as('operator'))
      assert.equal((await read()).contests, 0n)
      await reverts(tryVoid(batch), 'NotContested')
      await contest(batch, await receiptIn(batch))
      assert.equal((await read()).contests, 1n)
    })
  })

  it('keep a batch from becoming final, by any way', async () => {
    const batch = await pendingBatch()
    await contest(batch, await receiptIn(batch))
    await time.increase(window)
    await reverts(world.campaigns.simulate.finalize([campaign.terms, batch.header]), 'ContestsOpen', [
      batch.hash,
      1n,
    ])
    await reverts(world.campaigns.simulate.advance([campaign.terms, batch.header]), 'NothingToAdvance')
  })

  it('keep the operator from taking the batch back', async () => {
    const batch = await pendingBatch()
    await contest(batch, await receiptIn(batch))
    const call = world.campaigns.simulate.withdrawBatch([campaign.terms, batch.header], as('operator'))
    await reverts(call, 'ContestsOpen', [batch.hash, 1n])
  })

  it('cannot stall a campaign: however many there are, two windows decide', async () => {
    const batch = await proposeBatch(world, campaign, [[address.ana, usd(1)]], {
      recordsRoot: recordsOf(campaign.id, [
        [address.ana, 10n],
        [address.ben, 10n],
        [address.cleo, 10n],
      ]).root,
    })
    const { proposedAt } = await read()
    await time.increaseTo(proposedAt + window - 4n)
    for (const account of [address.ana, address.ben, address.cleo])
      await contest(batch, await receiptIn(batch, { account }))
    await time.increaseTo(proposedAt + 2n * window)
    await world.campaigns.write.voidBatch([campaign.terms, batch.header, address.ben])
    await proposeBatch(world, campaign, [[address.ana, usd(1)]])
  })
})
