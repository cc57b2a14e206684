import type { ActivityDocument } from '@tagger/protocol/wire'
import type { z } from 'zod'
import type { Database } from './db/database.ts'
import { newId } from './db/id.ts'
import { sql } from './db/sql.ts'
import type { Log } from './log.ts'

export type Activity = z.infer<typeof ActivityDocument>

/** What happened, told to whoever listens; also kept for latecomers. */
export interface ActivityFeed {
  announce(activity: Pick<Activity, 'type' | 'campaignId' | 'data'>): void
  /** Calls back for each new activity until the returned function is called. */
  listen(listener: (activity: Activity) => void): () => void
  recent(options: { campaignId?: string; limit: number }): Promise<Activity[]>
}

const KEPT = 20_000

/** A feed that tells listeners at once and writes behind, in chunks: announcing never waits and never fails. */
export function createActivityFeed({
  db,
  log,
  now,
}: {
  db: Database
  log: Log
  now(): Date
}): ActivityFeed & {
  flush(): Promise<void>
} {
  const listeners = new Set<(activity: Activity) => void>()
  let queue: Activity[] = []
  let writing: Promise<void> = Promise.resolve()
  const write = () => {
    const chunk = queue
    queue = []
    if (chunk.length === 0) return writing
    writing = writing
      .then(() => insert(db, chunk))
      .catch((error) => log.error('Activity could not be kept', { error, lost: chunk.length }))
    return writing
  }
  // Started here, outside any transaction: what is announced inside one is written after it.
  const timer = setInterval(write, 200)
  timer.unref()
  return {
    announce(event) {
      const time = now()
      const activity = { ...event, id: newId(time), time: time.toISOString() }
      queue.push(activity)
      for (const listener of listeners) {
        try {
          listener(activity)
        } catch (error) {
          log.warn('A listener of activity failed', { error })
        }
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async recent({ campaignId, limit }) {
      await write()
      const ofCampaign = campaignId === undefined ? sql`true` : sql`campaign_id = ${campaignId}`
      const rows = await db.query<Omit<Activity, 'time'> & { time: Date }>(
        sql`select id, time, type, campaign_id as "campaignId", data from activity
            where ${ofCampaign} order by time desc, id desc limit ${limit}`,
      )
      return rows.map((row) => ({ ...row, time: row.time.toISOString() }))
    },
    async flush() {
      clearInterval(timer)
      await write()
    },
  }
}

async function insert(db: Database, chunk: Activity[]): Promise<void> {
  const column = <K extends keyof Activity>(key: K) => chunk.map((activity) => activity[key])
  await db.query(sql`
    insert into activity (id, time, type, campaign_id, data)
    select id, time, type, campaign_id, data::jsonb
    from unnest(
      ${column('id')}::text[], ${column('time')}::timestamptz[], ${column('type')}::text[],
      ${column('campaignId')}::text[], ${column('data').map((data) => JSON.stringify(data))}::text[]
    ) as given (id, time, type, campaign_id, data)`)
  await db.query(
    sql`delete from activity where id in (select id from activity order by time desc, id desc offset ${KEPT})`,
  )
}
