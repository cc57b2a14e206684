import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { parseEther } from 'viem'
import { type Batch, type Campaign, closeCampaign, openCampaign, proposeBatch } from '../campaign.ts'
import { vote } from '../dispute.ts'
import { anyHeader, receiptOf, recordsOf } from '../receipts.ts'
import { address, as, bond, newWorld, noPermit, reverts, time, usd, type World } from '../world.ts'

const day = 86_400n
/** Commit and reveal times a network starts with. */
const round = 3n * day

describe('a batch in dispute', () => {
  let world: World
  let campaign: Campaign
  let batch: Batch
  beforeEach(async () => {
    world = await newWorld()
    for (const name of ['ana', 'ben', 'eve'] as const) {
      await world.tagToken.write.transfer([address[name], parseEther('100000')])
      for (const spender of [world.staking.address, world.disputes.address])
        await world.tagToken.write.approve([spender, parseEther('100000')], as(name))
    }
    for (const name of ['ana', 'ben'] as const) {
      await world.staking.write.stake([parseEther('20000'), noPermit], as(name))
      await world.staking.write.startValidating([parseEther('20000')], as(name))
    }
    campaign = await openCampaign(world)
    batch = await proposeBatch(world, campaign, [[address.cleo, usd(1)]], {
      recordsRoot: recordsOf(campaign.id, [[address.cleo, 10n]]).root,
    })
  })

  const read = () => world.campaigns.read.campaigns([campaign.id])
  async function challenge(of = batch) {
    const call = [campaign.terms, of.header, 'item 3', noPermit] as const
    await world.disputes.write.challenge(call, as('eve'))
    const { proposedAt } = await read()
    return world.disputes.read.disputeId([campaign.id, of.hash, proposedAt])
  }
  /** Both validators vote, or nobody in two rounds. */
  async function resolve(id: `0x${string}`, isValid: boolean | null): Promise<unknown> {
    if (isValid !== null) return await vote(world, id, { ana: isValid, ben: isValid })
    await vote(world, id, {})
    await vote(world, id, {})
  }

  it('cannot become final, be taken back, or be disputed twice', async () => {
    await challenge()
    assert.equal((await read()).dispute, 1)
    await time.increase(campaign.terms.challengeWindow)
    const { terms } = campaign
    await reverts(world.campaigns.simulate.finalize([terms, batch.header]), 'WindowOpen')
    await reverts(world.campaigns.simulate.advance([terms, batch.header]), 'NothingToAdvance')
    const withdraw = world.campaigns.simulate.withdrawBatch([terms, batch.header], as('operator'))
    await reverts(withdraw, 'InDispute', [campaign.id, batch.hash])
  })

  it('goes on with the rest of its window when it is upheld', async () => {
    const { proposedAt } = await read()
    await time.setNextBlockTimestamp(proposedAt + 20n)
    const id = await challenge()
    await resolve(id, true)
    const { disputedTime, dispute } = await read()
    assert.deepEqual([disputedTime, dispute], [round, 2])
    await reverts(world.campaigns.simulate.finalize([campaign.terms, batch.header]), 'WindowOpen', [
      proposedAt + 60n + round,
    ])
    await time.increaseTo(proposedAt + 60n + round)
    await world.campaigns.write.finalize([campaign.terms, batch.header])
    assert.equal((await read()).isBonded, true)
  })

  it('is dropped with the operator’s bond when it is void', async () => {
    const id = await challenge()
    await resolve(id, false)
    const { pending, isBonded, contests } = await read()
    assert.deepEqual([pending, isBonded, contests], [`0x${'0'.repeat(48)}`, false, 0n])
    assert.equal((await world.staking.read.stakes([address.operator])).bonded, 0n)
    assert.equal(await world.staking.read.credits([address.requester]), 0n)
    assert.equal(await world.staking.read.credits([address.treasury]), bond / 2n)
  })

  it('is dropped without a slash when nobody votes', async () => {
    const id = await challenge()
    await resolve(id, null)
    const { proposedAt, isBonded } = await read()
    assert.deepEqual([proposedAt, isBonded], [0n, true])
    await proposeBatch(world, campaign, [[address.cleo, usd(1)]])
  })

  it('may be proposed again, and disputed again', async () => {
    await resolve(await challenge(), null)
    await world.campaigns.write.propose([campaign.terms, batch.header, batch.previousRoot], as('operator'))
    await challenge()
    assert.equal((await read()).dispute, 1)
  })

  it('can be contested and answered meanwhile: windows and answers wait with it', async () => {
    const id = await challenge()
    await time.increase(2n * campaign.terms.challengeWindow)
    const { receipt, signature } = await receiptOf(world, campaign, {
      account: address.cleo,
      issuedAt: batch.header.cutAt,
    })
    await world.campaigns.write.contest([campaign.terms, batch.header, receipt, signature])
    const tooSoon = world.campaigns.simulate.voidBatch([campaign.terms, batch.header, address.cleo])
    await reverts(tooSoon, 'AnswerDue')
    await resolve(id, true)
    const chain = recordsOf(campaign.id, [[address.cleo, 10n]]).chain(address.cleo)
    await world.campaigns.write.answer([
      campaign.terms,
      batch.header,
      chain,
      batch.payouts.claim(address.cleo),
    ])
    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.finalize([campaign.terms, batch.header])
  })

  it('puts off silence by as long as it took', async () => {
    const silentFrom = campaign.terms.deadline + campaign.terms.grace
    await resolve(await challenge(), false)
    await time.increaseTo(silentFrom + round - 5n)
    const next = await proposeBatch(world, campaign, [[address.cleo, usd(1)]])
    await world.campaigns.write.withdrawBatch([campaign.terms, next.header], as('operator'))
    await time.increaseTo(silentFrom + round)
    const late = world.campaigns.simulate.propose(
      [campaign.terms, next.header, next.previousRoot],
      as('operator'),
    )
    await reverts(late, 'SilenceDue', [silentFrom + round])
    await world.campaigns.write.advance([campaign.terms, anyHeader(campaign.id)])
    assert.equal((await read()).status, 3)
  })

  it('gives back the time of a batch that was dropped without a verdict', async () => {
    const silentFrom = campaign.terms.deadline + campaign.terms.grace
    await world.campaigns.write.close([campaign.terms], as('requester'))
    await world.campaigns.write.withdrawBatch([campaign.terms, batch.header], as('operator'))
    await time.increaseTo(silentFrom - 5n)
    const closing = await proposeBatch(world, campaign, [[address.cleo, usd(1)]], { closing: true })
    await time.increase(campaign.terms.challengeWindow - 5n)
    await resolve(await challenge(closing), null)
    await proposeBatch(world, campaign, [[address.cleo, usd(1)]], { closing: true })
    assert.equal((await read()).isBonded, true)
  })

  it('begins inside the window of the very batch that is pending', async () => {
    await time.increase(campaign.terms.challengeWindow)
    const late = [campaign.terms, batch.header, '', noPermit] as const
    await reverts(world.disputes.simulate.challenge(late, as('eve')), 'WindowPassed', [
      campaign.id,
      batch.hash,
    ])
    const other = { ...batch.header, state: campaign.id }
    const foreign = [campaign.terms, other, '', noPermit] as const
    await reverts(world.disputes.simulate.challenge(foreign, as('eve')), 'NotPending')
  })

  it('is a matter of the contract for disputes alone', async () => {
    const begin = world.campaigns.simulate.beginDispute([campaign.terms, batch.header], as('owner'))
    await reverts(begin, 'NotDisputes', [address.owner])
    const end = [campaign.id, batch.hash, true, address.eve] as const
    await reverts(world.campaigns.simulate.endDispute(end, as('operator')), 'NotDisputes', [address.operator])
    await reverts(
      world.campaigns.simulate.endDispute(end, { account: world.disputes.address }),
      'NotDisputed',
      [campaign.id],
    )
    await challenge()
    const again = world.campaigns.simulate.beginDispute([campaign.terms, batch.header], {
      account: world.disputes.address,
    })
    await reverts(again, 'AlreadyDisputed', [campaign.id, batch.hash])
  })

  it('does not keep a bond once the campaign is closed', async () => {
    await resolve(await challenge(), true)
    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.finalize([campaign.terms, batch.header])
    await closeCampaign(world, campaign, [[address.cleo, usd(1)]])
    assert.equal((await world.staking.read.stakes([address.operator])).bonded, 0n)
  })
})
