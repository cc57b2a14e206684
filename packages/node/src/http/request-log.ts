import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { routePath as matchedRoute } from 'hono/route'
import type { Node } from '../node.ts'
import type { HttpMetrics } from './metrics.ts'

/** Gives each request an id, counts it, and logs what took long or failed. */
export function requestLog(node: Pick<Node, 'log'>, metrics: HttpMetrics): MiddlewareHandler {
  return async (context, next) => {
    const id = randomUUID()
    const start = performance.now()
    context.set('requestId', id)
    await next()
    const milliseconds = Math.round(performance.now() - start)
    const { status } = context.res
    const route = matchedRoute(context)
    context.res.headers.set('x-request-id', id)
    metrics.count({ method: context.req.method, route, status, seconds: milliseconds / 1000 })
    if (milliseconds > 2000) {
      node.log.warn('Slow request', { id, method: context.req.method, route, status, milliseconds })
    }
  }
}
