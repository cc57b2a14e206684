import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import { coolDown, newStaking, type Staking, stake, tag } from '../staking.ts'
import { address, as, eventsOf, people, reverts, time, type World } from '../world.ts'

describe('votes', () => {
  let world: World
  let staking: Staking
  beforeEach(async () => {
    ;({ world, staking } = await newStaking())
    await stake(staking, 'ana', tag(10))
  })

  const votes = (name: keyof typeof address) => staking.read.getVotes([address[name]])

  it('are one’s own until delegated', async () => {
    assert.equal(await staking.read.delegates([address.ana]), address.ana)
    assert.equal(await votes('ana'), tag(10))
  })

  it('move by delegation, with what is staked and taken out later', async () => {
    const hash = staking.write.delegate([address.ben], as('ana'))
    assert.deepEqual((await eventsOf(hash))[0], {
      name: 'DelegateChanged',
      args: { delegator: address.ana, fromDelegate: address.ana, toDelegate: address.ben },
    })
    await stake(staking, 'ana', tag(5))
    await staking.write.startCooling([tag(2)], as('ana'))
    assert.deepEqual([await votes('ana'), await votes('ben')], [0n, tag(13)])
  })

  it('come back when delegated to nobody', async () => {
    await staking.write.delegate([address.ben], as('ana'))
    await staking.write.delegate([zeroAddress], as('ana'))
    await stake(staking, 'ana', tag(1))
    assert.deepEqual([await votes('ana'), await votes('ben')], [tag(11), 0n])
    await staking.write.startCooling([tag(11)], as('ana'))
    assert.equal(await votes('ana'), 0n)
  })

  it('move by signature', async () => {
    const expiry = BigInt(await time.latest()) + 60n
    const signature = await people.ana.signTypedData({
      domain: { name: 'Tagger Staking', version: '1', chainId: 31_337, verifyingContract: staking.address },
      types: {
        Delegation: [
          { name: 'delegatee', type: 'address' },
          { name: 'nonce', type: 'uint256' },
          { name: 'expiry', type: 'uint256' },
        ],
      },
      primaryType: 'Delegation',
      message: { delegatee: address.ben, nonce: 0n, expiry },
    })
    const [r, s, v] = [signature.slice(0, 66), `0x${signature.slice(66, 130)}`, signature.slice(130)]
    const args = [address.ben, 0n, expiry, Number.parseInt(v!, 16), r as '0x', s as '0x'] as const
    await staking.write.delegateBySig(args, as('eve'))
    assert.equal(await votes('ben'), tag(10))
    await reverts(staking.simulate.delegateBySig(args, as('eve')), 'InvalidAccountNonce')
  })

  it('are remembered by the second, and sum up to the stake that is not cooling', async () => {
    await stake(staking, 'ben', tag(7))
    const before = BigInt(await time.latest())
    await staking.write.startCooling([tag(4)], as('ana'))
    await time.increase(1)
    const now = BigInt(await time.latest()) - 1n
    assert.equal(await staking.read.getPastVotes([address.ana, before]), tag(10))
    assert.equal(await staking.read.getPastVotes([address.ana, now]), tag(6))
    assert.equal(await staking.read.getPastTotalSupply([before]), tag(17))
    assert.equal(await staking.read.getPastTotalSupply([now]), tag(13))
    await reverts(staking.read.getPastVotes([address.ana, now + 99n]), 'ERC5805FutureLookup')
  })

  it('are none while cooling, and none after', async () => {
    await staking.write.startCooling([tag(10)], as('ana'))
    assert.equal(await votes('ana'), 0n)
    await coolDown(staking, 'ana')
    assert.equal(await votes('ana'), 0n)
    assert.equal(await world.tagToken.read.balanceOf([staking.address]), 0n)
  })
})
