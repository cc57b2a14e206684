import type { Address, Hex } from '@tagger/protocol'
import { expect, test } from 'vitest'
import type { ChainEvent } from './event.ts'
import { foldBatch } from './fold-batch.ts'
import { foldCampaign } from './fold-campaign.ts'
import { type DisputeOnChain, foldDispute, foldVote, type VoteOnChain } from './fold-dispute.ts'
import { foldPending } from './fold-pending.ts'
import { foldProposal } from './fold-proposal.ts'
import { foldStake, NO_STAKE } from './fold-stake.ts'

const address = (digit: string) => `0x${digit.repeat(40)}` as Address
const [SELF, OTHER, CAMPAIGNS, DISPUTES] = ['1', '2', 'c', 'd'].map(address) as [
  Address,
  Address,
  Address,
  Address,
]
const BATCH = `0x${'b'.repeat(64)}` as Hex

const event = (name: string, args: ChainEvent['args'] = {}, time = 100): ChainEvent => ({
  ...{ blockNumber: 1, logIndex: 0, transactionHash: '0x0a', campaignId: null, subject: null },
  ...{ contract: 'staking', name, time, args },
})
const amount = (value: number) => ({ amount: String(value) })

test('a stake is what was put in and not taken out, lost or cooling', () => {
  const events = [
    event('Staked', amount(1000)),
    event('ValidatorStakeSet', amount(300)),
    event('Locked', { ...amount(200), locker: CAMPAIGNS }),
    event('Locked', { ...amount(15), locker: DISPUTES }),
    event('CoolingStarted', { ...amount(400), until: '160' }),
    event('DelegateVotesChanged', { previousVotes: '1000', newVotes: '600' }),
  ]
  const stake = events.reduce(foldStake, NO_STAKE)
  expect(stake).toMatchObject({
    staked: 600n,
    cooling: 400n,
    coolingUntil: 160,
    validating: 300n,
    votes: 600n,
  })
  expect(stake.locks).toEqual({ [CAMPAIGNS]: 200n, [DISPUTES]: 15n })
  expect(foldStake(stake, event('Withdrawn', amount(400)))).toMatchObject({ cooling: 0n, coolingUntil: 0 })
  const unlocked = foldStake(stake, event('Unlocked', { ...amount(200), locker: CAMPAIGNS }))
  expect(unlocked.locks).toEqual({ [DISPUTES]: 15n })
})

test('a slash takes what was locked out of the stake, never out of what cools', () => {
  const events = [
    event('Staked', amount(1000)),
    event('ValidatorStakeSet', amount(300)),
    event('CoolingStarted', { ...amount(100), until: '160' }),
    event('Locked', { ...amount(15), locker: DISPUTES }),
    event('ValidatorStakeSet', amount(285)),
    event('Slashed', { ...amount(15), locker: DISPUTES, beneficiary: OTHER, beneficiaryAmount: '7' }),
    event('Collected', amount(3)),
  ]
  const slashed = { staked: 885n, cooling: 100n, validating: 285n, slashed: 15n, collected: 3n, locks: {} }
  expect(events.reduce(foldStake, NO_STAKE)).toMatchObject(slashed)
})

test('an account votes for itself until it delegates, and again when it takes that back', () => {
  const to = (toDelegate: Address) =>
    event('DelegateChanged', { delegator: SELF, fromDelegate: SELF, toDelegate })
  const delegated = foldStake(NO_STAKE, to(OTHER))
  expect(delegated.delegate).toBe(OTHER)
  expect(foldStake(delegated, to(SELF)).delegate).toBeNull()
})

const challenged = event('Challenged', {
  ...{ campaignId: '0x01', batch: BATCH, challenger: OTHER, reason: 'bad\0roots' },
})
const round = (n: number) =>
  event('RoundStarted', { round: n, commitEnds: String(100 + 30 * n), revealEnds: String(130 + 30 * n) })

test('a dispute goes from round to round and adds up what is revealed', () => {
  const events = [challenged, round(1), round(2)]
  const open = events.reduce<DisputeOnChain | null>(foldDispute, null)
  expect(open).toMatchObject({ outcome: 'open', round: 2, commitEnds: 160, revealEnds: 190, endedAt: null })
  expect(open!.reason).toBe('bad\ufffdroots')
  const rest = [
    event('VoteRevealed', { voter: SELF, isValid: true, weight: '5' }),
    event('VoteRevealed', { voter: OTHER, isValid: false, weight: '7' }),
    event('DisputeResolved', { outcome: 3, validWeight: '5', invalidWeight: '7' }, 200),
  ]
  const over = rest.reduce(foldDispute, open)
  expect(over).toMatchObject({ outcome: 'void', validWeight: 5n, invalidWeight: 7n, endedAt: 200 })
  const resolved = (outcome: number) => foldDispute(open, event('DisputeResolved', { outcome }))!.outcome
  expect([2, 3, 4].map(resolved)).toEqual(['upheld', 'void', 'undecided'])
  expect(rest.reduce(foldDispute, null)).toBeNull()
})

test('a vote is secret until it is revealed, and is paid in parts', () => {
  const fold = (vote: VoteOnChain | null, next: ChainEvent) => foldVote(vote, next, 2)
  const committed = fold(null, event('VoteCommitted', { voter: SELF, weight: '9' }))
  expect(committed).toEqual({ weight: 9n, round: 2, choice: 'committed', slashed: null, rewarded: 0n })
  const events = [
    event('VoteRevealed', { voter: SELF, isValid: false, weight: '9' }),
    event('VoteSettled', { voter: SELF, slashed: '0' }),
    event('RewardPaid', { voter: SELF, ...amount(4) }),
    event('RewardPaid', { voter: SELF, ...amount(2) }),
  ]
  expect(events.reduce(fold, committed)).toMatchObject({ choice: 'invalid', slashed: 0n, rewarded: 6n })
  expect(events.reduce(fold, null)).toBeNull()
})

test('a batch’s clock stands still in a dispute', () => {
  const proposed = event('BatchProposed', { batch: BATCH, header: { index: '0' }, finalAt: '160' })
  const began = event('DisputeBegan', { batch: BATCH }, 130)
  const ended = event('DisputeEnded', { batch: BATCH, isVoid: false, stoodStill: '90' }, 220)
  for (const fold of [foldPending, foldBatch]) {
    const pending = fold(null as never, proposed)!
    expect(pending).toMatchObject({ finalAt: 160, isDisputed: false })
    const disputed = fold(pending as never, began)!
    expect(disputed).toMatchObject({ finalAt: 160, isDisputed: true })
    expect(fold(disputed as never, ended)).toMatchObject({ finalAt: 250, isDisputed: false })
  }
  expect(foldPending(foldPending(null, proposed), event('BatchVoid', { batch: BATCH }))).toBeNull()
  const opened = foldCampaign(null, event('CampaignOpened', amount(1)))
  expect([ended, ended].reduce(foldCampaign, opened)!.disputedTime).toBe(180)
})

test('a proposal counts its votes and keeps what was done with it', () => {
  const created = event('ProposalCreated', {
    ...{ proposalId: '7', proposer: SELF, description: '# Fee', voteStart: '110', voteEnd: '170' },
    ...{ targets: [OTHER], values: ['3'], signatures: [''], calldatas: ['0xabcd'] },
  })
  const votes = [0, 1, 2, 1].map((support, i) =>
    event('VoteCast', { voter: SELF, support, weight: String(10 ** i), reason: '' }),
  )
  const voted = [created, ...votes].reduce(foldProposal, null)!
  expect(voted).toMatchObject({ againstVotes: 1n, forVotes: 1010n, abstainVotes: 100n, status: 'proposed' })
  expect(voted.calls).toEqual([{ target: OTHER, value: '3', calldata: '0xabcd' }])
  const queued = foldProposal(voted, event('ProposalQueued', { etaSeconds: '200' }))!
  expect(queued).toMatchObject({ status: 'queued', eta: 200 })
  expect(foldProposal(queued, event('ProposalExecuted'))!.status).toBe('executed')
  expect(foldProposal(queued, event('ProposalCanceled'))!.status).toBe('canceled')
  expect(votes.reduce(foldProposal, null)).toBeNull()
})
