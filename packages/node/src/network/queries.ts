import { isStillDue } from '../chain/still-due.ts'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'

interface Totals {
  campaignsOpen: number
  records: number
  itemsSettled: number
  workers: number
  datasets: number
}

/** Figures of the network's first screen. */
export async function selectTotals(db: Database): Promise<Totals> {
  const [row] = await db.query<Totals>(sql`
    select
      (select count(*) from campaigns where status = 'open') as "campaignsOpen",
      (select coalesce(sum(count), 0)::bigint from chains) as records,
      (select count(*) from items where status = 'settled') as "itemsSettled",
      (select count(distinct account) from chains) as workers,
      (select count(*) from datasets d
        where exists (select 1 from passport_versions v where v.content_root = d.content_root)) as datasets`)
  return row!
}

/** What workers have claimed, by token. */
export async function paidByToken(db: Database): Promise<Record<string, string>> {
  const rows = await db.query<{ token: string; paid: string }>(sql`
    select terms->>'token' as token, sum(claimed) as paid from campaigns where claimed > 0 group by 1 order by 1`)
  return Object.fromEntries(rows.map(({ token, paid }) => [token, paid]))
}

/** How far the indexer is, what waits in the outbox, and what of it failed and is still due. */
export async function selectPlumbing(
  db: Database,
  now: Date,
): Promise<{ indexedBlock: number; waiting: number; failed: number; alarms: number }> {
  const [row] = await db.query<{ indexedBlock: number; waiting: number; failed: number; alarms: number }>(sql`
    select
      (select coalesce(max(number), 0) from chain_blocks) as "indexedBlock",
      (select count(*) from outbox where state in ('waiting', 'sent')) as waiting,
      (select count(*) from outbox o where o.state = 'failed' and ${isStillDue(now)}) as failed,
      (select count(*) from alarms) as alarms`)
  return row!
}
