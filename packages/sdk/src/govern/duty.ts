import type { Address } from '@tagger/protocol'
import type { BallotState, DisputeState } from './disputes.ts'

/** What came of checking a batch, as far as it was tried. Times here are in seconds since epoch. */
export type Finding =
  | { kind: 'sound' }
  /** `reason` names the fault and its place. */
  | { kind: 'unsound'; reason: string }
  /** Its bytes could not be had, or not be checked within this validator's limits. */
  | { kind: 'unchecked'; reason: string; tries: number; tryAgainAt: number }

/** What a validator has decided for itself. */
export interface Policy {
  /** Tries before a batch that cannot be checked counts as one that does not hold. */
  tries: number
  /** The part of the time there is that must have passed before it does, 0 to 1. */
  patience: number
  /** False for one that only votes. */
  challenges: boolean
}

/** A batch that waits to become final, as a validator sees it. */
export interface BatchSituation {
  now: number
  account: Address
  operator: Address
  proposedAt: number
  /** Until then it may be challenged. */
  finalAt: number
  /** Whether there is, or was, a dispute about this proposal: there is one at most. */
  isDisputed: boolean
  /** Null before the first check came to an end. */
  finding: Finding | null
}

/** A dispute, as a validator sees it. */
export interface DisputeSituation {
  now: number
  account: Address
  state: Pick<
    DisputeState,
    | 'challenger'
    | 'operator'
    | 'requester'
    | 'outcome'
    | 'round'
    | 'commitStarts'
    | 'commitEnds'
    | 'revealEnds'
  >
  ballot: Pick<BallotState, 'weight' | 'round' | 'choice' | 'isSettled'>
  /** What the account's vote weighs here. */
  weight: bigint
  /** Voters who lost and are not settled: what they lose is shared by those who won. */
  losers: readonly Address[]
  /** What bonds have credited to the account. */
  credit: bigint
  finding: Finding | null
}

/** What a validator does next about a batch or a dispute. `until` is null where nothing is left to wait for. */
export type Duty =
  | { do: 'wait'; until: number | null; why: string }
  | { do: 'check' }
  | { do: 'challenge'; reason: string }
  | { do: 'commit'; isValid: boolean }
  | { do: 'reveal' | 'resolve' | 'collect' }
  | { do: 'settle'; voter: Address }

/** Whoever has no stake in a dispute counts its votes only when nobody else has. */
const OTHERS_COUNT_AFTER_SECONDS = 60

/** What to do next about a pending batch. */
export function batchDuty(situation: BatchSituation, policy: Policy): Duty {
  const { now, account, operator, proposedAt, finalAt, isDisputed, finding } = situation
  if (account === operator) return wait(null, 'it is of its own campaign')
  if (isDisputed) return wait(null, 'it is in dispute')
  if (now >= finalAt) return wait(null, 'its window is over')
  const judgment = judge(finding, { now, from: proposedAt, to: finalAt }, policy)
  if (typeof judgment !== 'boolean') return judgment
  if (judgment) return wait(null, 'it holds')
  if (!policy.challenges) return wait(null, 'it does not hold, and this validator only votes')
  return { do: 'challenge', reason: reasonOf(finding) }
}

/** What to do next about a dispute. */
export function disputeDuty(situation: DisputeSituation, policy: Policy): Duty {
  if (situation.state.outcome !== 'open') return afterwards(situation)
  const { now, account, state, ballot } = situation
  if (now < state.commitEnds) return beforeReveal(situation, policy)
  if (now < state.revealEnds) {
    const isMine = ballot.weight > 0n && ballot.round === state.round && ballot.choice === 'none'
    return isMine ? { do: 'reveal' } : wait(state.revealEnds, 'others reveal their votes')
  }
  const isInvolved = ballot.weight > 0n || account === state.challenger
  const countFrom = state.revealEnds + (isInvolved ? 0 : OTHERS_COUNT_AFTER_SECONDS)
  return now >= countFrom ? { do: 'resolve' } : wait(countFrom, 'those who voted may count')
}

function beforeReveal(
  { now, account, state, ballot, weight, finding }: DisputeSituation,
  policy: Policy,
): Duty {
  const { challenger, operator, requester, commitStarts, commitEnds, revealEnds } = state
  if (ballot.weight > 0n) return wait(commitEnds, 'others commit their votes')
  if (account === challenger) return wait(revealEnds, 'a challenger has no vote')
  if (account === operator || account === requester) return wait(null, 'a party has no vote')
  if (weight === 0n) return wait(null, 'the account had no validator stake before the batch was proposed')
  const judgment = judge(finding, { now, from: commitStarts, to: commitEnds }, policy)
  return typeof judgment === 'boolean' ? { do: 'commit', isValid: judgment } : judgment
}

function afterwards({ account, state, ballot, losers, credit }: DisputeSituation): Duty {
  if (ballot.weight > 0n) {
    // Before the own vote, so that one payment brings all of the reward.
    const [voter] = hasWon(state.outcome, ballot.choice) ? losers : []
    if (voter !== undefined) return { do: 'settle', voter }
    if (!ballot.isSettled) return { do: 'settle', voter: account }
  }
  if (account === state.challenger && credit > 0n) return { do: 'collect' }
  return wait(null, 'it is over')
}

/** Whether a vote was on the side that won; without a quorum everybody who revealed was. */
export function hasWon(outcome: DisputeState['outcome'], choice: BallotState['choice']): boolean {
  if (outcome === 'upheld') return choice === 'valid'
  if (outcome === 'void') return choice === 'invalid'
  return outcome === 'undecided' && choice !== 'none'
}

/** Whether the batch holds, or what it takes to know. What can't be had or checked in time does not hold. */
function judge(
  finding: Finding | null,
  { now, from, to }: { now: number; from: number; to: number },
  { tries, patience }: Policy,
): boolean | Duty {
  if (finding === null) return { do: 'check' }
  if (finding.kind !== 'unchecked') return finding.kind === 'sound'
  const lost = from + patience * (to - from)
  if (finding.tries >= tries && now >= lost) return false
  if (now >= finding.tryAgainAt) return { do: 'check' }
  return wait(
    finding.tries >= tries ? Math.min(lost, finding.tryAgainAt) : finding.tryAgainAt,
    finding.reason,
  )
}

function reasonOf(finding: Finding | null): string {
  return finding === null || finding.kind === 'sound' ? '' : finding.reason
}

function wait(until: number | null, why: string): Duty {
  return { do: 'wait', until, why }
}
