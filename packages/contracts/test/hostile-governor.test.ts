/** What a governor can do at worst: every number at every bound, and still everyone gets out what is theirs. */
import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Address } from 'viem'
import {
  balanceOf,
  type Campaign,
  closeCampaign,
  openCampaign,
  proposeBatch,
  settleBatch,
} from './campaign.ts'
import {
  bond,
  type Court,
  challenge,
  commit,
  newDisputes,
  outcome,
  revealAll,
  vote,
  wealth,
} from './dispute.ts'
import { receiptOf } from './receipts.ts'
import { day, tag } from './staking.ts'
import { address, as, fortune, newWorld, time, usd, type World } from './world.ts'

/** The least and the most of every number, in an order that allows both. */
const bounds = [
  ['setProtocolFeeBps', 0, 500],
  ['setMaxOperatorFeeBps', 0, 1_500],
  ['setMaxChallengeWindow', 60n, 14n * day],
  ['setMinChallengeWindow', 10n, 7n * day],
  ['setOperatorBond', tag(100), tag(10_000_000)],
  ['setMinValidatorStake', tag(100), tag(10_000_000)],
  ['setDisputeBond', tag(100), tag(1_000_000)],
  ['setCommitTime', 60n, 7n * day],
  ['setRevealTime', 60n, 7n * day],
  ['setDisputeQuorumBps', 500, 5_000],
  ['setVoterSlashBps', 100, 2_000],
  ['setProposalThreshold', tag(100), tag(405_380_800)],
] as const

async function setAll({ parameters }: World, to: 'least' | 'most'): Promise<void> {
  for (const [setter, least, most] of bounds) {
    await parameters.write[setter as 'setOperatorBond']([(to === 'least' ? least : most) as bigint])
  }
  const times = [
    ['setStakeCooldown', 60n * day],
    ['setVotingDelay', to === 'least' ? 60n : 7n * day],
    ['setVotingPeriod', to === 'least' ? 60n : 14n * day],
    ['setStakeCooldown', to === 'least' ? 120n : 60n * day],
  ] as const
  for (const [setter, value] of times) await parameters.write[setter]([value])
}

for (const extreme of ['least', 'most'] as const) {
  describe(`a hostile governor that sets every number to its ${extreme}`, () => {
    it('has set every number there is', async () => {
      const { parameters } = await newWorld()
      const setters = parameters.abi
        .filter((item) => item.type === 'function' && item.name.startsWith('set'))
        .map((item) => (item as { name: string }).name)
      const tried = [...bounds.map(([setter]) => setter), 'setStakeCooldown', 'setVotingDelay']
      assert.deepEqual(setters.toSorted(), [...tried, 'setVotingPeriod', 'setTreasury'].toSorted())
    })

    describe('before a campaign ends', () => {
      let world: World
      let campaign: Campaign
      beforeEach(async () => {
        world = await newWorld()
        campaign = await openCampaign(world)
      })

      it('changes nothing about who gets what', async () => {
        const first = await settleBatch(world, campaign, [[address.ana, usd(100)]])
        const pending = await proposeBatch(world, campaign, [[address.ana, usd(200)]])
        await setAll(world, extreme)
        await time.increase(campaign.terms.challengeWindow)
        await world.campaigns.write.finalize([campaign.terms, pending.header])
        await world.campaigns.write.claim([first.named, first.payouts.claim(address.ana)])
        await closeCampaign(world, campaign, [[address.ana, usd(200)]])
        await world.campaigns.write.claim([pending.named, pending.payouts.claim(address.ana)])
        await world.campaigns.write.collectFees([campaign.terms])
        await world.campaigns.write.refund([campaign.terms])
        assert.equal(await balanceOf(world.testUsd, address.ana), usd(200))
        assert.equal(await balanceOf(world.testUsd, address.operator), fortune + usd(10))
        assert.equal(await balanceOf(world.testUsd, address.treasury), usd(5))
        assert.equal(await balanceOf(world.testUsd, address.requester), fortune - usd(215))
        assert.equal(await balanceOf(world.testUsd, world.campaigns.address), 0n)
      })

      it('leaves everyone their way out when the operator is gone, too', async () => {
        const batch = await settleBatch(world, campaign, [[address.ana, usd(100)]])
        const { receipt, signature } = await receiptOf(world, campaign, {
          account: address.ben,
          owedAtLeast: usd(0.1),
        })
        await setAll(world, extreme)
        await time.increaseTo(campaign.terms.deadline + campaign.terms.grace)
        const advance = () => world.campaigns.write.advance([campaign.terms, batch.header], as('eve'))
        await advance()
        await world.campaigns.write.registerReceipt([campaign.terms, receipt, signature, campaign.id])
        await time.increase(60n * day)
        await advance()
        await world.campaigns.write.claimReceipt([campaign.id, address.ben, address.ben])
        await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)])
        await world.campaigns.write.collectFees([campaign.terms])
        await world.campaigns.write.refund([campaign.terms])
        assert.equal(await balanceOf(world.testUsd, address.ben), fortune + usd(0.1))
        assert.equal(await balanceOf(world.testUsd, address.ana), usd(100))
        assert.equal(await balanceOf(world.testUsd, world.campaigns.address), 0n)
        assert.equal((await world.staking.read.stakes([address.operator])).bonded, 0n)
      })

      it('cannot keep others from their money by naming a treasury that takes none', async () => {
        const batch = await settleBatch(world, campaign, [[address.ana, usd(100)]])
        const traps: Address[] = [world.campaigns.address, world.testUsd.address, world.parameters.address]
        for (const treasury of traps) {
          await world.parameters.write.setTreasury([treasury])
          await world.campaigns.write.collectFees([campaign.terms]).catch(() => undefined)
        }
        await closeCampaign(world, campaign, [[address.ana, usd(100)]])
        await world.campaigns.write.claim([batch.named, batch.payouts.claim(address.ana)])
        await world.campaigns.write.refund([campaign.terms])
        assert.equal(await balanceOf(world.testUsd, address.ana), usd(100))
        assert.equal(await balanceOf(world.testUsd, address.operator), fortune + usd(5))
        assert.equal(await balanceOf(world.testUsd, address.requester), fortune - usd(107.5))
      })
    })

    describe('with stake and disputes under way', () => {
      let court: Court
      beforeEach(async () => {
        court = await newDisputes()
      })

      it('does not hold stake: it is out after the wait it started with', async () => {
        await court.staking.write.startCooling([tag(60_000)], as('ana'))
        await setAll(court.world, extreme)
        await time.increase(21n * day)
        await court.staking.write.withdraw(as('ana'))
        await court.staking.write.stopValidating([tag(40_000)], as('ana'))
        await court.staking.write.startCooling([tag(40_000)], as('ana'))
        await time.increase(60n * day)
        await court.staking.write.withdraw(as('ana'))
        assert.equal((await court.staking.read.stakes([address.ana])).staked, 0n)
      })

      it('does not change the rules of a dispute that has started', async () => {
        const id = await challenge(court)
        await commit(court, id, 'ana', false)
        await commit(court, id, 'ben', true)
        await setAll(court.world, extreme)
        await commit(court, id, 'cleo', false)
        await revealAll(court, id, { ana: false, ben: true, cleo: false })
        const { outcome: came, bond: stakes, slashBps } = await court.disputes.read.disputes([id])
        assert.deepEqual([came, stakes, slashBps], [outcome.void, bond, 500])
        for (const name of ['ana', 'ben', 'cleo'] as const) {
          await court.disputes.write.settle([id, address[name]])
          assert.equal((await court.staking.read.stakes([address[name]])).engaged, 0n)
        }
      })

      it('does not stop a dispute by naming a treasury that takes nothing', async () => {
        const id = await challenge(court)
        for (const treasury of [court.staking.address, court.disputes.address]) {
          await court.world.parameters.write.setTreasury([treasury])
        }
        await vote(court, id, { ana: true, ben: true, cleo: false })
        const before = await wealth(court, 'ana')
        await court.disputes.write.settle([id, address.cleo])
        await court.disputes.write.settle([id, address.ana])
        assert.equal((await wealth(court, 'ana')) - before, ((bond / 2n + tag(750)) * 4n) / 7n)
      })

      it('leaves a challenge within reach: its bond is a few millionths of all TAG at most', async () => {
        await setAll(court.world, extreme)
        const most = await court.world.parameters.read.disputeBond()
        assert.ok(most <= tag(1_000_000))
        await court.world.tagToken.write.transfer([address.eve, most])
        await court.world.tagToken.write.approve([court.disputes.address, most], as('eve'))
        await court.world.tagToken.write.approve([court.staking.address, 0n], as('eve'))
        const id = await challenge(court)
        assert.equal((await court.disputes.read.disputes([id])).bond, most)
      })
    })
  })
}
