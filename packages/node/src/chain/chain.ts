import type { Address, Hex } from '@tagger/protocol'
import type { PublicClient } from 'viem'
import type { Contracts } from '../node.ts'

/** The EVM chain as the rooms see it. */
export interface Chain {
  chainId: number
  isLocal: boolean
  /** For people's wallets; null when the operator publishes none. */
  rpcUrl: string | null
  contracts: Contracts
  client: PublicClient
  /** Local network only: gas, TAG and test dollars for an account. */
  faucet:
    | ((account: Address) => Promise<{ wei: bigint; tag: bigint; testUsd: bigint; transactions: Hex[] }>)
    | null
}
