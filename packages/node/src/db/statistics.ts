import type { Node } from '../node.ts'
import { repeat } from '../repeat.ts'
import type { Database } from './database.ts'
import { sql } from './sql.ts'

const EVERY_SECONDS = 5
/** A table is looked at again after so many changed rows and this share of its size. */
const LEAST_CHANGES = 250
const CHANGED_SHARE = 0.2

/**
 * Keeps the planner's statistics of the embedded database: it has no daemon for that, and without them reading a campaign
 * page by page sorts the whole rest of it for every page. A server keeps its own.
 */
export async function refreshStatistics(db: Database): Promise<void> {
  if (db.kind !== 'pglite') return
  const due = await db.query<{ text: string }>(sql`
    select format('analyze %I', s.relname) as text
    from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    where s.n_mod_since_analyze > ${LEAST_CHANGES}::int + ${CHANGED_SHARE}::float * greatest(c.reltuples, 0)`)
  for (const { text } of due) await db.query({ text, values: [] })
}

/** Does so now and then. */
export function startStatistics(node: Node): { stop(): Promise<void> } {
  const what = 'Keeping the statistics of the database'
  return repeat(node, { what, seconds: EVERY_SECONDS }, () => refreshStatistics(node.db))
}
