import type { z } from 'zod'

/** Who may call: anyone, whoever is logged in, or whoever is on a local network. */
export type Access = 'public' | 'account' | 'local'

/**
 * One operation of the HTTP API. The node parses with it, the client types itself by it and OpenAPI is written from it.
 * `path` is under `/api/v1`, parameters in braces.
 */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  access: Access
  summary: string
  params?: z.ZodType
  query?: z.ZodType
  /** JSON body. */
  body?: z.ZodType
  /** Media types of a body that is not JSON; the handler gets the bytes. */
  upload?: readonly string[]
  /** JSON response. */
  response?: z.ZodType
  /** Media type of a response that is not JSON (files, streams). */
  download?: string
}

/** Keeps an endpoint's exact types. */
export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition
}

type In<T> = T extends z.ZodType ? z.input<T> : never
type Out<T> = T extends z.ZodType ? z.output<T> : never

/** What a caller passes: amounts are decimal strings here, as in the JSON. */
export type RequestOf<E> = (E extends { params: infer P } ? { params: In<P> } : unknown) &
  (E extends { query: infer Q } ? { query?: In<Q> } : unknown) &
  (E extends { body: infer B } ? { body: In<B> } : unknown)

/** What a caller gets back, parsed: amounts are bigint. */
export type ResponseOf<E> = E extends { response: infer R } ? Out<R> : never
/** What a handler returns: the JSON shape. */
export type ReplyOf<E> = E extends { response: infer R } ? In<R> : never
