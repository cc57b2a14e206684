import type { KeptVote } from '@tagger/sdk'
import type { Phase } from './phases.ts'
import type { Dispute, Vote } from './queries.ts'

/** What there is for an account to do or to know in a dispute. */
export type Turn =
  | 'party'
  | 'weightless'
  | 'commit'
  | 'committed'
  | 'reveal'
  | 'not-kept'
  | 'revealed'
  | 'forgotten'
  | 'late'
  | 'settle'
  | 'settled'
  | 'none'

/** Whose turn it is, of one account. `due` is what settling would pay it now. */
export function turnOf(input: {
  dispute: Pick<Dispute, 'operator' | 'requester' | 'challenger' | 'round'>
  phase: Phase
  account: string
  weight: bigint
  vote: Vote | undefined
  kept: KeptVote | null
  due: bigint
}): Turn {
  const { dispute, phase, account, weight, vote, kept, due } = input
  if (vote === undefined) {
    const { operator, requester, challenger } = dispute
    if ([operator, requester, challenger].includes(account as never)) return 'party'
    if (weight === 0n) return 'weightless'
    if (phase === 'committing') return 'commit'
    return phase === 'revealing' || phase === 'counting' ? 'late' : 'none'
  }
  switch (phase) {
    case 'upheld':
    case 'void':
    case 'undecided':
      return vote.slashed === null || due > 0n ? 'settle' : 'settled'
    default:
  }
  if (vote.state !== 'committed') return 'revealed'
  if (vote.round < dispute.round || phase === 'counting') return 'forgotten'
  if (phase === 'committing') return 'committed'
  return kept === null ? 'not-kept' : 'reveal'
}
