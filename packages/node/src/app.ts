import { TaggerError } from '@tagger/protocol'
import { Hono } from 'hono'
import { HttpMetrics } from './http/metrics.ts'
import { ownPages } from './http/own-pages.ts'
import { knownError, problemResponse } from './http/problem.ts'
import { requestLog } from './http/request-log.ts'
import { createRoutes } from './http/router.ts'
import type { Routes } from './http/routes.ts'
import { localCors, securityHeaders } from './http/security.ts'
import { serveWebApp } from './http/web-app.ts'
import type { Node } from './node.ts'

/** A room's routes. */
export type Room = (routes: Routes, node: Node) => void

/** The node's HTTP side: a function from Request to Response, made of the rooms' routes. */
export function createApp(node: Node, rooms: readonly Room[]): Hono {
  const app = new Hono()
  const metrics = new HttpMetrics()
  app.use(requestLog(node, metrics), securityHeaders(node), localCors(node))
  app.onError((error, context) => {
    if (knownError(error).code === 'internal') {
      node.log.error('Request failed', {
        id: context.get('requestId' as never),
        path: context.req.path,
        error,
      })
    }
    return problemResponse(error)
  })
  app.notFound(() => problemResponse(new TaggerError('not-found', 'There is nothing at this address')))
  const routes = createRoutes(app, node)
  for (const room of rooms) room(routes, node)
  ownPages(app, node, metrics)
  if (node.config.webFolder !== null) serveWebApp(app, node.config.webFolder)
  return app
}
