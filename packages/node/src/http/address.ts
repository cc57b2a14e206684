import type { Context } from 'hono'

/** Network address of the caller, for rate limits only; a proxy's word counts when the settings say so. */
export function addressOf(context: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? context.req.header('x-forwarded-for') : undefined
  // The last entry was written by our own proxy; those before it by anyone.
  const last = forwarded?.split(',').at(-1)?.trim()
  const socket = (context.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming
    ?.socket
  return last || socket?.remoteAddress || 'unknown'
}
