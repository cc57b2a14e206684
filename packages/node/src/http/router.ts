import { API_PREFIX, type Endpoint, endpoints } from '@tagger/protocol/wire'
import type { Context, Hono } from 'hono'
import type { Node } from '../node.ts'
import { callerOf, checkAccount, checkLocal } from './access.ts'
import { addressOf } from './address.ts'
import { parsePart } from './parse.ts'
import { RateLimit } from './rate-limit.ts'
import { readJson, readUpload } from './read-body.ts'
import { replyResponse } from './reply.ts'
import type { Call, Routes } from './routes.ts'

const LOGINS_PER_MINUTE = 60
const DROPS_PER_MINUTE = 600

/** Hangs handlers of the endpoint table into a Hono app: access, limits, parsing, reply. */
export function createRoutes(app: Hono, node: Node): Routes & { has(endpoint: Endpoint): boolean } {
  const hung = new Set<Endpoint>()
  const limits = limitsOf(node)
  return {
    on(endpoint, handler) {
      hung.add(endpoint)
      const limit = limits.get(endpoint)
      app.on(endpoint.method, routePath(endpoint), async (context) => {
        const request = context.req.raw
        checkLocal(endpoint, node)
        limit?.take(addressOf(context, node.config.trustProxy), node.now())
        const account = await callerOf(node, request)
        checkAccount(endpoint, account)
        const call = { account, context, ...(await readCall(endpoint, context, node)) }
        const reply = await handler(call as unknown as Call<typeof endpoint>)
        const { checkReplies } = node.config
        return replyResponse(reply, { endpoint, request, isLoggedIn: account !== null, checkReplies })
      })
    },
    has: (endpoint) => hung.has(endpoint),
  }
}

/** A path of the endpoint table as Hono writes it. */
export function routePath(endpoint: Endpoint): string {
  return API_PREFIX + endpoint.path.replace(/\{(\w+)\}/g, ':$1')
}

async function readCall(endpoint: Endpoint, context: Context, node: Node) {
  const request = context.req.raw
  const { maxJsonBytes, maxUploadBytes } = node.config
  const params = parsePart(endpoint.params, 'path', context.req.param())
  const query = parsePart(endpoint.query, 'query', context.req.query())
  const body =
    endpoint.body === undefined
      ? undefined
      : parsePart(endpoint.body, 'body', await readJson(request, maxJsonBytes))
  const upload =
    endpoint.upload === undefined ? null : await readUpload(request, endpoint.upload, maxUploadBytes)
  return { params, query, body, upload }
}

/** What an address may not do without end: logins cost signatures, drops cost the faucet. */
function limitsOf(node: Node): Map<Endpoint, RateLimit> {
  const perMinute = node.config.loginsPerMinute ?? (node.chain.isLocal ? null : LOGINS_PER_MINUTE)
  const limits = new Map<Endpoint, RateLimit>()
  if (perMinute !== null) {
    const logins = new RateLimit(perMinute)
    limits.set(endpoints.createLoginChallenge, logins)
    limits.set(endpoints.createLogin, logins)
  }
  limits.set(endpoints.createFaucetDrop, new RateLimit(DROPS_PER_MINUTE))
  return limits
}
