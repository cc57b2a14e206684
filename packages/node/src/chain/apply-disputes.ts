import type { Address, Hex } from '@tagger/protocol'
import { hexToString } from 'viem'
import type { Database } from '../db/database.ts'
import { type Statement, sql } from '../db/sql.ts'
import { type ChainEvent, hexOf } from './event.ts'
import { type DisputeOnChain, foldDispute, foldVote, type VoteOnChain } from './fold-dispute.ts'

/** Folds events of a dispute into its row and its votes; `isWhole` when these are all there are. */
export async function applyDispute(
  tx: Database,
  id: string,
  events: readonly ChainEvent[],
  isWhole: boolean,
): Promise<void> {
  if (isWhole) await tx.query(sql`delete from disputes where id = ${id}`)
  let dispute = isWhole ? null : await loadDispute(tx, id)
  const votes = new Map<Address, VoteOnChain | null>()
  for (const event of events) {
    if (event.name === 'Challenged' && !(await insertDispute(tx, id, event))) return
    dispute = foldDispute(dispute, event)
    if (dispute === null || event.args.voter === undefined) continue
    const voter = hexOf(event, 'voter')
    const before = votes.has(voter) ? votes.get(voter)! : await loadVote(tx, id, voter)
    votes.set(voter, foldVote(before, event, dispute.round))
  }
  if (dispute === null) return
  await tx.query(sql`
    update disputes set outcome = ${dispute.outcome}, round = ${dispute.round}, commit_ends = ${dispute.commitEnds},
      reveal_ends = ${dispute.revealEnds}, valid_weight = ${dispute.validWeight},
      invalid_weight = ${dispute.invalidWeight}, ended_at = ${dispute.endedAt}
    where id = ${id}`)
  for (const [voter, vote] of votes) if (vote !== null) await saveVote(tx, id, voter, vote)
}

async function loadDispute(tx: Database, id: string): Promise<DisputeOnChain | null> {
  const [row] = await tx.query<
    Omit<DisputeOnChain, 'validWeight' | 'invalidWeight'> & { validWeight: string; invalidWeight: string }
  >(sql`
    select campaign_id as "campaignId", batch, challenger, reason, outcome, round, commit_ends as "commitEnds",
      reveal_ends as "revealEnds", valid_weight as "validWeight", invalid_weight as "invalidWeight",
      challenged_at as "challengedAt", ended_at as "endedAt", challenge_transaction as "challengeTransaction"
    from disputes where id = ${id} for update`)
  return row
    ? { ...row, validWeight: BigInt(row.validWeight), invalidWeight: BigInt(row.invalidWeight) }
    : null
}

async function loadVote(tx: Database, id: string, voter: Address): Promise<VoteOnChain | null> {
  const [row] = await tx.query<Record<'weight' | 'slashed' | 'rewarded', string> & VoteOnChain>(sql`
    select weight, round, choice, slashed, rewarded from dispute_votes
    where dispute_id = ${id} and voter = ${voter} for update`)
  if (!row) return null
  const slashed = row.slashed === null ? null : BigInt(row.slashed)
  return { ...row, weight: BigInt(row.weight), slashed, rewarded: BigInt(row.rewarded) }
}

async function saveVote(tx: Database, id: string, voter: Address, vote: VoteOnChain): Promise<void> {
  await tx.query(sql`
    insert into dispute_votes (dispute_id, voter, weight, round, choice, slashed, rewarded)
    values (${id}, ${voter}, ${vote.weight}, ${vote.round}, ${vote.choice}, ${vote.slashed}, ${vote.rewarded})
    on conflict (dispute_id, voter) do update set weight = excluded.weight, round = excluded.round,
      choice = excluded.choice, slashed = excluded.slashed, rewarded = excluded.rewarded`)
}

/**
 * A new dispute, with what the contract copies on a challenge: all of it was said by earlier events. False when they
 * are not known, as the ledger begins after them.
 */
async function insertDispute(tx: Database, id: string, event: ChainEvent): Promise<boolean> {
  const { campaignId, batch, ...said } = foldDispute(null, event)!
  const [proposal] = await tx.query<{ index: string; time: number }>(sql`
    select e.args->'header'->>'index' as index, b.time from chain_events e
    join chain_blocks b on b.number = e.block_number
    where e.campaign_id = ${campaignId} and e.name = 'BatchProposed' and e.args->>'batch' = ${batch}
      and ${isBefore(event)}
    order by e.block_number desc, e.log_index desc limit 1`)
  const [opened] = await tx.query<{ operator: Address; requester: Address }>(sql`
    select e.args->>'operator' as operator, e.args->>'requester' as requester from chain_events e
    where e.campaign_id = ${campaignId} and e.name = 'CampaignOpened' and ${isBefore(event)} limit 1`)
  if (!proposal || !opened) return false
  const { operator, requester } = opened
  const numbers = await parametersAt(tx, event)
  const parties = [operator, requester, said.challenger]
  await tx.query(sql`
    insert into disputes (id, campaign_id, batch, batch_index, challenger, operator, requester, reason, outcome, round,
      commit_ends, reveal_ends, bond, slash_bps, quorum_bps, total_weight, valid_weight, invalid_weight, proposed_at,
      challenged_at, challenge_transaction)
    values (${id}, ${campaignId}, ${batch}, ${Number(proposal.index)}, ${said.challenger}, ${operator}, ${requester},
      ${said.reason}, ${said.outcome}, ${said.round}, ${said.commitEnds}, ${said.revealEnds},
      ${numbers.get('disputeBond') ?? 0n}, ${numbers.get('voterSlashBps') ?? 0n},
      ${numbers.get('disputeQuorumBps') ?? 0n}, ${await weightBefore(tx, proposal.time, parties)}, 0, 0,
      ${proposal.time}, ${said.challengedAt}, ${said.challengeTransaction})`)
  return true
}

/** The network's numbers when an event happened. */
async function parametersAt(tx: Database, event: ChainEvent): Promise<Map<string, bigint>> {
  const rows = await tx.query<{ name: Hex; value: string }>(sql`
    select distinct on (e.args->>'name') e.args->>'name' as name, e.args->>'value' as value from chain_events e
    where e.subject = 'parameters' and ${isBefore(event)}
    order by e.args->>'name', e.block_number desc, e.log_index desc`)
  return new Map(rows.map(({ name, value }) => [hexToString(name, { size: 32 }), BigInt(value)]))
}

/** What validators other than the parties had locked at the end of the second before `time`. */
async function weightBefore(tx: Database, time: number, parties: readonly Address[]): Promise<string> {
  const [row] = await tx.query<{ weight: string }>(sql`
    select coalesce(sum(amount), 0) as weight from (
      select distinct on (e.subject) e.subject, (e.args->>'amount')::numeric as amount from chain_events e
      join chain_blocks b on b.number = e.block_number
      where e.name = 'ValidatorStakeSet' and b.time < ${time}
      order by e.subject, e.block_number desc, e.log_index desc) as validator
    where subject <> all(${parties.map((party) => `account:${party}`)}::text[])`)
  return row!.weight
}

function isBefore({ blockNumber, logIndex }: ChainEvent): Statement {
  return sql`(e.block_number, e.log_index) < (${blockNumber}::bigint, ${logIndex}::integer)`
}
