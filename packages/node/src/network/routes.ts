import { endpoints } from '@tagger/protocol/wire'
import type { Routes } from '../http/routes.ts'
import { EventStreams } from '../http/stream.ts'
import type { Node } from '../node.ts'

/** What the network is and what happens on it. */
export function networkRoutes(routes: Routes, node: Node): void {
  const streams = new EventStreams()
  routes.on(endpoints.listActivity, async ({ query }) => ({
    data: await node.activity.recent(query),
  }))
  routes.on(endpoints.streamActivity, async ({ query }) =>
    streams.respond((send) =>
      node.activity.listen((activity) => {
        if (query.campaignId !== undefined && activity.campaignId !== query.campaignId) return
        send({ id: activity.id, data: activity })
      }),
    ),
  )
}
