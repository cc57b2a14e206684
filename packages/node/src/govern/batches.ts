import type { Address } from '@tagger/protocol'
import type { endpoints, ReplyOf } from '@tagger/protocol/wire'
import { decodeCursor, encodeCursor } from '../campaigns/cursor.ts'
import type { Node } from '../node.ts'
import { isoTime } from './iso-time.ts'
import { type PendingRow, selectPending } from './queries.ts'

type Listed = ReplyOf<(typeof endpoints)['listPendingBatches']>
type Pending = Listed['data'][number]

/** A page of the batches that wait to become final, of any operator, oldest first. */
export async function listPendingBatches(
  node: Node,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Listed> {
  const place = decodeCursor(cursor, ['number', 'string'])
  const after = place && { proposedAt: place[0] as number, campaignId: place[1] as string }
  const rows = await node.db.query<PendingRow>(selectPending(after, limit + 1))
  const last = rows[limit - 1]
  return {
    data: rows.slice(0, limit).map(documentOf),
    nextCursor: rows.length > limit && last ? encodeCursor([last.proposed_at, last.campaign_id]) : null,
  }
}

function documentOf(row: PendingRow): Pending {
  const terms = withNumbers(row.terms, ['deadline', 'grace', 'challengeWindow']) as Pending['terms']
  const header = withNumbers(row.header, ['index', 'cutAt']) as NonNullable<Pending['header']>
  return {
    campaignId: row.campaign_id,
    campaignTitle: row.title,
    batch: row.batch,
    index: header.index,
    operator: terms.operator as Address,
    requester: terms.requester as Address,
    proposedAt: isoTime(row.proposed_at),
    finalAt: row.is_disputed ? null : isoTime(row.final_at),
    payoutsTotal: header.payoutsTotal,
    closing: header.closing,
    disputeId: row.dispute_id,
    terms,
    header: Number.isSafeInteger(header.cutAt) ? header : null,
  }
}

/** Events keep 64-bit numbers as text; on the wire those that are times and places are numbers. */
function withNumbers(said: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return { ...said, ...Object.fromEntries(names.map((name) => [name, Number(said[name])])) }
}
