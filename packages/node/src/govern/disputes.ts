import { type Hex, TaggerError } from '@tagger/protocol'
import type { endpoints, ReplyOf } from '@tagger/protocol/wire'
import { decodeCursor, encodeCursor } from '../campaigns/cursor.ts'
import type { Node } from '../node.ts'
import { isoTime } from './iso-time.ts'
import { type DisputeRow, type DisputeVoteRow, selectDisputes, selectDisputeVotes } from './queries.ts'

type Listed = ReplyOf<(typeof endpoints)['listDisputes']>
type Dispute = ReplyOf<(typeof endpoints)['getDispute']>

/** A page of disputes, newest first. */
export async function listDisputes(
  node: Node,
  filter: { state?: 'open' | 'ended'; cursor?: string; limit: number },
): Promise<Listed> {
  const { state, cursor, limit } = filter
  const place = decodeCursor(cursor, ['number', 'string'])
  const after = place && { challengedAt: place[0] as number, id: place[1] as string }
  const rows = await node.db.query<DisputeRow>(selectDisputes({ state, after, limit: limit + 1 }))
  const last = rows[limit - 1]
  return {
    data: rows.slice(0, limit).map((row) => summaryOf(row, node.now())),
    nextCursor: rows.length > limit && last ? encodeCursor([last.challenged_at, last.id]) : null,
  }
}

/** A dispute with its votes. Throws `not-found`. */
export async function getDispute(node: Node, id: Hex): Promise<Dispute> {
  const [row] = await node.db.query<DisputeRow>(selectDisputes({ id, after: null, limit: 1 }))
  if (!row) throw new TaggerError('not-found', `There is no dispute ${id} on this network`)
  const votes = await node.db.query<DisputeVoteRow>(selectDisputeVotes(id))
  return {
    ...summaryOf(row, node.now()),
    votes: votes.map(({ choice, ...vote }) => ({ ...vote, state: choice })),
  }
}

/** Where a dispute stands: the phase of its round by the clock, as the contract has it, or how it ended. */
export function stateOf(
  dispute: Pick<DisputeRow, 'outcome' | 'commit_ends' | 'reveal_ends'>,
  now: Date,
): Dispute['state'] {
  if (dispute.outcome !== 'open') return dispute.outcome
  const seconds = now.getTime() / 1000
  if (seconds < dispute.commit_ends) return 'committing'
  return seconds < dispute.reveal_ends ? 'revealing' : 'counting'
}

function summaryOf(row: DisputeRow, now: Date): Listed['data'][number] {
  return {
    id: row.id,
    campaignId: row.campaign_id,
    campaignTitle: row.title,
    batch: row.batch,
    index: row.batch_index,
    challenger: row.challenger,
    operator: row.operator,
    requester: row.requester,
    reason: row.reason,
    round: row.round,
    state: stateOf(row, now),
    commitEnds: isoTime(row.commit_ends),
    revealEnds: isoTime(row.reveal_ends),
    bond: row.bond,
    slashBps: row.slash_bps,
    quorumBps: row.quorum_bps,
    totalWeight: row.total_weight,
    validWeight: row.valid_weight,
    invalidWeight: row.invalid_weight,
    proposedAt: isoTime(row.proposed_at),
    challengedAt: isoTime(row.challenged_at),
    endedAt: row.ended_at === null ? null : isoTime(row.ended_at),
    transaction: row.challenge_transaction,
  }
}
