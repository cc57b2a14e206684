import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Hex, keccak256 } from 'viem'
import {
  bond,
  type Court,
  challenge,
  commit,
  endCommit,
  endReveal,
  type Name,
  newDisputes,
  operatorBond,
  outcome,
  reveal,
  vote,
  wealth,
} from '../dispute.ts'
import { tag } from '../staking.ts'
import { address, as, eventsOf, reverts } from '../world.ts'

describe('payments of disputes', () => {
  let court: Court
  let id: Hex
  beforeEach(async () => {
    court = await newDisputes()
    id = await challenge(court)
  })

  const settle = (name: Name) => court.disputes.write.settle([id, address[name]], as('requester'))
  const stakeOf = (name: Name) => court.staking.read.stakes([address[name]])
  const gain = async (name: Name | 'treasury', story: () => Promise<unknown>) => {
    const before = await wealth(court, name)
    await story()
    return (await wealth(court, name)) - before
  }

  describe('settle', () => {
    it('releases the majority’s stake and pays it pro rata, by anyone', async () => {
      await vote(court, id, { ana: true, ben: true })
      const half = bond / 2n
      assert.deepEqual(await eventsOf(settle('ana')), [
        { name: 'VoteSettled', args: { id, voter: address.ana, slashed: 0n } },
        {
          name: 'Unlocked',
          args: { account: address.ana, locker: court.disputes.address, amount: tag(2_000) },
        },
        { name: 'RewardPaid', args: { id, voter: address.ana, amount: (half * 4n) / 7n } },
      ])
      assert.equal(await gain('ben', () => settle('ben')), (half * 3n) / 7n)
      assert.equal((await stakeOf('ana')).engaged, 0n)
      // What rounding leaves stays.
      assert.equal((await court.disputes.read.disputes([id])).pool, half)
      const held = await court.world.tagToken.read.balanceOf([court.disputes.address])
      assert.equal(held, bond - (half * 4n) / 7n - (half * 3n) / 7n)
    })

    it('slashes a minority below one third, and pays the majority half of it', async () => {
      // 30 000 of 100 000 are on the losing side.
      await vote(court, id, { ana: true, ben: true, cleo: false })
      const share = (pool: bigint) => (pool * 4n) / 7n
      assert.equal(await gain('ana', () => settle('ana')), share(bond / 2n))
      assert.equal(await gain('treasury', () => settle('cleo')), tag(750))
      assert.equal((await stakeOf('cleo')).validating, tag(28_500))
      assert.equal(await gain('ana', () => settle('ana')), share(bond / 2n + tag(750)) - share(bond / 2n))
    })

    it('spares a minority of a third or more', async () => {
      await vote(court, id, { ana: true, ben: false })
      assert.equal(await gain('ben', () => settle('ben')), 0n)
      assert.deepEqual([(await stakeOf('ben')).staked, (await stakeOf('ben')).engaged], [tag(100_000), 0n])
    })

    it('spares a minority of exactly a third', async () => {
      await court.staking.write.stopValidating([tag(10_000)], as('ana'))
      await court.staking.write.startValidating([tag(30_000)], as('ben'))
      await vote(court, id, { ana: false })
      id = await challenge(court)
      // 60 000 against 30 000.
      await vote(court, id, { ben: true, ana: false })
      assert.equal(await gain('ana', () => settle('ana')), 0n)
    })

    it('makes not revealing cost at least what losing does, whatever comes out', async () => {
      await vote(court, id, { ana: true, ben: false, cleo: null })
      assert.equal(await gain('cleo', () => settle('cleo')), -tag(1_500))
      assert.equal(await gain('ben', () => settle('ben')), 0n)

      id = await challenge(court)
      await vote(court, id, { cleo: null })
      await vote(court, id, {})
      assert.equal((await court.disputes.read.disputes([id])).outcome, outcome.undecided)
      // A twentieth of the 28 500 that were left. Nobody voted, so all of it is the treasury's.
      assert.equal(await gain('treasury', () => settle('cleo')), tag(1_425))
      assert.equal((await court.disputes.read.disputes([id])).pool, 0n)
    })

    it('pays those who voted to void a batch from the operator’s slash', async () => {
      await vote(court, id, { ana: false, ben: false, cleo: true })
      assert.equal(await gain('ana', () => settle('ana')), ((operatorBond / 4n) * 4n) / 7n)
      assert.equal(await gain('cleo', () => settle('cleo')), -tag(1_500))
    })

    it('pays everyone who voted when too few did, and slashes none of them', async () => {
      await vote(court, id, { ana: false })
      await court.world.parameters.write.setDisputeQuorumBps([5_000])
      id = await challenge(court)
      await vote(court, id, {})
      await vote(court, id, { ben: true })
      assert.equal(await gain('ben', () => settle('ben')), bond / 2n)
      assert.equal((await stakeOf('ben')).engaged, 0n)
    })

    it('is not hindered by someone who fetched the slash first', async () => {
      await vote(court, id, { ana: true, cleo: null })
      await settle('cleo')
      await reverts(court.staking.simulate.collect([court.disputes.address]), 'NothingToWithdraw')
      assert.equal(await gain('ana', () => settle('ana')), bond / 2n + tag(750))
    })

    it('gives nothing to the requester, the operator or the challenger who lost', async () => {
      await vote(court, id, { ana: true, ben: true, cleo: false })
      const parties = ['requester', 'operator', 'eve'] as const
      const before = await Promise.all(parties.map((name) => wealth(court, name)))
      for (const voter of ['ana', 'ben', 'cleo'] as const) await settle(voter)
      assert.deepEqual(await Promise.all(parties.map((name) => wealth(court, name))), before)
    })

    it('reverts before the votes are counted', async () => {
      await commit(court, id, 'ana', true)
      await endCommit(court, id)
      await reverts(court.disputes.simulate.settle([id, address.ana]), 'NotResolved', [id])
      await reveal(court, id, 'ana', true)
      await endReveal(court, id)
      await court.disputes.write.resolve([id])
      await settle('ana')
    })

    it('reverts for those who did not vote', async () => {
      await vote(court, id, { ana: true })
      await reverts(court.disputes.simulate.settle([id, address.ben]), 'NoVote', [id, address.ben])
      const none = keccak256('0x77')
      await reverts(court.disputes.simulate.settle([none, address.ben]), 'NotResolved', [none])
    })

    it('reverts when there is no more to do', async () => {
      await vote(court, id, { ana: true })
      await settle('ana')
      await reverts(court.disputes.simulate.settle([id, address.ana]), 'NothingToSettle', [id, address.ana])
    })
  })

  describe('collect', () => {
    it('pays what bonds have credited, by anyone', async () => {
      await vote(court, id, { ana: false })
      const amount = bond + operatorBond / 4n
      assert.deepEqual(await eventsOf(court.disputes.write.collect([address.eve], as('ben'))), [
        { name: 'CreditPaid', args: { account: address.eve, amount } },
      ])
      assert.equal(await court.disputes.read.credits([address.eve]), 0n)
    })

    it('reverts for those who have nothing', async () => {
      const call = court.disputes.simulate.collect([address.ben])
      await reverts(call, 'NothingToWithdraw', [court.world.tagToken.address, address.ben])
    })
  })
})
