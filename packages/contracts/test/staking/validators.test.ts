import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { disputes, newStaking, type Staking, stake, stakeOf, tag } from '../staking.ts'
import { address, as, eventsOf, reverts, time, type World } from '../world.ts'

const least = tag(10_000)

describe('validators', () => {
  let world: World
  let staking: Staking
  beforeEach(async () => {
    ;({ world, staking } = await newStaking())
    await stake(staking, 'ana', tag(50_000))
  })

  const start = (amount: bigint) => staking.write.startValidating([amount], as('ana'))
  const stop = (amount: bigint) => staking.write.stopValidating([amount], as('ana'))

  describe('startValidating', () => {
    it('locks own stake, which goes on voting', async () => {
      assert.deepEqual(await eventsOf(start(least)), [
        { name: 'ValidatorStakeSet', args: { account: address.ana, amount: least } },
      ])
      assert.deepEqual(await eventsOf(start(1n)), [
        { name: 'ValidatorStakeSet', args: { account: address.ana, amount: least + 1n } },
      ])
      const { staked, validating } = await stakeOf(staking, 'ana')
      assert.deepEqual([staked, validating], [tag(50_000), least + 1n])
      assert.equal(await staking.read.freeStake([address.ana]), tag(40_000) - 1n)
      assert.equal(await staking.read.getVotes([address.ana]), tag(50_000))
    })

    it('reverts for nothing', async () => {
      await reverts(staking.simulate.startValidating([0n], as('ana')), 'ZeroAmount')
    })

    it('reverts for more than is free', async () => {
      const call = staking.simulate.startValidating([tag(50_001)], as('ana'))
      await reverts(call, 'InsufficientStake', [address.ana, tag(50_000), tag(50_001)])
    })

    it('reverts for less than a validator needs', async () => {
      const call = staking.simulate.startValidating([least - 1n], as('ana'))
      await reverts(call, 'ValidatorStakeTooSmall', [least, least - 1n])
    })
  })

  describe('stopValidating', () => {
    it('releases a part, or all', async () => {
      await start(tag(30_000))
      await stop(tag(20_000))
      assert.equal((await stakeOf(staking, 'ana')).validating, least)
      assert.deepEqual(await eventsOf(stop(least)), [
        { name: 'ValidatorStakeSet', args: { account: address.ana, amount: 0n } },
      ])
      assert.equal(await staking.read.freeStake([address.ana]), tag(50_000))
    })

    it('reverts for nothing', async () => {
      await reverts(staking.simulate.stopValidating([0n], as('ana')), 'ZeroAmount')
    })

    it('reverts for what is at risk in a dispute', async () => {
      await start(tag(30_000))
      await staking.write.lock([address.ana, tag(5)], disputes)
      const call = staking.simulate.stopValidating([tag(30_000)], as('ana'))
      await reverts(call, 'InsufficientStake', [address.ana, tag(29_995), tag(30_000)])
    })

    it('reverts when too little remains', async () => {
      await start(least)
      const call = staking.simulate.stopValidating([1n], as('ana'))
      await reverts(call, 'ValidatorStakeTooSmall', [least, least - 1n])
    })
  })

  it('weigh what they had locked at a past second, alone and together', async () => {
    await stake(staking, 'ben', tag(20_000))
    await start(tag(30_000))
    const first = BigInt(await time.latest())
    await staking.write.startValidating([tag(20_000)], as('ben'))
    const second = BigInt(await time.latest())
    await stop(tag(30_000))
    const third = BigInt(await time.latest())
    await time.increase(1)
    const weight = (at: bigint) => staking.read.getPastValidatorStake([address.ana, at])
    assert.deepEqual(await Promise.all([first - 1n, first, second, third].map(weight)), [
      0n,
      tag(30_000),
      tag(30_000),
      0n,
    ])
    const total = (at: bigint) => staking.read.getPastTotalValidatorStake([at])
    assert.deepEqual(await Promise.all([first, second, third].map(total)), [
      tag(30_000),
      tag(50_000),
      tag(20_000),
    ])
  })

  it('have no weight known before the second is over', async () => {
    const now = BigInt(await time.latest())
    await reverts(staking.read.getPastValidatorStake([address.ana, now + 9n]), 'ERC5805FutureLookup')
    await reverts(staking.read.getPastTotalValidatorStake([now + 9n]), 'ERC5805FutureLookup')
  })

  it('are not made heavier by what others delegate to them', async () => {
    await stake(staking, 'ben', tag(20_000))
    await start(least)
    await staking.write.delegate([address.ana], as('ben'))
    const now = BigInt(await time.latest())
    await time.increase(1)
    assert.equal(await staking.read.getVotes([address.ana]), tag(70_000))
    assert.equal(await staking.read.getPastValidatorStake([address.ana, now]), least)
    assert.equal(await world.parameters.read.minValidatorStake(), least)
  })
})
