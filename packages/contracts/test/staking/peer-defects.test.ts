/** What went wrong in the staking of comparable systems, and what holds here instead. By the numbers of the list. */
import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { parametersAbi, stakingAbi } from '../../abi/index.ts'
import {
  campaigns,
  coolDown,
  cooldown,
  day,
  disputes,
  newStaking,
  owed,
  purse,
  type Staking,
  stake,
  stakeOf,
  tag,
} from '../staking.ts'
import { address, as, reverts, time, type World } from '../world.ts'

describe('defects of peers: staking', () => {
  let world: World
  let staking: Staking
  beforeEach(async () => {
    ;({ world, staking } = await newStaking())
    await stake(staking, 'ana', tag(100_000))
  })

  const held = () => world.tagToken.read.balanceOf([staking.address])
  const startCooling = (amount: bigint) => staking.write.startCooling([amount], as('ana'))

  it('5: slashing with a fee made staking insolvent; here the balance covers stakes, cooling and credits', async () => {
    await stake(staking, 'ben', tag(30_000))
    await staking.write.startCooling([tag(10_000)], as('ben'))
    await staking.write.lock([address.ana, tag(10_000)], campaigns)
    await staking.write.slash([address.ana, tag(10_000), tag(10_000), address.eve, tag(10_000)], campaigns)
    await staking.write.slash([address.ben, 0n, tag(25_001), address.eve, 1n], campaigns)
    assert.equal(await held(), await owed(staking, world))
    await staking.write.collect([address.treasury])
    await staking.write.collect([address.eve])
    await startCooling(tag(90_000))
    await coolDown(staking, 'ana')
    await coolDown(staking, 'ben')
    assert.equal(await held(), 0n)
  })

  it('6: slashing during unstaking bricked the rest; here it reaches what is cooling and the rest stays withdrawable', async () => {
    await startCooling(tag(100_000))
    await staking.write.slash([address.ana, 0n, tag(60_000), address.eve, 0n], campaigns)
    assert.equal((await stakeOf(staking, 'ana')).cooling, tag(40_000))
    await coolDown(staking, 'ana')
    assert.equal(await world.tagToken.read.balanceOf([address.ana]), purse - tag(60_000))
  })

  it('12: slashing was a stub; here it takes stake, votes and weight', async () => {
    await staking.write.startValidating([tag(50_000)], as('ana'))
    await staking.write.lock([address.ana, tag(2_500)], disputes)
    await staking.write.slash([address.ana, tag(2_500), tag(2_500), address.eve, 0n], disputes)
    const now = BigInt(await time.latest())
    await time.increase(1)
    assert.equal((await stakeOf(staking, 'ana')).staked, tag(97_500))
    assert.equal(await staking.read.getPastVotes([address.ana, now]), tag(97_500))
    assert.equal(await staking.read.getPastValidatorStake([address.ana, now]), tag(47_500))
    await staking.write.collect([address.treasury])
    assert.equal(await world.tagToken.read.balanceOf([address.treasury]), tag(2_500))
  })

  it('14, SAP-1: topping up an old cooldown skipped the wait; here the wait starts again for all of it', async () => {
    await startCooling(tag(1))
    await time.increase(cooldown)
    await startCooling(tag(99_999))
    await reverts(staking.simulate.withdraw(as('ana')), 'StillCooling')
    await time.increase(cooldown - 5n)
    await reverts(staking.simulate.withdraw(as('ana')), 'StillCooling')
    await time.increase(5n)
    await staking.write.withdraw(as('ana'))
    assert.equal(await world.tagToken.read.balanceOf([address.ana]), purse)
  })

  it('14, SAP-2: a weighted average diluted a lock-up; here a small cooldown beside a large one shortens nothing', async () => {
    await startCooling(tag(99_000))
    const first = (await stakeOf(staking, 'ana')).coolingUntil
    await time.increase(10n * day)
    await startCooling(1n)
    const { coolingUntil } = await stakeOf(staking, 'ana')
    assert.ok(coolingUntil >= first + 10n * day)
  })

  it('14, SAP-3: leaving early cost less than the penalty due; here nothing leaves early at any price', async () => {
    await staking.write.lock([address.ana, tag(60_000)], campaigns)
    await reverts(staking.simulate.startCooling([tag(40_001)], as('ana')), 'InsufficientStake')
    await startCooling(tag(40_000))
    await reverts(staking.simulate.withdraw(as('ana')), 'StillCooling')
    await staking.write.slash([address.ana, tag(60_000), tag(100_000), address.eve, 0n], campaigns)
    await time.increase(cooldown)
    await reverts(staking.simulate.withdraw(as('ana')), 'NothingToWithdraw')
  })

  it('14, SAP-4: a cooldown was counted twice; here stake that cools is stake no more', async () => {
    await startCooling(tag(60_000))
    await reverts(staking.simulate.startCooling([tag(60_000)], as('ana')), 'InsufficientStake', [
      address.ana,
      tag(40_000),
      tag(60_000),
    ])
    await startCooling(tag(40_000))
    const { staked, cooling } = await stakeOf(staking, 'ana')
    assert.deepEqual([staked, cooling], [0n, tag(100_000)])
    await coolDown(staking, 'ana')
    await reverts(staking.simulate.withdraw(as('ana')), 'NothingToWithdraw')
    assert.equal(await world.tagToken.read.balanceOf([address.ana]), purse)
  })

  it('14, SAP-5: adding to expired stake made it leave at once; here new stake waits like any other', async () => {
    await startCooling(tag(10))
    await time.increase(cooldown)
    await stake(staking, 'ana', tag(500))
    await staking.write.withdraw(as('ana'))
    const { staked, cooling } = await stakeOf(staking, 'ana')
    assert.deepEqual([staked, cooling], [tag(100_490), 0n])
    await startCooling(tag(500))
    await reverts(staking.simulate.withdraw(as('ana')), 'StillCooling')
  })

  it('14, SAP-6: lock-ups of one account contradicted each other; here there is one wait, copied when it starts', async () => {
    await startCooling(tag(1))
    await world.parameters.write.setStakeCooldown([40n * day])
    assert.equal((await stakeOf(staking, 'ana')).coolingUntil, BigInt(await time.latest()) - 1n + cooldown)
    await startCooling(tag(1))
    const { cooling, coolingUntil } = await stakeOf(staking, 'ana')
    assert.deepEqual([cooling, coolingUntil], [tag(2), BigInt(await time.latest()) + 40n * day])
  })

  it('14, SAP-7: an admin could revoke itself; here staking has none, and the owner of parameters cannot resign', async () => {
    const named = stakingAbi.filter((item) => item.type === 'function').map((item) => item.name as string)
    assert.deepEqual(
      named.filter((name) => /role|owner|admin|pause|upgrade|set[A-Z]/i.test(name)),
      [],
    )
    assert.ok(parametersAbi.some((item) => item.type === 'function' && item.name === 'renounceOwnership'))
    await reverts(world.parameters.read.renounceOwnership(as('owner')), 'OwnerNeeded')
    assert.equal(await world.parameters.read.owner(), address.owner)
  })
})
