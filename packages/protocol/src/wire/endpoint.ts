import type { z } from 'zod'

/** Who may call: anyone, whoever is logged in, or whoever is on a local network. */
export type Access = 'public' | 'account' | 'local'

/**
 * One operation of the HTTP API. The node parses with it, the client types itself by it and OpenAPI is written from it.
 * `path` is under `/api/v1`, parameters in braces.
 */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  access: Access
  summary: string
  params?: Params
  query?: Query
  /** JSON body. */
  body?: Body
  /** Media types of a body that is not JSON; the handler gets the bytes. */
  upload?: readonly string[]
  /** JSON response. */
  response?: Response
  /** Media type of a response that is not JSON (files, streams). */
  download?: string
}

/** Keeps an endpoint's exact types. */
export function endpoint<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
>(definition: Endpoint<Params, Query, Body, Response>): Endpoint<Params, Query, Body, Response> {
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
