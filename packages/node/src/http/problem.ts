import { type ErrorCode, TaggerError } from '@tagger/protocol'
import type { Problem } from '@tagger/protocol/wire'

/** HTTP status of every way Tagger says no; 422 for what is not named here: understood, but wrong. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'bad-hex': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-eligible': 403,
  'record-foreign': 403,
  'license-missing': 403,
  'license-expired': 403,
  'not-found': 404,
  conflict: 409,
  'chain-conflict': 409,
  'already-assigned': 409,
  'record-after-settlement': 409,
  'revision-required': 409,
  'lease-missing': 409,
  'lease-expired': 409,
  'campaign-not-open': 409,
  'batch-pending': 409,
  'nothing-to-settle': 409,
  'not-delivered': 409,
  'no-work': 409,
  'quota-reached': 409,
  'campaign-underfunded': 402,
  'too-large': 413,
  'item-too-large': 413,
  'unsupported-type': 415,
  'item-wrong-type': 415,
  'rate-limited': 429,
  internal: 500,
  'ledger-mismatch': 500,
  'transaction-failed': 502,
  unavailable: 503,
  'chain-unreachable': 503,
}
const OTHERWISE = 422

/** PostgreSQL on text with a zero character, in a value and in JSON: the one thing it cannot keep. */
const UNKEPT_TEXT = new Set(['22021', '22P05'])

/** Every error as a TaggerError; one that nobody foresaw is `internal` and tells nothing. */
export function knownError(error: unknown): TaggerError {
  if (error instanceof TaggerError) return error
  if (UNKEPT_TEXT.has((error as { code?: string }).code ?? '')) {
    return new TaggerError(
      'bad-request',
      'A text of this request holds a zero character, which cannot be kept',
    )
  }
  return new TaggerError('internal', 'Something went wrong inside the node; its log says what')
}

/** Problem details (RFC 9457) of an error; of an unknown one nothing but that it happened. */
export function problemOf(error: unknown): Problem {
  const known = knownError(error)
  const status = STATUS[known.code] ?? OTHERWISE
  return {
    type: `urn:tagger:problem:${known.code}`,
    title: known.code.replaceAll('-', ' '),
    status,
    code: known.code,
    detail: known.message,
    hints: [...known.hints],
    data: { ...known.data },
  }
}

/** An error as an `application/problem+json` response. */
export function problemResponse(error: unknown): Response {
  const problem = problemOf(error)
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  const retryAfter = problem.data.retryAfterSeconds
  if (typeof retryAfter === 'number') headers.set('retry-after', String(retryAfter))
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer')
  const body = JSON.stringify(problem, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
  return new Response(body, { status: problem.status, headers })
}
