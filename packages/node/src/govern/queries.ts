import type { Address, Hex } from '@tagger/protocol'
import { type Statement, sql } from '../db/sql.ts'

// disputes

export interface DisputeRow {
  id: Hex
  campaign_id: Hex
  title: string | null
  batch: Hex
  batch_index: number
  challenger: Address
  operator: Address
  requester: Address
  reason: string
  outcome: 'open' | 'upheld' | 'void' | 'undecided'
  round: number
  commit_ends: number
  reveal_ends: number
  bond: string
  slash_bps: number
  quorum_bps: number
  total_weight: string
  valid_weight: string
  invalid_weight: string
  proposed_at: number
  challenged_at: number
  ended_at: number | null
  challenge_transaction: Hex
}

/** Disputes, newest first; with an id that one only. */
export function selectDisputes(filter: {
  id?: Hex
  state?: 'open' | 'ended'
  after: { challengedAt: number; id: string } | null
  limit: number
}): Statement {
  const { id = null, state = null, after, limit } = filter
  return sql`
    select d.*, c.title from disputes d left join campaigns c on c.id = d.campaign_id
    where (${id}::text is null or d.id = ${id})
      and (${state}::text is null or (d.outcome = 'open') = (${state} = 'open'))
      and (${after?.id ?? null}::text is null
        or (d.challenged_at, d.id) < (${after?.challengedAt ?? null}::bigint, ${after?.id ?? null}::text))
    order by d.challenged_at desc, d.id desc limit ${limit}`
}

export interface DisputeVoteRow {
  voter: Address
  weight: string
  round: number
  choice: 'committed' | 'valid' | 'invalid'
  slashed: string | null
  rewarded: string
}

/** Votes of a dispute, heaviest first. */
export function selectDisputeVotes(id: Hex): Statement {
  return sql`
    select voter, weight, round, choice, slashed, rewarded from dispute_votes
    where dispute_id = ${id} order by dispute_votes.weight desc, voter`
}

// batches

export interface PendingRow {
  campaign_id: Hex
  title: string | null
  batch: Hex
  header: Record<string, unknown>
  terms: Record<string, unknown>
  proposed_at: number
  final_at: number
  is_disputed: boolean
  dispute_id: Hex | null
}

/** Pending batches of all campaigns, oldest first. */
export function selectPending(
  after: { proposedAt: number; campaignId: string } | null,
  limit: number,
): Statement {
  return sql`
    select p.*, c.title, d.id as dispute_id, o.args->'terms' as terms
    from pending_batches p
    left join campaigns c on c.id = p.campaign_id
    left join disputes d on d.batch = p.batch and d.proposed_at = p.proposed_at
    join chain_events o on o.campaign_id = p.campaign_id and o.name = 'CampaignOpened'
    where ${after?.campaignId ?? null}::text is null
      or (p.proposed_at, p.campaign_id) > (${after?.proposedAt ?? null}::bigint, ${after?.campaignId ?? null}::text)
    order by p.proposed_at, p.campaign_id limit ${limit}`
}

// stakes

export interface StakeRow {
  account: Address
  staked: string
  cooling: string
  cooling_until: number
  locks: Record<Address, string>
  validating: string
  slashed: string
  votes: string
  delegate: Address | null
}

/** Accounts with stake or votes, most stake first; with `locker` those it has locked stake of. */
export function selectStakes(filter: {
  locker: Address | null
  isValidator: boolean
  after: { staked: string; account: string } | null
  limit: number
}): Statement {
  const { locker, isValidator, after, limit } = filter
  return sql`
    select * from stakes
    where staked + cooling + votes > 0
      and (${locker}::text is null or locks ? ${locker}::text)
      and (not ${isValidator}::boolean or validating > 0)
      and (${after?.account ?? null}::text is null
        or staked < ${after?.staked ?? null}::numeric
        or (staked = ${after?.staked ?? null}::numeric and account > ${after?.account ?? null}::text))
    order by staked desc, account limit ${limit}`
}

export function selectStake(account: Address): Statement {
  return sql`select * from stakes where account = ${account}`
}

// proposals

export interface ProposalRow {
  id: string
  proposer: Address
  description: string
  calls: { target: Address; value: string; calldata: Hex }[]
  status: 'proposed' | 'queued' | 'executed' | 'canceled'
  created_at: number
  vote_start: number
  vote_end: number
  for_votes: string
  against_votes: string
  abstain_votes: string
  eta: number | null
  propose_transaction: Hex
  /** In basis points of the supply, when the vote starts or started. */
  quorum_bps: number
}

/** Proposals, newest first; with an id that one only. */
export function selectProposals(filter: {
  id?: string
  after: { createdAt: number; id: string } | null
  limit: number
}): Statement {
  const { id = null, after, limit } = filter
  return sql`
    select p.*, coalesce((
      select (e.args->>'newQuorumNumerator')::int from chain_events e join chain_blocks b on b.number = e.block_number
      where e.subject = 'quorum' and b.time <= p.vote_start
      order by e.block_number desc, e.log_index desc limit 1), 0) as quorum_bps
    from proposals p
    where (${id}::text is null or p.id = ${id})
      and (${after?.id ?? null}::text is null
        or (p.created_at, p.id) < (${after?.createdAt ?? null}::bigint, ${after?.id ?? null}::text))
    order by p.created_at desc, p.id desc limit ${limit}`
}

export interface ProposalVoteRow {
  voter: Address
  choice: 'against' | 'for' | 'abstain'
  weight: string
  reason: string
}

/** Votes on a proposal, heaviest first. */
export function selectProposalVotes(id: string): Statement {
  return sql`
    select voter, choice, weight, reason from proposal_votes
    where proposal_id = ${id} order by proposal_votes.weight desc, voter`
}

// parameters

/** Changes with every change of the network's numbers. */
export function selectParametersStamp(): Statement {
  return sql`
    select block_number || '.' || log_index as stamp from chain_events where subject = 'parameters'
    order by block_number desc, log_index desc limit 1`
}
