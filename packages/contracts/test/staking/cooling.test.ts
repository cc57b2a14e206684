import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { campaigns, cooldown, day, newStaking, purse, type Staking, stake, stakeOf, tag } from '../staking.ts'
import { address, as, eventsOf, reverts, time, type World } from '../world.ts'

describe('cooling', () => {
  let world: World
  let staking: Staking
  beforeEach(async () => {
    ;({ world, staking } = await newStaking())
    await stake(staking, 'ana', tag(10))
  })

  const startCooling = (amount: bigint) => staking.write.startCooling([amount], as('ana'))

  describe('startCooling', () => {
    it('ends the votes at once and starts the wait', async () => {
      const hash = await startCooling(tag(4))
      const until = BigInt(await time.latest()) + cooldown
      assert.deepEqual(await eventsOf(hash), [
        {
          name: 'DelegateVotesChanged',
          args: { delegate: address.ana, previousVotes: tag(10), newVotes: tag(6) },
        },
        { name: 'CoolingStarted', args: { account: address.ana, amount: tag(4), until } },
      ])
      assert.equal(await staking.read.getVotes([address.ana]), tag(6))
      const { staked, cooling, coolingUntil } = await stakeOf(staking, 'ana')
      assert.deepEqual([staked, cooling, coolingUntil], [tag(6), tag(4), until])
    })

    it('reverts for nothing', async () => {
      await reverts(staking.simulate.startCooling([0n], as('ana')), 'ZeroAmount')
    })

    it('reverts for more than is free', async () => {
      await staking.write.lock([address.ana, tag(7)], campaigns)
      const call = staking.simulate.startCooling([tag(3) + 1n], as('ana'))
      await reverts(call, 'InsufficientStake', [address.ana, tag(3), tag(3) + 1n])
      await startCooling(tag(3))
    })

    it('reverts for those who never staked', async () => {
      const call = staking.simulate.startCooling([1n], as('ben'))
      await reverts(call, 'InsufficientStake', [address.ben, 0n, 1n])
    })
  })

  describe('withdraw', () => {
    it('pays what has cooled', async () => {
      await startCooling(tag(4))
      await time.increase(cooldown)
      assert.deepEqual(await eventsOf(staking.write.withdraw(as('ana'))), [
        { name: 'Withdrawn', args: { account: address.ana, amount: tag(4) } },
      ])
      assert.equal(await world.tagToken.read.balanceOf([address.ana]), purse - tag(6))
      const { staked, cooling, coolingUntil } = await stakeOf(staking, 'ana')
      assert.deepEqual([staked, cooling, coolingUntil], [tag(6), 0n, 0n])
    })

    it('reverts until the last second', async () => {
      await startCooling(tag(4))
      const { coolingUntil } = await stakeOf(staking, 'ana')
      await time.setNextBlockTimestamp(coolingUntil - 1n)
      await reverts(staking.write.withdraw(as('ana')), 'StillCooling', [coolingUntil])
      await time.setNextBlockTimestamp(coolingUntil)
      await staking.write.withdraw(as('ana'))
    })

    it('reverts when nothing is cooling', async () => {
      const call = staking.simulate.withdraw(as('ana'))
      await reverts(call, 'NothingToWithdraw', [world.tagToken.address, address.ana])
    })

    it('keeps the wait it started with when the parameter changes', async () => {
      await startCooling(tag(4))
      await world.parameters.write.setStakeCooldown([60n * day])
      await time.increase(cooldown)
      await staking.write.withdraw(as('ana'))
      await startCooling(tag(4))
      await time.increase(cooldown)
      await reverts(staking.simulate.withdraw(as('ana')), 'StillCooling')
    })
  })
})
