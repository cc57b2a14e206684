import type { Address } from '@tagger/protocol'
import {
  type BallotState,
  type DisputeSituation,
  type DisputeState,
  type Finding,
  hasWon,
  readDisputeCredit,
  readVoteWeight,
  type Tagger,
  type WatchedDispute,
} from '@tagger/sdk'

/** Whether a dispute can ask anything of an account: it runs, or the account voted in it or began it. */
export function concerns(dispute: WatchedDispute, account: Address): boolean {
  return !dispute.isResolved || dispute.challenger === account || dispute.voters.has(account)
}

/** Reads where a dispute stands for the account of a client. */
export async function readSituation(
  tagger: Tagger,
  dispute: WatchedDispute,
  finding: Finding | null,
): Promise<DisputeSituation> {
  const { account } = tagger.wallet!
  const chain = await tagger.chain()
  const [state, ballot] = await Promise.all([
    tagger.disputes.read(dispute.id),
    tagger.disputes.ballot(dispute.id),
  ])
  const mayVote = state.outcome === 'open' && ballot.weight === 0n
  return {
    now: Date.now() / 1_000,
    account,
    state,
    ballot,
    weight: mayVote ? await readVoteWeight(chain, account, state.proposedAt) : ballot.weight,
    losers: hasWon(state.outcome, ballot.choice) ? await losersOf(tagger, dispute, state) : [],
    credit: state.challenger === account ? await readDisputeCredit(chain, account) : 0n,
    finding,
  }
}

/** Voters whose loss is still to be taken and shared. */
async function losersOf(
  { disputes, wallet }: Tagger,
  { id, voters }: WatchedDispute,
  state: DisputeState,
): Promise<Address[]> {
  const unsettled = [...voters].flatMap(([voter, { isSettled }]) => {
    return isSettled || voter === wallet!.account ? [] : [voter]
  })
  const ballots = await Promise.all(unsettled.map((voter) => disputes.ballot(id, voter)))
  return unsettled.filter((_, i) => losesStake(ballots[i]!, state))
}

/** As `Disputes.settle` has it: a vote not revealed, or one of a minority below a third. */
function losesStake(
  { choice, isSettled }: BallotState,
  { outcome, validWeight, invalidWeight }: DisputeState,
): boolean {
  if (isSettled || hasWon(outcome, choice)) return false
  const won = outcome === 'upheld' ? validWeight : outcome === 'void' ? invalidWeight : 0n
  return choice === 'none' || won * 3n > (validWeight + invalidWeight) * 2n
}
