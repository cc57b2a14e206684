import { type Crypto, pureCrypto, TaggerError } from '@tagger/protocol'
import { type Chain, createChain } from './chain/chain.ts'
import { type Api, createApi } from './http/api.ts'
import { DEFAULT_RETRY, type RetryOptions } from './http/retry.ts'
import type { Connection } from './http/send.ts'
import { createLogin } from './identity/login.ts'
import { defaultSessionKeys, type SessionKeys } from './identity/session-keys.ts'
import { createWallet, type Wallet, type WalletInput } from './identity/wallet.ts'
import type { ChainNetwork, Network } from './network.ts'
import { browserStore, memoryStore, type Store } from './store.ts'

export interface TaggerOptions {
  /** Origin of the node, for example `http://127.0.0.1:4747`. */
  url: string
  /** Whoever acts; reading needs none. */
  wallet?: WalletInput
  /** Instead of the RPC address the node publishes. */
  rpcUrl?: string
  /** Instead of the global one. */
  fetch?: typeof globalThis.fetch
  /** Login tokens, unsent records and one-time keys; memory by default, pass `localStorageStore()` in a browser. */
  store?: Store
  /**
   * Receipts, with the campaigns and records they are for: what gets a worker paid when the node is gone for good.
   * IndexedDB in a browser, elsewhere `store`.
   */
  kept?: Store
  /** Session keys; IndexedDB in a browser, memory elsewhere. */
  sessionKeys?: SessionKeys
  /** Native hashing and signature checks; plain JavaScript by default. */
  crypto?: Crypto
  retry?: Partial<RetryOptions>
}

/** What every part of the client reaches the node and the chain with. */
export interface Link {
  url: string
  api: Api
  wallet: Wallet | null
  store: Store
  kept: Store
  /** Whether what is kept outlives the program; else the account's own records are not worth their memory. */
  keepsRecords: boolean
  sessionKeys: SessionKeys
  crypto: Crypto
  /** What the node is; asked once. */
  network(): Promise<Network>
  chain(): Promise<Chain>
  /** The same for a network known from elsewhere; nothing is asked of the node. */
  chainOn(network: ChainNetwork): Chain
  /** Given by the program, instead of what the node publishes. */
  rpcUrl: string | null
  forgetLogin(): Promise<void>
  /** The wallet, or `unauthorized`. */
  requireWallet(): Wallet
}

/** Connects a program to one node; nothing is sent before the first call. */
export function connect(options: TaggerOptions): Link {
  const url = options.url.replace(/\/+$/, '')
  const wallet = options.wallet === undefined ? null : createWallet(options.wallet)
  const store = options.store ?? memoryStore()
  // Called through the global: a browser's fetch refuses another `this`.
  const fetch =
    options.fetch ?? ((...input: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...input))
  const login = createLogin({ url, wallet, store, api: () => api })
  const connection: Connection = {
    url,
    fetch,
    authorization: login,
    retry: { ...DEFAULT_RETRY, ...options.retry },
  }
  const api = createApi(connection)
  const network = remember(() => api.getNetwork())
  const { rpcUrl } = options
  const chainOn = (on: ChainNetwork) => createChain({ network: on, wallet, rpcUrl })
  const isBrowser = typeof indexedDB !== 'undefined'
  return {
    url,
    api,
    wallet,
    store,
    kept: options.kept ?? (isBrowser ? browserStore('tagger-receipts') : store),
    keepsRecords: isBrowser || options.kept !== undefined || options.store !== undefined,
    sessionKeys: options.sessionKeys ?? defaultSessionKeys(),
    crypto: options.crypto ?? pureCrypto,
    network,
    chain: remember(async () => chainOn(await network())),
    chainOn,
    rpcUrl: rpcUrl ?? null,
    forgetLogin: login.forget,
    requireWallet() {
      if (wallet !== null) return wallet
      throw new TaggerError('unauthorized', 'This needs an account, and no wallet is connected', {
        hints: ['Pass `wallet` to createTagger.'],
      })
    },
  }
}

/** Asks once; a failure is forgotten, so that the next call asks again. */
function remember<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null
  return () => {
    asked ??= ask().catch((error) => {
      asked = null
      throw error
    })
    return asked
  }
}
