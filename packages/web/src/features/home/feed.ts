import type { Activity } from '../../lib/queries.ts'

/** Like things that happened one after the other, told as one. */
export interface FeedEntry {
  latest: Activity
  /** How often it happened in a row. */
  times: number
  /** Answers in all, for accepted ones. */
  records: number
}

/** Folds neighbors of the same kind and campaign; newest first in, newest first out. */
export function foldFeed(activities: readonly Activity[]): FeedEntry[] {
  const entries: FeedEntry[] = []
  for (const activity of activities) {
    const records = Number(activity.data.records ?? activity.data.count ?? 0) || 0
    const last = entries.at(-1)
    if (last?.latest.type === activity.type && last.latest.campaignId === activity.campaignId) {
      last.times += 1
      last.records += records
    } else {
      entries.push({ latest: activity, times: 1, records })
    }
  }
  return entries
}
