import type { Address, Crypto, Deployment, Hex } from '@tagger/protocol'
import type { ActivityFeed } from './activity.ts'
import type { Chain } from './chain/chain.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import type { Log } from './log.ts'
import type { BlobStore } from './store/blobs.ts'
import type { Keys } from './store/keys.ts'

/** Everything a route or job may reach. Built once in `start.ts`, passed by hand. */
export interface Node {
  config: Config
  log: Log
  db: Database
  blobs: BlobStore
  /** Operator's and receipt keys, and the key that wraps data keys. */
  keys: Keys
  chain: Chain
  activity: ActivityFeed
  /** Native implementations of the protocol's primitives. */
  crypto: Crypto
  /** The only clock of the node. */
  now(): Date
  /** Bots of the local network; set by whoever starts the node with some. They work through the public API. */
  demoCrowd: DemoCrowd | null
}

/** The switch of the demo crowd. */
export interface DemoCrowd {
  readonly isRunning: boolean
  readonly bots: number
  set(isRunning: boolean): Promise<void>
}

/** Addresses of one deployment of the contracts. */
export interface Contracts {
  campaigns: Address
  parameters: Address
  passports: Address
  licenses: Address
  tagToken: Address
  staking: Address
  disputes: Address
  timelock: Address
  tagGovernor: Address
  testUsd: Address | null
}

/** What signatures of this node are bound to. */
export function deploymentOf(node: Node): Deployment {
  return { chainId: node.chain.chainId, campaigns: node.chain.contracts.campaigns }
}

export type { Address, Hex }
