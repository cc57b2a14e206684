import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { parseEther } from 'viem'
import { permitOf } from './campaign.ts'
import {
  address,
  as,
  deployTestUsdOn,
  newWorld,
  operatorStake,
  people,
  reverts,
  usd,
  type World,
} from './world.ts'

describe('TagToken', () => {
  let world: World
  beforeEach(async () => {
    world = await newWorld()
  })

  it('has a fixed supply, all of it with the receiver', async () => {
    const supply = parseEther('405380800000')
    assert.equal(await world.tagToken.read.totalSupply(), supply)
    assert.equal(await world.tagToken.read.balanceOf([address.owner]), supply - operatorStake)
    assert.equal(await world.tagToken.read.decimals(), 18)
    assert.equal(await world.tagToken.read.symbol(), 'TAG')
  })

  it('has no function that mints, burns or is owned', () => {
    const functions = world.tagToken.abi.filter((item) => item.type === 'function').map((item) => item.name)
    assert.deepEqual(functions.toSorted(), [
      'DOMAIN_SEPARATOR',
      'allowance',
      'approve',
      'balanceOf',
      'decimals',
      'eip712Domain',
      'name',
      'nonces',
      'permit',
      'symbol',
      'totalSupply',
      'transfer',
      'transferFrom',
    ])
  })
})

describe('TestUSD', () => {
  let world: World
  beforeEach(async () => {
    world = await newWorld()
  })

  it('is free for everyone', async () => {
    await world.testUsd.write.mint([address.ana, usd(3)], as('eve'))
    assert.equal(await world.testUsd.read.balanceOf([address.ana]), usd(3))
    assert.equal(await world.testUsd.read.decimals(), 6)
    assert.equal(await world.testUsd.read.symbol(), 'tUSD')
  })

  it('takes permits', async () => {
    const { value, deadline, v, r, s } = await permitOf(world.testUsd, people.ben, address.eve, usd(2))
    await world.testUsd.write.permit([address.ben, address.eve, value, deadline, v, r, s], as('eve'))
    await world.testUsd.write.transferFrom([address.ben, address.eve, usd(2)], as('eve'))
  })

  it('cannot be deployed on another chain', async () => {
    await reverts(deployTestUsdOn(1), 'LocalChainOnly', [1n])
  })
})
