import type { Address, Hex } from '@tagger/protocol'
import { amountOf, type ChainEvent, type EventValue, hexOf, textOf } from './event.ts'

/** OpenZeppelin's order of what a vote can be. */
const CHOICES = ['against', 'for', 'abstain'] as const

/** One call a proposal makes when it is executed. */
export interface CallOnChain {
  target: Address
  /** Decimal, in the chain's own coin. */
  value: string
  calldata: Hex
}

/** What the governor says of a proposal. Votes in TAG's smallest unit, times in seconds since epoch. */
export interface ProposalOnChain {
  proposer: Address
  description: string
  calls: readonly CallOnChain[]
  /** What was done with it; how the vote went follows from the numbers and the time. */
  status: 'proposed' | 'queued' | 'executed' | 'canceled'
  createdAt: number
  voteStart: number
  voteEnd: number
  forVotes: bigint
  againstVotes: bigint
  abstainVotes: bigint
  eta: number | null
  proposeTransaction: Hex
}

/** A proposal after one more event of its own; null before it is made. */
export function foldProposal(proposal: ProposalOnChain | null, event: ChainEvent): ProposalOnChain | null {
  if (event.name === 'ProposalCreated') {
    return {
      proposer: hexOf(event, 'proposer'),
      description: textOf(event, 'description'),
      calls: callsOf(event.args),
      status: 'proposed',
      createdAt: event.time,
      voteStart: Number(event.args.voteStart),
      voteEnd: Number(event.args.voteEnd),
      ...{ forVotes: 0n, againstVotes: 0n, abstainVotes: 0n },
      eta: null,
      proposeTransaction: event.transactionHash,
    }
  }
  if (proposal === null) return null
  switch (event.name) {
    case 'VoteCast':
    case 'VoteCastWithParams': {
      const votes = `${choiceOf(event)}Votes` as const
      return { ...proposal, [votes]: proposal[votes] + amountOf(event, 'weight') }
    }
    case 'ProposalQueued':
      return { ...proposal, status: 'queued', eta: Number(event.args.etaSeconds) }
    case 'ProposalExecuted':
      return { ...proposal, status: 'executed' }
    case 'ProposalCanceled':
      return { ...proposal, status: 'canceled' }
    default:
      return proposal
  }
}

/** What a `VoteCast` says. */
export function choiceOf(event: ChainEvent): (typeof CHOICES)[number] {
  return CHOICES[Number(event.args.support)]!
}

function callsOf(args: Record<string, EventValue>): CallOnChain[] {
  const { targets, values, calldatas } = args as Record<string, EventValue[]>
  return targets!.map((target, i) => ({
    target: target as Address,
    value: String(values![i]),
    calldata: calldatas![i] as Hex,
  }))
}
