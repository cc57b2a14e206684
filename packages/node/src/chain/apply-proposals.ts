import type { Database } from '../db/database.ts'
import { json, sql } from '../db/sql.ts'
import { amountOf, type ChainEvent, hexOf, textOf } from './event.ts'
import { choiceOf, foldProposal, type ProposalOnChain } from './fold-proposal.ts'

type Votes = 'forVotes' | 'againstVotes' | 'abstainVotes'

/** Folds events of a proposal into its row and its votes; `isWhole` when these are all there are. */
export async function applyProposal(
  tx: Database,
  id: string,
  events: readonly ChainEvent[],
  isWhole: boolean,
): Promise<void> {
  if (isWhole) await tx.query(sql`delete from proposals where id = ${id}`)
  let proposal = isWhole ? null : await loadProposal(tx, id)
  const votes: ChainEvent[] = []
  for (const event of events) {
    proposal = foldProposal(proposal, event)
    if (proposal !== null && event.name.startsWith('VoteCast')) votes.push(event)
  }
  if (proposal === null) return
  await tx.query(sql`
    insert into proposals (id, proposer, description, calls, status, created_at, vote_start, vote_end, for_votes,
      against_votes, abstain_votes, eta, propose_transaction)
    values (${id}, ${proposal.proposer}, ${proposal.description}, ${json(proposal.calls)}, ${proposal.status},
      ${proposal.createdAt}, ${proposal.voteStart}, ${proposal.voteEnd}, ${proposal.forVotes},
      ${proposal.againstVotes}, ${proposal.abstainVotes}, ${proposal.eta}, ${proposal.proposeTransaction})
    on conflict (id) do update set status = excluded.status, for_votes = excluded.for_votes,
      against_votes = excluded.against_votes, abstain_votes = excluded.abstain_votes, eta = excluded.eta`)
  // Nobody votes twice on a proposal.
  for (const event of votes) {
    await tx.query(sql`
      insert into proposal_votes (proposal_id, voter, choice, weight, reason)
      values (${id}, ${hexOf(event, 'voter')}, ${choiceOf(event)}, ${amountOf(event, 'weight')},
        ${textOf(event, 'reason')})
      on conflict do nothing`)
  }
}

async function loadProposal(tx: Database, id: string): Promise<ProposalOnChain | null> {
  const [row] = await tx.query<Omit<ProposalOnChain, Votes> & Record<Votes, string>>(sql`
    select proposer, description, calls, status, created_at as "createdAt", vote_start as "voteStart",
      vote_end as "voteEnd", for_votes as "forVotes", against_votes as "againstVotes",
      abstain_votes as "abstainVotes", eta, propose_transaction as "proposeTransaction"
    from proposals where id = ${id} for update`)
  if (!row) return null
  const { forVotes, againstVotes, abstainVotes } = row
  return {
    ...row,
    forVotes: BigInt(forVotes),
    againstVotes: BigInt(againstVotes),
    abstainVotes: BigInt(abstainVotes),
  }
}
