import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Hex, keccak256 } from 'viem'
import {
  type Court,
  challenge,
  commit,
  commitmentOf,
  endCommit,
  endReveal,
  newDisputes,
  reveal,
  vote,
} from '../dispute.ts'
import { tag } from '../staking.ts'
import { address, as, eventsOf, reverts, time } from '../world.ts'

describe('voting', () => {
  let court: Court
  let id: Hex
  beforeEach(async () => {
    court = await newDisputes()
    id = await challenge(court)
  })

  const tryCommit = (name: keyof typeof address) =>
    court.disputes.simulate.commitVote([id, keccak256('0x')], as(name as 'ana'))
  const tryReveal = (name: 'ana' | 'ben', isValid: boolean, salt = keccak256('0x00')) =>
    court.disputes.simulate.revealVote([id, isValid, salt], as(name))

  describe('commitVote', () => {
    it('locks what the vote may cost, rounded up', async () => {
      const commitment = commitmentOf(id, 'ana', false)
      const hash = court.disputes.write.commitVote([id, commitment], as('ana'))
      const atRisk = tag(2_000)
      assert.deepEqual(await eventsOf(hash), [
        { name: 'VoteCommitted', args: { id, voter: address.ana, weight: tag(40_000), commitment } },
        { name: 'Locked', args: { account: address.ana, locker: court.disputes.address, amount: atRisk } },
      ])
      assert.equal((await court.staking.read.stakes([address.ana])).engaged, atRisk)
      assert.deepEqual(await court.disputes.read.ballots([id, address.ana]), {
        commitment,
        weight: tag(40_000),
        atRisk,
        round: 1,
        choice: 0,
        isSettled: false,
        paid: 0n,
      })
    })

    it('rounds what is at risk up', async () => {
      await vote(court, id, { ana: false })
      await court.staking.write.startValidating([1n], as('ana'))
      const second = await challenge(court)
      await commit(court, second, 'ana', true)
      assert.equal((await court.disputes.read.ballots([second, address.ana])).atRisk, tag(2_000) + 1n)
    })

    it('reverts for the parties', async () => {
      await reverts(tryCommit('operator'), 'IsParty', [id, address.operator])
      await reverts(tryCommit('requester'), 'IsParty', [id, address.requester])
      await reverts(tryCommit('eve'), 'IsParty', [id, address.eve])
    })

    it('reverts for those who were no validators before the proposal, whatever was delegated to them', async () => {
      await court.staking.write.delegate([address.receiptKey], as('ana'))
      await reverts(tryCommit('receiptKey'), 'NoWeight', [id, address.receiptKey])
    })

    it('reverts the second time', async () => {
      await commit(court, id, 'ana', true)
      await reverts(tryCommit('ana'), 'AlreadyVoted', [id, address.ana])
    })

    it('reverts when the validator has left with its stake', async () => {
      await court.staking.write.stopValidating([tag(40_000)], as('ana'))
      await reverts(tryCommit('ana'), 'InsufficientStake', [address.ana, 0n, tag(2_000)])
    })

    it('reverts when the time is over', async () => {
      await endCommit(court, id)
      const { commitEnds } = await court.disputes.read.disputes([id])
      await reverts(court.disputes.write.commitVote([id, keccak256('0x')], as('ana')), 'CommitOver', [
        commitEnds,
      ])
    })

    it('reverts where there is no dispute', async () => {
      const none = keccak256('0x77')
      const call = court.disputes.simulate.commitVote([none, none], as('ana'))
      await reverts(call, 'NotOpen', [none])
    })
  })

  describe('revealVote', () => {
    beforeEach(async () => {
      await commit(court, id, 'ana', true)
      await commit(court, id, 'ben', false)
    })

    it('counts the vote', async () => {
      await endCommit(court, id)
      assert.deepEqual(await eventsOf(reveal(court, id, 'ana', true)), [
        { name: 'VoteRevealed', args: { id, voter: address.ana, isValid: true, weight: tag(40_000) } },
      ])
      await reveal(court, id, 'ben', false)
      const { validWeight, invalidWeight } = await court.disputes.read.disputes([id])
      assert.deepEqual([validWeight, invalidWeight], [tag(40_000), tag(30_000)])
      assert.equal((await court.disputes.read.ballots([id, address.ana])).choice, 1)
      assert.equal((await court.disputes.read.ballots([id, address.ben])).choice, 2)
    })

    it('reverts while others may still commit', async () => {
      const { commitEnds } = await court.disputes.read.disputes([id])
      await reverts(tryReveal('ana', true), 'CommitNotOver', [commitEnds])
    })

    it('reverts when the time is over', async () => {
      await endReveal(court, id)
      const { revealEnds } = await court.disputes.read.disputes([id])
      await reverts(reveal(court, id, 'ana', true), 'RevealOver', [revealEnds])
    })

    it('reverts for another vote or salt than committed', async () => {
      const { commitEnds } = await court.disputes.read.disputes([id])
      await time.increaseTo(commitEnds)
      const [expected, given] = [
        commitmentOf(id, 'ana', true),
        commitmentOf(id, 'ana', true, keccak256('0x00')),
      ]
      await reverts(tryReveal('ana', true), 'WrongReveal', [expected, given])
      await reverts(reveal(court, id, 'ana', false), 'WrongReveal')
    })

    it('reverts for a copied commitment', async () => {
      await court.disputes.write.commitVote([id, commitmentOf(id, 'ana', true)], as('cleo'))
      await endCommit(court, id)
      await reverts(
        court.disputes.write.revealVote([id, true, keccak256('0x616e61')], as('cleo')),
        'WrongReveal',
      )
    })

    it('reverts for those who have not committed, or have revealed', async () => {
      const { commitEnds } = await court.disputes.read.disputes([id])
      await time.increaseTo(commitEnds)
      await reverts(reveal(court, id, 'cleo', true), 'NothingToReveal', [id, address.cleo])
      await reveal(court, id, 'ana', true)
      await reverts(reveal(court, id, 'ana', true), 'NothingToReveal', [id, address.ana])
    })

    it('reverts in the second round for a vote of the first', async () => {
      await endReveal(court, id)
      await court.disputes.write.resolve([id])
      const { commitEnds } = await court.disputes.read.disputes([id])
      await time.increaseTo(commitEnds)
      await reverts(reveal(court, id, 'ana', true), 'NothingToReveal', [id, address.ana])
    })

    it('reverts where the dispute is resolved', async () => {
      await vote(court, id, { cleo: true })
      await reverts(reveal(court, id, 'ana', true), 'NotOpen', [id])
    })
  })
})
