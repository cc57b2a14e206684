import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { parseEther, stringToHex, zeroAddress } from 'viem'
import { acceptanceOf, campaignIdOf, newTerms, noPermit, openCampaign } from './campaign.ts'
import { address, as, deployParameters, eventsOf, newWorld, reverts, type World } from './world.ts'

const day = 86_400n
const name = (text: string) => stringToHex(text, { size: 32 })

describe('Parameters', () => {
  let world: World
  beforeEach(async () => {
    world = await newWorld()
  })

  it('starts with the network’s defaults', async () => {
    const { read } = world.parameters
    assert.equal(await read.protocolFeeBps(), 250)
    assert.equal(await read.maxOperatorFeeBps(), 1_000)
    assert.equal(await read.minChallengeWindow(), 60n)
    assert.equal(await read.maxChallengeWindow(), 14n * day)
    assert.equal(await read.treasury(), address.treasury)
    assert.equal(await read.owner(), address.owner)
  })

  it('announces every change', async () => {
    const hash = world.parameters.write.setProtocolFeeBps([0])
    assert.deepEqual(await eventsOf(hash), [
      { name: 'ParameterSet', args: { name: name('protocolFeeBps'), value: 0n } },
    ])
    const moved = world.parameters.write.setTreasury([address.eve])
    assert.deepEqual(await eventsOf(moved), [
      { name: 'ParameterSet', args: { name: name('treasury'), value: BigInt(address.eve) } },
    ])
  })

  it('keeps the protocol fee at five percent or less', async () => {
    await world.parameters.write.setProtocolFeeBps([500])
    const call = world.parameters.simulate.setProtocolFeeBps([501])
    await reverts(call, 'OutOfBounds', [name('protocolFeeBps'), 501n, 0n, 500n])
  })

  it('keeps the cap on operators’ fees at fifteen percent or less', async () => {
    await world.parameters.write.setMaxOperatorFeeBps([1_500])
    const call = world.parameters.simulate.setMaxOperatorFeeBps([1_501])
    await reverts(call, 'OutOfBounds', [name('maxOperatorFeeBps'), 1_501n, 0n, 1_500n])
  })

  it('keeps the shortest window between ten seconds and seven days', async () => {
    await world.parameters.write.setMinChallengeWindow([10n])
    await world.parameters.write.setMinChallengeWindow([7n * day])
    for (const value of [9n, 7n * day + 1n]) {
      const call = world.parameters.simulate.setMinChallengeWindow([value])
      await reverts(call, 'OutOfBounds', [name('minChallengeWindow'), value, 10n, 7n * day])
    }
  })

  it('keeps the longest window between the shortest and fourteen days', async () => {
    await world.parameters.write.setMaxChallengeWindow([60n])
    for (const value of [59n, 14n * day + 1n]) {
      const call = world.parameters.simulate.setMaxChallengeWindow([value])
      await reverts(call, 'OutOfBounds', [name('maxChallengeWindow'), value, 60n, 14n * day])
    }
    const call = world.parameters.simulate.setMinChallengeWindow([61n])
    await reverts(call, 'OutOfBounds', [name('minChallengeWindow'), 61n, 10n, 60n])
  })

  // Name, default, least and most, with a world whose shortest window is a minute.
  const tag = (amount: number) => parseEther(String(amount))
  const numbers = [
    ['operatorBond', tag(10_000), tag(100), tag(10_000_000)],
    ['stakeCooldown', 21n * day, 6n * day, 60n * day],
    ['minValidatorStake', tag(10_000), tag(100), tag(10_000_000)],
    ['disputeBond', tag(10_000), tag(100), tag(1_000_000)],
    ['commitTime', 2n * day, 60n, 7n * day],
    ['revealTime', day, 60n, 7n * day],
    ['disputeQuorumBps', 2_000n, 500n, 5_000n],
    ['voterSlashBps', 500n, 100n, 2_000n],
    ['votingDelay', day, 60n, 7n * day],
    ['votingPeriod', 5n * day, 60n, 14n * day],
    ['proposalThreshold', tag(1_000_000), tag(100), tag(405_380_800)],
  ] as const

  for (const [number, start, min, max] of numbers) {
    it(`keeps ${number} inside its bounds`, async () => {
      const setter = `set${number[0]!.toUpperCase()}${number.slice(1)}` as 'setOperatorBond'
      // The narrower numbers come as JavaScript numbers.
      const argument = (value: bigint) => [number.endsWith('Bps') ? Number(value) : value] as [bigint]
      assert.equal(BigInt(await world.parameters.read[number]()), start)
      for (const value of [min, max]) {
        assert.deepEqual(await eventsOf(world.parameters.write[setter](argument(value))), [
          { name: 'ParameterSet', args: { name: name(number), value } },
        ])
        assert.equal(BigInt(await world.parameters.read[number]()), value)
      }
      for (const value of [min - 1n, max + 1n]) {
        const call = world.parameters.simulate[setter](argument(value))
        await reverts(call, 'OutOfBounds', [name(number), value, min, max])
      }
      const stranger = world.parameters.simulate[setter](argument(min), as('eve'))
      await reverts(stranger, 'OwnableUnauthorizedAccount', [address.eve])
    })
  }

  it('never lets a vote take longer than stake cools', async () => {
    await world.parameters.write.setStakeCooldown([6n * day])
    const longer = [
      ['setStakeCooldown', 6n * day - 1n],
      ['setVotingDelay', day + 1n],
      ['setVotingPeriod', 5n * day + 1n],
    ] as const
    for (const [setter, value] of longer) {
      await reverts(world.parameters.simulate[setter]([value]), 'OutOfBounds')
    }
    await world.parameters.write.setVotingPeriod([4n * day])
    await world.parameters.write.setVotingDelay([2n * day])
  })

  it('takes the shortest window it was deployed with, or an hour, for the shortest of other times', async () => {
    assert.equal(await world.parameters.read.shortestTime(), 60n)
    const slow = await deployParameters(address.owner, address.treasury, 7n * day)
    assert.equal(await slow.read.shortestTime(), 3_600n)
  })

  it('cannot be left without an owner', async () => {
    await reverts(world.parameters.read.renounceOwnership(as('owner')), 'OwnerNeeded')
    await reverts(world.parameters.read.renounceOwnership(as('eve')), 'OwnableUnauthorizedAccount')
  })

  it('refuses an empty treasury', async () => {
    await reverts(world.parameters.simulate.setTreasury([zeroAddress]), 'ZeroAddress')
  })

  it('checks its bounds when it is deployed, too', async () => {
    await reverts(deployParameters(address.owner, zeroAddress, 60n), 'ZeroAddress')
    await reverts(deployParameters(address.owner, address.treasury, 9n), 'OutOfBounds')
    await reverts(deployParameters(zeroAddress, address.treasury, 60n), 'OwnableInvalidOwner')
  })

  it('obeys its owner only', async () => {
    const { simulate } = world.parameters
    const attempts = [
      simulate.setProtocolFeeBps([1], as('eve')),
      simulate.setMaxOperatorFeeBps([1], as('eve')),
      simulate.setMinChallengeWindow([60n], as('eve')),
      simulate.setMaxChallengeWindow([60n], as('eve')),
      simulate.setTreasury([address.eve], as('eve')),
    ]
    for (const attempt of attempts) await reverts(attempt, 'OwnableUnauthorizedAccount', [address.eve])
  })

  it('does not reach a campaign that is open', async () => {
    const campaign = await openCampaign(world)
    await world.parameters.write.setProtocolFeeBps([500])
    await world.parameters.write.setMaxOperatorFeeBps([0])
    await world.parameters.write.setMinChallengeWindow([7n * day])
    assert.deepEqual(await world.campaigns.read.feesOn([campaign.terms, 10_000n]), [500n, 250n])

    const terms = await newTerms(world, { nonce: 1n, protocolFeeBps: 500, challengeWindow: 7n * day })
    const acceptance = await acceptanceOf(world, campaignIdOf(world, terms))
    const call = world.campaigns.simulate.open([terms, 0n, acceptance, noPermit], as('requester'))
    await reverts(call, 'OperatorFeeTooHigh', [0n, 500n])
  })
})
