import { TaggerError } from '@tagger/protocol'
import { API_PREFIX, type Endpoint } from '@tagger/protocol/wire'
import { readProblem } from './problem.ts'
import { type RetryOptions, TemporaryFailure, unreachable, withRetry } from './retry.ts'

/** Where tokens come from. */
export interface Authorization {
  /** A token to send if there is one, without asking the wallet. */
  known(): Promise<string | null>
  /** A good token; logs in if it must. `rejected` is one the node just refused. */
  obtain(rejected?: string): Promise<string>
}

export interface Connection {
  /** Origin of the node, without a slash at the end. */
  url: string
  fetch: typeof globalThis.fetch
  authorization: Authorization
  retry: RetryOptions
}

/** Bytes sent as they are. */
export interface Upload {
  bytes: Uint8Array | Blob | string
  mediaType: string
}

/** One call before it is put on the wire. */
export interface RawCall {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  upload?: Upload
}

export interface SendOptions {
  signal?: AbortSignal
}

const TIMEOUT_MILLISECONDS = 120_000

/** Sends one call, logging in and trying again as needed; the response is good (2xx) or a TaggerError was thrown. */
export async function send(
  connection: Connection,
  endpoint: Endpoint,
  call: RawCall,
  options: SendOptions & { isRepeatable: boolean },
): Promise<Response> {
  const url = connection.url + API_PREFIX + fillPath(endpoint.path, call.params) + queryText(call.query)
  // One key for all tries of one call: a node that saw the first knows the second.
  const headers: Record<string, string> = { 'idempotency-key': globalThis.crypto.randomUUID() }
  if (endpoint.download === undefined) headers.accept = 'application/json'
  const body = bodyOf(call, headers)
  const isStream = endpoint.download === 'text/event-stream'

  const attempt = async (token: string | null): Promise<Response> => {
    if (token !== null) headers.authorization = `Bearer ${token}`
    const signals = [options.signal, isStream ? undefined : AbortSignal.timeout(TIMEOUT_MILLISECONDS)]
    const signal = AbortSignal.any(signals.filter((entry) => entry !== undefined))
    try {
      return await connection.fetch(url, { method: endpoint.method, headers, body, signal })
    } catch (cause) {
      if (options.signal?.aborted) throw options.signal.reason
      const reason = unreachable(url, cause)
      throw options.isRepeatable ? new TemporaryFailure(reason) : reason
    }
  }

  return await withRetry(
    async () => {
      const { authorization } = connection
      let token = endpoint.access === 'account' ? await authorization.obtain() : await authorization.known()
      let response = await attempt(token)
      if (response.status === 401 && token !== null) {
        await response.body?.cancel()
        // A public endpoint is as good without a login.
        token = endpoint.access === 'account' ? await authorization.obtain(token) : null
        delete headers.authorization
        response = await attempt(token)
      }
      if (response.ok) return response
      throw await failureOf(response, options.isRepeatable)
    },
    connection.retry,
    options.signal,
  )
}

async function failureOf(response: Response, isRepeatable: boolean): Promise<Error> {
  const problem = await readProblem(response)
  // 429 and 503 say that nothing was done, 502 and 504 do not.
  const isRefused = response.status === 429 || response.status === 503
  const isBroken = response.status === 502 || response.status === 504
  if (!isRefused && !(isBroken && isRepeatable)) return problem
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new TemporaryFailure(problem, Number.isFinite(seconds) ? seconds * 1000 : null)
}

function bodyOf(call: RawCall, headers: Record<string, string>): BodyInit | undefined {
  if (call.upload !== undefined) {
    headers['content-type'] = call.upload.mediaType
    return call.upload.bytes as BodyInit
  }
  if (call.body === undefined) return undefined
  headers['content-type'] = 'application/json'
  return JSON.stringify(call.body)
}

function fillPath(path: string, params: Record<string, unknown> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new TaggerError('bad-request', `"${path}" needs the parameter "${name}"`)
    return encodeURIComponent(String(value))
  })
}

function queryText(query: Record<string, unknown> = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  if (pairs.length === 0) return ''
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`
}
