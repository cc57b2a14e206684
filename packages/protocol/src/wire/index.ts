import { campaigns } from './campaigns.ts'
import { govern } from './govern.ts'
import { identity } from './identity.ts'
import { network } from './network.ts'
import { trade } from './trade.ts'
import { work } from './work.ts'

export * from './campaigns.ts'
export * from './documents.ts'
export * from './endpoint.ts'
export * from './govern.ts'
export * from './identity.ts'
export * from './kept.ts'
export * from './network.ts'
export * from './primitives.ts'
export * from './trade.ts'
export * from './work.ts'

/** Path prefix of every endpoint. */
export const API_PREFIX = '/api/v1'

/** The whole HTTP API: node, client and OpenAPI are made from this one table. */
export const endpoints = { ...network, ...identity, ...campaigns, ...work, ...trade, ...govern }
export type Endpoints = typeof endpoints
