import { TaggerError } from '@tagger/protocol'
import {
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  http,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem'
import { isLocalAccount, type Wallet } from '../identity/wallet.ts'
import type { ChainNetwork } from '../network.ts'

/** Blocks of the local network come when there is something to mine, elsewhere every few seconds. */
const LOCAL_POLL_MILLISECONDS = 150
const POLL_MILLISECONDS = 2_000

/** The network's chain as viem describes chains. */
export function chainOf(network: ChainNetwork, rpcUrl: string | null) {
  return defineChain({
    id: network.chainId,
    name: network.name,
    nativeCurrency: { name: 'Gas', symbol: 'GAS', decimals: 18 },
    rpcUrls: { default: { http: rpcUrl === null ? [] : [rpcUrl] } },
  })
}

/** Clients to read and to write with; reads go through the wallet when no RPC address is known. */
export function createClients(options: { network: ChainNetwork; wallet: Wallet | null; rpcUrl?: string }): {
  reader: PublicClient
  writer: WalletClient | null
} {
  const { network, wallet } = options
  const rpcUrl = options.rpcUrl ?? network.rpcUrl
  const chain = chainOf(network, rpcUrl)
  const transport = transportOf(rpcUrl, wallet)
  const pollingInterval = network.isLocal ? LOCAL_POLL_MILLISECONDS : POLL_MILLISECONDS
  const reader = createPublicClient({ chain, transport, pollingInterval }) as PublicClient
  if (wallet === null) return { reader, writer: null }
  const writer = isLocalAccount(wallet.input)
    ? createWalletClient({ chain, transport, account: wallet.input, pollingInterval })
    : wallet.input
  return { reader, writer: writer as WalletClient }
}

function transportOf(rpcUrl: string | null, wallet: Wallet | null): Transport {
  if (rpcUrl !== null) return askAgain(http(rpcUrl, { retryCount: 4, retryDelay: 200, timeout: 30_000 }))
  if (wallet !== null && !isLocalAccount(wallet.input)) {
    const client = wallet.input
    return custom({ request: (call) => client.request(call as never) })
  }
  throw new TaggerError('chain-unreachable', 'This node publishes no RPC address', {
    hints: ['Pass `rpcUrl` to createTagger, or connect a wallet that has its own.'],
  })
}

const TRIES = 5

/** The local chain keeps no history: a question about the latest block fails when the next one is mined meanwhile. */
function askAgain(transport: Transport): Transport {
  return (options) => {
    const made = transport(options)
    const request = async (call: never) => {
      for (let tried = 1; ; tried++) {
        try {
          return await made.request(call)
        } catch (error) {
          const { details } = error as { details?: string }
          if (tried >= TRIES || !details?.startsWith('BlockOutOfRange')) throw error
        }
      }
    }
    return { ...made, request: request as typeof made.request }
  }
}
