import { hash } from 'node:crypto'
import { TaggerError } from '@tagger/protocol'
import type { Endpoint } from '@tagger/protocol/wire'

interface ReplyOptions {
  endpoint: Endpoint
  request: Request
  isLoggedIn: boolean
  checkReplies: boolean
}

/** A handler's answer as a response: JSON with a weak ETag on public reads, 304 when the caller has it. */
export function replyResponse(reply: unknown, options: ReplyOptions): Response {
  const { endpoint, request, isLoggedIn } = options
  if (reply instanceof Response) {
    if (!reply.headers.has('cache-control')) reply.headers.set('cache-control', 'no-store')
    return reply
  }
  const body = JSON.stringify(reply, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
  if (options.checkReplies) checkReply(endpoint, JSON.parse(body))
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' }
  if (endpoint.method !== 'GET' || endpoint.access !== 'public') {
    headers['cache-control'] = 'no-store'
    return new Response(body, { headers })
  }
  headers['cache-control'] = isLoggedIn ? 'private, no-cache' : 'no-cache'
  headers.vary = 'authorization'
  headers.etag = `W/"${hash('sha256', body, 'base64url').slice(0, 22)}"`
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  if (known.some((tag) => tag.trim() === headers.etag)) {
    delete headers['content-type']
    return new Response(null, { status: 304, headers })
  }
  return new Response(body, { headers })
}

function checkReply(endpoint: Endpoint, reply: unknown): void {
  const parsed = endpoint.response?.safeParse(reply)
  if (parsed?.success !== false) return
  const fields = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new TaggerError('internal', `The reply of ${endpoint.path} is not as the API describes it`, {
    hints: fields.slice(0, 10),
  })
}
