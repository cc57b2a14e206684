import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import {
  type Abi,
  type AbiFunction,
  type Address,
  encodeFunctionData,
  keccak256,
  toHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { planDeployment } from '../deploy/plan.ts'
import { carryOut, type Network, networkAt, newNetwork, planFor, timelockDelay } from './network.ts'
import { day, tag } from './staking.ts'
import { address, chain, newWorld } from './world.ts'

describe('a deployment', () => {
  let network: Network
  beforeEach(async () => {
    network = await newNetwork()
  })

  it('puts every contract where the plan says', async () => {
    for (const [name, at] of Object.entries(network.contracts)) {
      if (at === null) assert.equal(name, 'testUsd')
      else assert.ok(await chain.getCode({ address: at }), name)
    }
  })

  it('tells those that know one another each other’s addresses', async () => {
    const { contracts, staking, disputes, governor } = network
    assert.equal(await staking.read.campaigns(), contracts.campaigns)
    assert.equal(await staking.read.disputes(), contracts.disputes)
    assert.equal(await staking.read.tagToken(), contracts.tagToken)
    assert.equal(await disputes.read.campaigns(), contracts.campaigns)
    assert.equal(await disputes.read.staking(), contracts.staking)
    assert.equal(await governor.read.token(), contracts.staking)
    assert.equal(await governor.read.timelock(), contracts.timelock)
    for (const contract of [staking, disputes, governor, network.campaigns, network.licenses]) {
      assert.equal(await contract.read.parameters(), contracts.parameters)
    }
  })

  it('leaves nothing with the deployer', async () => {
    const { parameters, tagToken, timelock, contracts } = network
    assert.equal(await parameters.read.owner(), contracts.timelock)
    assert.equal(await parameters.read.treasury(), contracts.timelock)
    assert.equal(await tagToken.read.balanceOf([address.owner]), 0n)
    assert.equal(await tagToken.read.balanceOf([address.cleo]), tag(405_380_800_000))
    const roles = ['PROPOSER_ROLE', 'EXECUTOR_ROLE', 'CANCELLER_ROLE'].map((role) => keccak256(toHex(role)))
    for (const role of [zeroHash, ...roles]) {
      assert.equal(await timelock.read.hasRole([role, address.owner]), false)
      assert.equal(await timelock.read.getRoleAdmin([role]), zeroHash)
    }
    // The governor alone proposes and cancels, anyone executes, nobody but the timelock itself gives roles.
    const [proposer, executor, canceller] = roles as [typeof zeroHash, typeof zeroHash, typeof zeroHash]
    assert.ok(await timelock.read.hasRole([proposer, contracts.tagGovernor]))
    assert.ok(await timelock.read.hasRole([canceller, contracts.tagGovernor]))
    assert.ok(await timelock.read.hasRole([executor, zeroAddress]))
    assert.ok(await timelock.read.hasRole([zeroHash, contracts.timelock]))
    assert.equal(await timelock.read.getMinDelay(), timelockDelay)
  })

  it('gives the deployer no call that a stranger could not make', async () => {
    const strangers = { owner: address.owner, eve: address.eve }
    for (const [name, contract] of Object.entries(network)) {
      if (name === 'contracts') continue
      const { abi, address: to } = contract as unknown as { abi: Abi; address: Address }
      const writes = abi.filter(
        (item): item is AbiFunction =>
          item.type === 'function' && ['nonpayable', 'payable'].includes(item.stateMutability),
      )
      for (const item of writes) {
        const data = encodeFunctionData({ abi: [item], args: item.inputs.map(emptyValue) })
        const attempt = (account: Address) =>
          chain.call({ account, to, data }).then(
            () => 'done',
            (error: Error) => error.message.replaceAll(new RegExp(account.slice(2), 'gi'), 'caller'),
          )
        assert.equal(await attempt(strangers.owner), await attempt(strangers.eve), `${name}.${item.name}`)
      }
    }
  })

  it('starts with other numbers where they are asked for', async () => {
    const numbers = [
      ['votingPeriod', 60n],
      ['votingDelay', 60n],
      ['stakeCooldown', 120n],
      ['protocolFeeBps', 0n],
      ['disputeBond', tag(100)],
    ] as const
    const { parameters, contracts } = await newNetwork({
      numbers,
      treasury: address.treasury,
      withTestUsd: true,
    })
    for (const [name, value] of numbers) assert.equal(BigInt(await parameters.read[name]()), value)
    assert.equal(await parameters.read.treasury(), address.treasury)
    assert.equal(await parameters.read.owner(), contracts.timelock)
    assert.ok(await chain.getCode({ address: contracts.testUsd! }))
  })

  it('can be resumed wherever it stopped', async () => {
    await newWorld()
    const plan = await planFor()
    for (let steps = 1; steps <= plan.steps.length; steps++) await carryOut(plan, steps)
    assert.equal(await networkAt(plan.contracts).parameters.read.owner(), plan.contracts.timelock)
    await carryOut(plan)
  })

  it('is planned without a chain, the same each time, one nonce after the other', () => {
    const options = {
      deployer: address.eve,
      nonce: 7,
      tagReceiver: address.cleo,
      minChallengeWindow: day,
      timelockDelay: 2n * day,
    }
    const plan = planDeployment(options)
    assert.deepEqual(plan, planDeployment(options))
    assert.deepEqual(
      plan.steps.map(({ nonce }) => nonce),
      plan.steps.map((_, place) => 7 + place),
    )
    const titles = plan.steps.map(({ title }) => title)
    assert.equal(titles.at(-1), 'hand the parameters to the timelock')
    assert.equal(new Set(titles).size, titles.length)
    assert.notDeepEqual(plan.contracts, planDeployment({ ...options, nonce: 8 }).contracts)
  })
})

/** Something of every type, so that a call can be encoded. */
function emptyValue(input: { type: string; components?: readonly unknown[] }): unknown {
  if (input.type.endsWith(']')) return []
  if (input.type === 'tuple')
    return Object.fromEntries(
      (input.components as { name: string; type: string }[]).map((field) => [field.name, emptyValue(field)]),
    )
  if (input.type === 'bool') return false
  if (input.type === 'string') return ''
  if (input.type === 'address') return address.ben
  if (input.type === 'bytes') return '0x'
  if (input.type.startsWith('bytes')) return toHex(0, { size: Number(input.type.slice(5)) })
  return /^u?int(8|16|24|32|40|48)$/.test(input.type) ? 0 : 0n
}
