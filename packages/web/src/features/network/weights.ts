import type { Dispute, Vote } from './queries.ts'

const PARTS = 1_000_000n

/** `part` of `whole` in millionths, 0 of nothing. */
export function shareOf(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * PARTS) / whole)
}

/** A bar whose parts lie side by side, each in millionths of its length. */
export interface Bar {
  parts: number[]
  /** Where the quorum stands; null when it is beyond the bar's end or there is none. */
  mark: number | null
}

/** The weights of a dispute as one bar as long as all that may vote: for, against, and the rest left open. */
export function disputeBar(
  dispute: Pick<Dispute, 'validWeight' | 'invalidWeight' | 'totalWeight' | 'quorumBps'>,
): Bar {
  const { validWeight, invalidWeight, totalWeight, quorumBps } = dispute
  return {
    parts: [shareOf(validWeight, totalWeight), shareOf(invalidWeight, totalWeight)],
    mark: quorumBps * 100,
  }
}

/** Votes of a proposal, each a bar of its own against all that were given. */
export function proposalBars(votes: readonly bigint[]): Bar[] {
  const all = votes.reduce((sum, each) => sum + each, 0n)
  return votes.map((each) => ({ parts: [shareOf(each, all)], mark: null }))
}

/** The votes that count for the quorum against what it takes; full when it is reached. */
export function quorumBar(counting: bigint, quorum: bigint): Bar {
  return { parts: [counting >= quorum ? 1_000_000 : shareOf(counting, quorum)], mark: null }
}

/** What a vote puts at risk, rounded up as the contract does. */
export function atRiskUp(weight: bigint, slashBps: number): bigint {
  return (weight * BigInt(slashBps) + 9_999n) / 10_000n
}

/** What `settle` would pay a voter now, rounded down as the contract does. */
export function rewardDueDown(
  dispute: Pick<Dispute, 'state' | 'validWeight' | 'invalidWeight'>,
  pool: bigint,
  vote: Pick<Vote, 'state' | 'weight' | 'rewarded'>,
): bigint {
  const { state, validWeight, invalidWeight } = dispute
  const winners =
    state === 'upheld' ? validWeight : state === 'void' ? invalidWeight : validWeight + invalidWeight
  const hasWon =
    state === 'upheld'
      ? vote.state === 'valid'
      : state === 'void'
        ? vote.state === 'invalid'
        : state === 'undecided' && vote.state !== 'committed'
  if (!hasWon || winners === 0n) return 0n
  return (pool * vote.weight) / winners - vote.rewarded
}
