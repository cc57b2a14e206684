import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'

/** Something a person must look at. */
export interface Alarm {
  id: string
  message: string
  raisedAt: Date
}

/** Raises an alarm, in the log once and in health until it is cleared. Raising it again updates its message. */
export async function raiseAlarm(
  node: Pick<Node, 'db' | 'log' | 'now'>,
  alarm: { id: string; message: string; data?: Record<string, unknown> },
): Promise<void> {
  const rows = await node.db.query<{ is_new: boolean }>(sql`
    insert into alarms (id, message, raised_at) values (${alarm.id}, ${alarm.message}, ${node.now()})
    on conflict (id) do update set message = excluded.message
    returning (xmax = 0) as is_new`)
  if (rows[0]?.is_new) node.log.error(`Alarm: ${alarm.message}`, { alarm: alarm.id, ...alarm.data })
}

/** Clears an alarm, if it was raised. */
export async function clearAlarm(node: Pick<Node, 'db' | 'log'>, id: string): Promise<void> {
  const rows = await node.db.query(sql`delete from alarms where id = ${id} returning id`)
  if (rows.length > 0) node.log.info('Alarm is over', { alarm: id })
}

/** Alarms not cleared yet, oldest first. */
export async function openAlarms(db: Database): Promise<Alarm[]> {
  const rows = await db.query<{ id: string; message: string; raised_at: Date }>(
    sql`select id, message, raised_at from alarms order by raised_at, id`,
  )
  return rows.map(({ id, message, raised_at }) => ({ id, message, raisedAt: raised_at }))
}
