import type { Address } from '@tagger/protocol'
import type { Endpoint, ReplyOf } from '@tagger/protocol/wire'
import type { Context } from 'hono'
import type { z } from 'zod'

type Parsed<E, Part extends string> = E extends { [K in Part]: infer T extends z.ZodType }
  ? z.output<T>
  : undefined

/** A request as a handler sees it: parsed by the endpoint's schemas, caller known. */
export interface Call<E extends Endpoint> {
  params: Parsed<E, 'params'>
  query: Parsed<E, 'query'>
  body: Parsed<E, 'body'>
  /** The caller; null only for `public` endpoints called without a login. */
  account: Address | null
  /** Bytes and media type of an upload. */
  upload: { bytes: Uint8Array; mediaType: string } | null
  context: Context
}

/** Where a room hangs its handlers. */
export interface Routes {
  on<E extends Endpoint>(endpoint: E, handler: (call: Call<E>) => Promise<ReplyOf<E> | Response>): void
}
