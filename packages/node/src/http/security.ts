import type { MiddlewareHandler } from 'hono'
import type { Node } from '../node.ts'

/** Headers that keep the app from being framed, sniffed or fed foreign scripts. */
export function securityHeaders(node: Pick<Node, 'chain'>): MiddlewareHandler {
  const { rpcUrl, isLocal } = node.chain
  const sources = ["'self'", ...(rpcUrl ? [new URL(rpcUrl).origin] : [])].join(' ')
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src ${sources}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
  return async (context, next) => {
    await next()
    const { headers } = context.res
    // What people uploaded is served under a stricter one.
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', policy)
    headers.set('x-content-type-options', 'nosniff')
    headers.set('referrer-policy', 'no-referrer')
    headers.set('cross-origin-opener-policy', 'same-origin-allow-popups')
    headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=()')
    if (!isLocal) headers.set('strict-transport-security', 'max-age=31536000')
  }
}

const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

/** Lets an app served from another port of this machine call a local network's node; nobody else. */
export function localCors(node: Pick<Node, 'chain'>): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header('origin')
    const allowed = node.chain.isLocal && origin !== undefined && LOOPBACK.test(origin)
    if (allowed && context.req.method === 'OPTIONS') {
      return new Response(null, {
        status: 204,
        headers: {
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'GET, POST, PUT, DELETE',
          'access-control-allow-headers': 'authorization, content-type, if-none-match',
          'access-control-max-age': '600',
          vary: 'origin',
        },
      })
    }
    await next()
    if (!allowed) return
    context.res.headers.set('access-control-allow-origin', origin)
    context.res.headers.set('access-control-expose-headers', 'etag, x-request-id')
    context.res.headers.append('vary', 'origin')
  }
}
