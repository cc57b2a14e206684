import type { ActivityDocument } from '@tagger/protocol/wire'
import type { z } from 'zod'

export type Activity = z.infer<typeof ActivityDocument>

/** What happened, told to whoever listens; also kept for latecomers. */
export interface ActivityFeed {
  announce(activity: Pick<Activity, 'type' | 'campaignId' | 'data'>): void
  /** Calls back for each new activity until the returned function is called. */
  listen(listener: (activity: Activity) => void): () => void
  recent(options: { campaignId?: string; limit: number }): Promise<Activity[]>
}
