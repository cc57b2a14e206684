import { API_PREFIX } from '@tagger/protocol/wire'
import type { Hono } from 'hono'
import { selectPlumbing } from '../network/queries.ts'
import type { Node } from '../node.ts'
import { apiPage } from './api-page.ts'
import { gaugeLines, type HttpMetrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'

/** What describes the node itself: the API's document and page, and metrics. */
export function ownPages(app: Hono, node: Node, metrics: HttpMetrics): void {
  let document: Record<string, unknown> | undefined
  const described = () => {
    document ??= openApiDocument()
    return document
  }
  app.get(`${API_PREFIX}/openapi.json`, (context) =>
    context.json(described(), 200, { 'cache-control': 'no-cache' }),
  )
  app.get('/api', (context) => context.html(apiPage(described()), 200, { 'cache-control': 'no-cache' }))
  app.get('/metrics', async () => {
    const { indexedBlock, waiting, failed, alarms } = await selectPlumbing(node.db, node.now())
    const { rss, heapUsed } = process.memoryUsage()
    const lines = gaugeLines({
      tagger_chain_indexed_block: indexedBlock,
      tagger_outbox_waiting: waiting,
      tagger_outbox_failed: failed,
      tagger_alarms: alarms,
      tagger_memory_bytes: rss,
      tagger_heap_bytes: heapUsed,
    })
    return new Response(`${[...lines, ...metrics.lines()].join('\n')}\n`, {
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
    })
  })
}
