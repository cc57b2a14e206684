import type { Address, Hex } from '@tagger/protocol'
import { amountOf, type ChainEvent, hexOf, textOf } from './event.ts'

const OUTCOMES = ['open', 'open', 'upheld', 'void', 'undecided'] as const

/** What a dispute's own events say of it. Weights in TAG's smallest unit, times in seconds since epoch. */
export interface DisputeOnChain {
  campaignId: Hex
  batch: Hex
  challenger: Address
  reason: string
  outcome: (typeof OUTCOMES)[number]
  round: number
  commitEnds: number
  revealEnds: number
  validWeight: bigint
  invalidWeight: bigint
  challengedAt: number
  endedAt: number | null
  challengeTransaction: Hex
}

/** A dispute after one more event of its own; null before the challenge. */
export function foldDispute(dispute: DisputeOnChain | null, event: ChainEvent): DisputeOnChain | null {
  if (event.name === 'Challenged') {
    return {
      campaignId: hexOf(event, 'campaignId'),
      batch: hexOf(event, 'batch'),
      challenger: hexOf(event, 'challenger'),
      reason: textOf(event, 'reason'),
      outcome: 'open',
      // The first round is told of next, in the same transaction.
      ...{ round: 1, commitEnds: event.time, revealEnds: event.time },
      ...{ validWeight: 0n, invalidWeight: 0n },
      challengedAt: event.time,
      endedAt: null,
      challengeTransaction: event.transactionHash,
    }
  }
  if (dispute === null) return null
  switch (event.name) {
    case 'RoundStarted': {
      const { round, commitEnds, revealEnds } = event.args
      return {
        ...dispute,
        ...{ round: Number(round), commitEnds: Number(commitEnds), revealEnds: Number(revealEnds) },
      }
    }
    case 'VoteRevealed': {
      const weight = amountOf(event, 'weight')
      return event.args.isValid === true
        ? { ...dispute, validWeight: dispute.validWeight + weight }
        : { ...dispute, invalidWeight: dispute.invalidWeight + weight }
    }
    case 'DisputeResolved':
      return { ...dispute, outcome: OUTCOMES[Number(event.args.outcome)]!, endedAt: event.time }
    default:
      return dispute
  }
}

/** What the chain says of a vote in a dispute. */
export interface VoteOnChain {
  weight: bigint
  round: number
  choice: 'committed' | 'valid' | 'invalid'
  /** Null until the vote is settled. */
  slashed: bigint | null
  rewarded: bigint
}

/** A vote after one more event that names its voter, in the dispute's round then; null before it is committed. */
export function foldVote(vote: VoteOnChain | null, event: ChainEvent, round: number): VoteOnChain | null {
  if (event.name === 'VoteCommitted') {
    return { weight: amountOf(event, 'weight'), round, choice: 'committed', slashed: null, rewarded: 0n }
  }
  if (vote === null) return null
  switch (event.name) {
    case 'VoteRevealed':
      return { ...vote, choice: event.args.isValid === true ? 'valid' : 'invalid' }
    case 'VoteSettled':
      return { ...vote, slashed: amountOf(event, 'slashed') }
    case 'RewardPaid':
      return { ...vote, rewarded: vote.rewarded + amountOf(event, 'amount') }
    default:
      return vote
  }
}
