import { type Address, TaggerError } from '@tagger/protocol'
import { unopenedDrafts } from '../campaigns/queries.ts'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'

/**
 * What an item takes beside its content. One of a few bytes was measured to take 0.94 KiB with its indexes, and the
 * write-ahead log takes it again: without this a million tiny rows would cost next to nothing of a quota.
 */
export const ITEM_OVERHEAD_BYTES = 2_048

/** What items of these sizes count in a quota. */
export function countedBytes(sizes: readonly number[]): number {
  return sizes.reduce((sum, bytes) => sum + bytes, sizes.length * ITEM_OVERHEAD_BYTES)
}

/**
 * Refuses with `quota-reached` when an account would keep more bytes here than it may without paying: items of drafts
 * no campaign was opened from, and pieces that wait for their record. `added` is what {@link countedBytes} says of new
 * items, or the size of a file that was not read yet.
 * Requests at the same moment do not see each other: each may go over by what it brings.
 */
export async function checkKept(
  node: Pick<Node, 'config'>,
  db: Database,
  account: Address,
  added: number,
): Promise<void> {
  const most = node.config.maxKeptBytes
  const [row] = await db.query<{ kept: number }>(sql`
    select (
      (select coalesce(sum(d.kept_bytes), 0) from ${unopenedDrafts(account)} as d)
      + (select coalesce(sum(bytes::bigint + ${ITEM_OVERHEAD_BYTES}::int), 0) from items where source = ${account} and status = 'unfinished'))::bigint as kept`)
  const kept = Number(row!.kept)
  if (kept + added <= most) return
  throw new TaggerError(
    'quota-reached',
    `You keep ${kept} bytes here that belong to no campaign yet, and ${added} more are over the ${most} one account may keep`,
    {
      hints: [
        `Each item counts as ${ITEM_OVERHEAD_BYTES} bytes more than its content.`,
        'Open the campaigns these items are for, or delete drafts you no longer need.',
        'The operator can allow more with TAGGER_MAX_KEPT_BYTES.',
      ],
      data: { kept, added, most },
    },
  )
}
