import type { Dispute, Proposal } from './queries.ts'

export type Phase = Dispute['state']
export type Stage = Proposal['state']

/** Where a dispute stands now: what the node said, carried on by the clock, which asks nobody. */
export function phaseOf(dispute: Pick<Dispute, 'state' | 'commitEnds' | 'revealEnds'>, now: number): Phase {
  if (!isOpen(dispute)) return dispute.state
  if (now < Date.parse(dispute.commitEnds)) return 'committing'
  return now < Date.parse(dispute.revealEnds) ? 'revealing' : 'counting'
}

/** Whether its votes are still to be counted. */
export function isOpen({ state }: Pick<Dispute, 'state'>): boolean {
  return state === 'committing' || state === 'revealing' || state === 'counting'
}

/** When the phase ends, null for one that waits for somebody or is the last. */
export function phaseEnd(
  dispute: Pick<Dispute, 'state' | 'commitEnds' | 'revealEnds'>,
  now: number,
): number | null {
  const phase = phaseOf(dispute, now)
  if (phase === 'committing') return Date.parse(dispute.commitEnds)
  return phase === 'revealing' ? Date.parse(dispute.revealEnds) : null
}

type Ballots = Pick<
  Proposal,
  'state' | 'voteStart' | 'voteEnd' | 'forVotes' | 'againstVotes' | 'abstainVotes' | 'quorum'
>

/** Where a proposal stands now, counted as the governor counts. */
export function stageOf(proposal: Ballots, now: number): Stage {
  const { state, forVotes, againstVotes, abstainVotes, quorum } = proposal
  if (state !== 'pending' && state !== 'active') return state
  // The governor's clock knows whole seconds, and both ends belong to what they end.
  const second = now - (now % 1000)
  if (second <= Date.parse(proposal.voteStart)) return 'pending'
  if (second <= Date.parse(proposal.voteEnd)) return 'active'
  return forVotes > againstVotes && forVotes + abstainVotes >= quorum ? 'succeeded' : 'defeated'
}

/** When the vote begins or ends, or what was accepted may be done; null when nothing is to come. */
export function stageEnd(proposal: Ballots & Pick<Proposal, 'eta'>, now: number): number | null {
  const stage = stageOf(proposal, now)
  if (stage === 'pending') return Date.parse(proposal.voteStart)
  if (stage === 'active') return Date.parse(proposal.voteEnd)
  return stage === 'queued' && proposal.eta !== null && now < Date.parse(proposal.eta)
    ? Date.parse(proposal.eta)
    : null
}
