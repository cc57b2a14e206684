import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import { campaigns, disputes, newStaking, owed, type Staking, stake, stakeOf, tag } from '../staking.ts'
import { address, as, eventsOf, reverts, type World } from '../world.ts'

describe('lockers', () => {
  let world: World
  let staking: Staking
  beforeEach(async () => {
    ;({ world, staking } = await newStaking())
    await stake(staking, 'ana', tag(100_000))
    await staking.write.startValidating([tag(40_000)], as('ana'))
  })

  const locked = (locker: { account: `0x${string}` }, amount: bigint) => ({
    account: address.ana,
    locker: locker.account,
    amount,
  })

  describe('lock', () => {
    it('binds free stake to campaigns', async () => {
      const hash = staking.write.lock([address.ana, tag(60_000)], campaigns)
      assert.deepEqual(await eventsOf(hash), [{ name: 'Locked', args: locked(campaigns, tag(60_000)) }])
      assert.equal((await stakeOf(staking, 'ana')).bonded, tag(60_000))
      assert.equal(await staking.read.freeStake([address.ana]), 0n)
      const call = staking.simulate.lock([address.ana, 1n], campaigns)
      await reverts(call, 'InsufficientStake', [address.ana, 0n, 1n])
    })

    it('binds validator stake to disputes', async () => {
      const hash = staking.write.lock([address.ana, tag(40_000)], disputes)
      assert.deepEqual(await eventsOf(hash), [{ name: 'Locked', args: locked(disputes, tag(40_000)) }])
      assert.equal((await stakeOf(staking, 'ana')).engaged, tag(40_000))
      assert.equal(await staking.read.freeStake([address.ana]), tag(60_000))
      const call = staking.simulate.lock([address.ana, 1n], disputes)
      await reverts(call, 'InsufficientStake', [address.ana, 0n, 1n])
    })

    it('leaves the votes where they are', async () => {
      await staking.write.lock([address.ana, tag(60_000)], campaigns)
      assert.equal(await staking.read.getVotes([address.ana]), tag(100_000))
    })
  })

  describe('unlock', () => {
    it('releases what the same locker has locked', async () => {
      await staking.write.lock([address.ana, tag(10)], campaigns)
      await staking.write.lock([address.ana, tag(20)], disputes)
      const freed = staking.write.unlock([address.ana, tag(4)], campaigns)
      assert.deepEqual(await eventsOf(freed), [{ name: 'Unlocked', args: locked(campaigns, tag(4)) }])
      await staking.write.unlock([address.ana, tag(20)], disputes)
      const { bonded, engaged } = await stakeOf(staking, 'ana')
      assert.deepEqual([bonded, engaged], [tag(6), 0n])
    })

    it('reverts for what another locker has locked', async () => {
      await staking.write.lock([address.ana, tag(10)], campaigns)
      const call = staking.simulate.unlock([address.ana, 1n], disputes)
      await reverts(call, 'InsufficientLock', [address.ana, disputes.account, 0n, 1n])
    })
  })

  describe('slash', () => {
    it('takes a bond: half to the treasury, half to the beneficiary, votes gone', async () => {
      await staking.write.lock([address.ana, tag(10)], campaigns)
      const hash = staking.write.slash([address.ana, tag(10), tag(7), address.eve, tag(7)], campaigns)
      assert.deepEqual(await eventsOf(hash), [
        {
          name: 'DelegateVotesChanged',
          args: { delegate: address.ana, previousVotes: tag(100_000), newVotes: tag(99_993) },
        },
        {
          name: 'Slashed',
          args: {
            ...locked(campaigns, tag(7)),
            beneficiary: address.eve,
            beneficiaryAmount: tag(3.5),
          },
        },
      ])
      assert.equal(await staking.read.credits([address.eve]), tag(3.5))
      assert.equal(await staking.read.credits([address.treasury]), tag(3.5))
      const { staked, bonded } = await stakeOf(staking, 'ana')
      assert.deepEqual([staked, bonded], [tag(99_993), 0n])
    })

    it('gives the beneficiary no more than was named, and nothing to nobody', async () => {
      await staking.write.lock([address.ana, 14n], campaigns)
      await staking.write.slash([address.ana, 7n, 7n, address.eve, 2n], campaigns)
      assert.equal(await staking.read.credits([address.eve]), 2n)
      await staking.write.slash([address.ana, 7n, 7n, zeroAddress, 7n], campaigns)
      assert.equal(await staking.read.credits([zeroAddress]), 0n)
      assert.equal(await staking.read.credits([address.treasury]), 12n)
    })

    it('rounds in favor of the treasury', async () => {
      await staking.write.lock([address.ana, 7n], campaigns)
      await staking.write.slash([address.ana, 7n, 7n, address.eve, 7n], campaigns)
      assert.equal(await staking.read.credits([address.eve]), 3n)
      assert.equal(await staking.read.credits([address.treasury]), 4n)
    })

    it('takes a validator’s stake and weight', async () => {
      await staking.write.lock([address.ana, tag(2_000)], disputes)
      await staking.write.slash([address.ana, tag(2_000), tag(2_000), address.eve, tag(1_000)], disputes)
      const { staked, validating, engaged } = await stakeOf(staking, 'ana')
      assert.deepEqual([staked, validating, engaged], [tag(98_000), tag(38_000), 0n])
      assert.equal(await staking.read.freeStake([address.ana]), tag(60_000))
    })

    it('goes on to free stake, then to what is cooling, and stops at what others have locked', async () => {
      await staking.write.lock([address.ana, tag(30_000)], campaigns)
      await staking.write.startCooling([tag(20_000)], as('ana'))
      await staking.write.lock([address.ana, tag(1_000)], disputes)
      await staking.write.slash([address.ana, tag(20_000), tag(45_000), address.eve, 0n], campaigns)
      assert.deepEqual(await stakeOf(staking, 'ana'), {
        staked: tag(50_000),
        cooling: tag(5_000),
        bonded: tag(10_000),
        validating: tag(40_000),
        engaged: tag(1_000),
        coolingUntil: (await stakeOf(staking, 'ana')).coolingUntil,
      })
      // More than there is takes what there is.
      await staking.write.slash([address.ana, 0n, tag(1_000_000), address.eve, 0n], disputes)
      const { staked, cooling, bonded, validating, engaged } = await stakeOf(staking, 'ana')
      assert.deepEqual(
        [staked, cooling, bonded, validating, engaged],
        [tag(11_000), 0n, tag(10_000), tag(1_000), tag(1_000)],
      )
      assert.equal(await owed(staking, world), tag(100_000))
    })

    it('may take nothing, and then changes nothing but the lock', async () => {
      await staking.write.lock([address.ana, tag(5)], disputes)
      await staking.write.slash([address.ana, tag(5), 0n, address.eve, 0n], disputes)
      const { staked, validating, engaged } = await stakeOf(staking, 'ana')
      assert.deepEqual([staked, validating, engaged], [tag(100_000), tag(40_000), 0n])
    })

    it('reverts for more locked than there is', async () => {
      await staking.write.lock([address.ana, 5n], campaigns)
      const call = staking.simulate.slash([address.ana, 6n, 1n, address.eve, 0n], campaigns)
      await reverts(call, 'InsufficientLock', [address.ana, campaigns.account, 5n, 6n])
    })
  })

  it('are two, and nobody else', async () => {
    const attempts = [
      staking.simulate.lock([address.ana, 1n], as('eve')),
      staking.simulate.unlock([address.ana, 1n], as('eve')),
      staking.simulate.slash([address.ana, 0n, 1n, address.eve, 1n], as('eve')),
    ]
    for (const attempt of attempts) await reverts(attempt, 'NotLocker', [address.eve])
  })

  describe('collect', () => {
    it('pays what slashes have credited, by anyone', async () => {
      await staking.write.slash([address.ana, 0n, tag(8), address.cleo, tag(4)], campaigns)
      const before = await world.tagToken.read.balanceOf([address.cleo])
      assert.deepEqual(await eventsOf(staking.write.collect([address.cleo], as('ben'))), [
        { name: 'Collected', args: { account: address.cleo, amount: tag(4) } },
      ])
      assert.equal(await world.tagToken.read.balanceOf([address.cleo]), before + tag(4))
      await staking.write.collect([address.treasury], as('ben'))
      assert.equal(await world.tagToken.read.balanceOf([address.treasury]), tag(4))
      assert.equal(await world.tagToken.read.balanceOf([staking.address]), await owed(staking, world))
    })

    it('reverts for those who have nothing', async () => {
      const call = staking.simulate.collect([address.eve])
      await reverts(call, 'NothingToWithdraw', [world.tagToken.address, address.eve])
    })
  })
})
