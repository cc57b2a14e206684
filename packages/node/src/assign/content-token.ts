import { timingSafeEqual } from 'node:crypto'
import type { Keys } from '../store/keys.ts'

/** What a content URL opens: one key of one assignment's item, for a while. */
export interface ContentGrant {
  assignment: string
  /** Key of the item's data. */
  key: string
  /** Seconds since epoch. */
  expiresAt: number
}

/** The token of a content URL: who holds it may read until it ends. */
export function contentToken(keys: Pick<Keys, 'hmac'>, grant: ContentGrant): string {
  return `${grant.expiresAt}.${sign(keys, grant)}`
}

/** Whether a token opens this content now. */
export function isContentToken(
  keys: Pick<Keys, 'hmac'>,
  token: string,
  content: { assignment: string; key: string },
  now: Date,
): boolean {
  const [, digits, signature] = /^(\d{1,12})\.([0-9a-f]{64})$/.exec(token) ?? []
  if (digits === undefined || signature === undefined) return false
  const expiresAt = Number(digits)
  const expected = sign(keys, { ...content, expiresAt })
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected)) && now.getTime() < expiresAt * 1000
}

function sign(keys: Pick<Keys, 'hmac'>, { assignment, key, expiresAt }: ContentGrant): string {
  const text = JSON.stringify(['tagger/content/1', assignment, key, expiresAt])
  return keys.hmac(new TextEncoder().encode(text)).replace(/^0x/, '')
}
