import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import { stakingAbi, stakingBytecode } from '../../abi/index.ts'
import { latestBlock, noPermit, permitOf } from '../campaign.ts'
import { newStaking, purse, type Staking, stake, stakeOf, tag } from '../staking.ts'
import { address, as, deployContract, eventsOf, people, reverts, type World } from '../world.ts'

describe('Staking', () => {
  let world: World
  let staking: Staking
  beforeEach(async () => {
    ;({ world, staking } = await newStaking())
  })

  it('knows for ever whom it serves', async () => {
    assert.equal(await staking.read.tagToken(), world.tagToken.address)
    assert.equal(await staking.read.parameters(), world.parameters.address)
    assert.equal(await staking.read.campaigns(), address.receiptKey)
    assert.equal(await staking.read.disputes(), address.owner)
  })

  it('is not deployed without one of them', async () => {
    const whole = [world.tagToken.address, world.parameters.address, address.receiptKey, address.owner]
    for (const missing of whole.keys()) {
      const args = whole.with(missing, zeroAddress)
      await reverts(deployContract(stakingAbi, stakingBytecode, args), 'ZeroAddress')
    }
  })

  it('counts time in seconds', async () => {
    assert.equal(await staking.read.CLOCK_MODE(), 'mode=timestamp')
    const { timestamp } = await latestBlock()
    assert.equal(BigInt(await staking.read.clock()), timestamp)
  })

  describe('stake', () => {
    it('takes the tokens and lets them vote', async () => {
      const hash = stake(staking, 'ana', tag(5))
      assert.deepEqual(await eventsOf(hash), [
        {
          name: 'DelegateVotesChanged',
          args: { delegate: address.ana, previousVotes: 0n, newVotes: tag(5) },
        },
        { name: 'Staked', args: { account: address.ana, amount: tag(5) } },
      ])
      assert.equal(await world.tagToken.read.balanceOf([address.ana]), purse - tag(5))
      assert.equal(await world.tagToken.read.balanceOf([staking.address]), tag(5))
      assert.equal(await staking.read.getVotes([address.ana]), tag(5))
      assert.deepEqual(await stakeOf(staking, 'ana'), {
        staked: tag(5),
        cooling: 0n,
        bonded: 0n,
        validating: 0n,
        engaged: 0n,
        coolingUntil: 0n,
      })
      assert.equal(await staking.read.freeStake([address.ana]), tag(5))
    })

    it('takes a permit instead of an approval', async () => {
      await world.tagToken.write.approve([staking.address, 0n], as('ana'))
      const permit = await permitOf(world.tagToken, people.ana, staking.address, tag(5))
      await staking.write.stake([tag(5), permit], as('ana'))
      assert.equal(await staking.read.getVotes([address.ana]), tag(5))
    })

    it('reverts for nothing', async () => {
      await reverts(staking.simulate.stake([0n, noPermit], as('ana')), 'ZeroAmount')
    })

    it('reverts without the tokens', async () => {
      const call = staking.simulate.stake([purse + 1n, noPermit], as('ana'))
      await reverts(call, 'ERC20InsufficientAllowance', [staking.address, purse, purse + 1n])
    })

    it('reverts for more than there can be', async () => {
      await reverts(
        staking.simulate.stake([2n ** 128n, noPermit], as('ana')),
        'SafeCastOverflowedUintDowncast',
      )
    })
  })

  describe('stakeFor', () => {
    it('adds the caller’s tokens to another’s stake', async () => {
      const hash = await staking.write.stakeFor([address.operator, tag(5), noPermit], as('ana'))
      assert.deepEqual((await eventsOf(hash)).at(-1), {
        name: 'Staked',
        args: { account: address.operator, amount: tag(5) },
      })
      assert.equal(await world.tagToken.read.balanceOf([address.ana]), purse - tag(5))
      assert.equal(await staking.read.getVotes([address.operator]), tag(5))
      assert.equal(await staking.read.freeStake([address.ana]), 0n)
    })

    it('reverts for nothing, and for nobody', async () => {
      await reverts(staking.simulate.stakeFor([address.ben, 0n, noPermit], as('ana')), 'ZeroAmount')
      await reverts(staking.simulate.stakeFor([zeroAddress, 1n, noPermit], as('ana')), 'ZeroAddress')
    })
  })
})
