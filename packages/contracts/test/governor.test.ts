import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { stringToHex } from 'viem'
import {
  decide,
  enough,
  giveStake,
  type Network,
  named,
  newNetwork,
  proposalTo,
  propose,
  timelockDelay,
} from './network.ts'
import { day, tag } from './staking.ts'
import { address, as, eventsOf, reverts, time } from './world.ts'

const state = {
  pending: 0,
  active: 1,
  canceled: 2,
  defeated: 3,
  succeeded: 4,
  queued: 5,
  expired: 6,
  executed: 7,
}

describe('TagGovernor', () => {
  let network: Network
  beforeEach(async () => {
    network = await newNetwork()
    await giveStake(network, 'ana', enough)
  })

  const feeProposal = (fee = 100) => proposalTo(network.parameters, 'setProtocolFeeBps', [fee])
  const stateOf = (id: bigint) => network.governor.read.state([id])

  it('takes its numbers from the parameters', async () => {
    const { governor } = network
    assert.equal(await governor.read.name(), 'TagGovernor')
    assert.equal(await governor.read.votingDelay(), day)
    assert.equal(await governor.read.votingPeriod(), 5n * day)
    assert.equal(await governor.read.proposalThreshold(), tag(1_000_000))
    assert.equal(await governor.read.CLOCK_MODE(), 'mode=timestamp')
    assert.equal(await governor.read.COUNTING_MODE(), 'support=bravo&quorum=for,abstain')
  })

  it('counts its quorum from the whole supply, staked or not', async () => {
    const now = BigInt(await time.latest())
    assert.equal(await network.governor.read.quorum([now]), tag(405_380_800_000) / 25n)
    await giveStake(network, 'ben', enough)
    assert.equal(
      await network.governor.read.quorum([BigInt(await time.latest())]),
      tag(405_380_800_000) / 25n,
    )
  })

  it('carries out what stake decides, after the timelock, by anyone', async () => {
    const hash = await decide(network, feeProposal(), 'ana')
    assert.equal(await network.parameters.read.protocolFeeBps(), 100)
    assert.deepEqual(
      (await eventsOf(hash)).filter(({ name }) => name === 'ParameterSet'),
      [{ name: 'ParameterSet', args: { name: stringToHex('protocolFeeBps', { size: 32 }), value: 100n } }],
    )
    const id = await network.governor.read.getProposalId(named(feeProposal()))
    assert.equal(await stateOf(id), state.executed)
  })

  it('waits for the timelock', async () => {
    const id = await propose(network, feeProposal(), 'ana')
    await network.governor.write.castVote([id, 1], as('ana'))
    await time.increase(5n * day)
    await network.governor.write.queue(named(feeProposal()))
    assert.equal(await stateOf(id), state.queued)
    await time.increase(timelockDelay - 10n)
    await reverts(network.governor.simulate.execute(named(feeProposal())), 'TimelockUnexpectedOperationState')
    await time.increase(10n)
    await network.governor.write.execute(named(feeProposal()))
  })

  it('drops what has no quorum', async () => {
    await network.staking.write.startCooling([tag(5_000_000_000)], as('ana'))
    const id = await propose(network, feeProposal(), 'ana')
    await network.governor.write.castVote([id, 1], as('ana'))
    await time.increase(6n * day)
    assert.equal(await stateOf(id), state.defeated)
    await reverts(network.governor.simulate.queue(named(feeProposal())), 'GovernorUnexpectedProposalState')
  })

  it('drops what more are against', async () => {
    await giveStake(network, 'ben', enough + 1n)
    const id = await propose(network, feeProposal(), 'ana')
    await network.governor.write.castVote([id, 1], as('ana'))
    await network.governor.write.castVote([id, 0], as('ben'))
    await time.increase(6n * day)
    assert.equal(await stateOf(id), state.defeated)
  })

  it('takes no proposal from those with too few votes', async () => {
    await giveStake(network, 'eve', tag(999_999))
    await time.increase(1)
    const call = network.governor.simulate.propose(feeProposal(), as('eve'))
    await reverts(call, 'GovernorInsufficientProposerVotes', [address.eve, tag(999_999), tag(1_000_000)])
  })

  it('counts no stake that came after the proposal, and no stake that cools', async () => {
    await giveStake(network, 'ben', enough)
    await network.staking.write.startCooling([enough], as('ben'))
    const id = await propose(network, feeProposal(), 'ana')
    await giveStake(network, 'eve', enough)
    await network.governor.write.castVote([id, 1], as('eve'))
    await network.governor.write.castVote([id, 1], as('ben'))
    const [, votes] = await network.governor.read.proposalVotes([id])
    assert.equal(votes, 0n)
  })

  it('counts delegated stake', async () => {
    await network.staking.write.delegate([address.ben], as('ana'))
    await time.increase(1)
    const id = await propose(network, feeProposal(), 'ben')
    await network.governor.write.castVote([id, 1], as('ben'))
    await time.increase(6n * day)
    assert.equal(await stateOf(id), state.succeeded)
  })

  it('lets a proposer take a proposal back before the vote, and nobody else', async () => {
    await network.governor.write.propose(feeProposal(), as('ana'))
    const id = await network.governor.read.getProposalId(named(feeProposal()))
    const call = network.governor.simulate.cancel(named(feeProposal()), as('eve'))
    await reverts(call, 'GovernorUnableToCancel', [id, address.eve])
    await network.governor.write.cancel(named(feeProposal()), as('ana'))
    assert.equal(await stateOf(id), state.canceled)
  })

  it('moves its own quorum, inside bounds', async () => {
    const { governor } = network
    await decide(network, proposalTo(governor, 'updateQuorumNumerator', [2_000n]), 'ana')
    assert.equal(await governor.read.quorumNumerator(), 2_000n)
    await giveStake(network, 'ana', tag(70_000_000_000))
    await time.increase(1)
    for (const value of [99n, 2_001n]) {
      const call = decide(network, proposalTo(governor, 'updateQuorumNumerator', [value]), 'ana')
      await reverts(call, 'OutOfBounds', [stringToHex('quorumBps', { size: 32 }), value, 100n, 2_000n])
    }
    await reverts(governor.simulate.updateQuorumNumerator([500n], as('ana')), 'GovernorOnlyExecutor')
  })

  it('spends the treasury, and nothing else', async () => {
    const { tagToken, timelock, staking } = network
    await tagToken.write.transfer([timelock.address, tag(7)], as('cleo'))
    await decide(network, proposalTo(tagToken, 'transfer', [address.eve, tag(7)]), 'ana')
    assert.equal(await tagToken.read.balanceOf([address.eve]), tag(7))
    const grab = proposalTo(tagToken, 'transferFrom', [staking.address, address.eve, tag(7)])
    await reverts(decide(network, grab, 'ana'), 'ERC20InsufficientAllowance')
    const slash = proposalTo(staking, 'slash', [address.ana, 0n, tag(7), address.eve, tag(3)])
    await reverts(decide(network, slash, 'ana'), 'NotLocker', [timelock.address])
  })
})
