import type { Address, Delegation } from '@tagger/protocol'
import { generateSessionKeyPair, type SessionSigner, webCryptoSigner } from './session-signer.ts'

/** Where this device keeps its session keys, one per account. */
export interface SessionKeys {
  /** The key of the account, null before there is one. `delegation` is null until the wallet signed it. */
  load(account: Address): Promise<StoredKey | null>
  /** Makes a new key, forgetting the old one. */
  create(account: Address): Promise<SessionSigner>
  /** Keeps the wallet's signature beside the key. */
  keep(account: Address, delegation: Delegation): Promise<void>
}

export interface StoredKey {
  signer: SessionSigner
  delegation: Delegation | null
}

/** Keys that end with the program. */
export function memorySessionKeys(): SessionKeys {
  const keys = new Map<Address, StoredKey>()
  return {
    load: async (account) => keys.get(account) ?? null,
    async create(account) {
      const signer = await webCryptoSigner(await generateSessionKeyPair())
      keys.set(account, { signer, delegation: null })
      return signer
    },
    async keep(account, delegation) {
      const stored = keys.get(account)
      if (stored !== undefined) stored.delegation = delegation
    },
  }
}

interface Row {
  pair: CryptoKeyPair
  delegation: Delegation | null
}

/** Non-extractable keys in the browser's IndexedDB: a page can use them, nobody can copy them. */
export function browserSessionKeys(database = 'tagger-session-keys'): SessionKeys {
  const opened = once(() => open(database))
  const get = async (account: Address) =>
    (await settle((await opened()).transaction('keys').objectStore('keys').get(account))) as Row | undefined
  const put = async (account: Address, row: Row) => {
    await settle((await opened()).transaction('keys', 'readwrite').objectStore('keys').put(row, account))
  }
  return {
    async load(account) {
      const row = await get(account)
      if (row === undefined) return null
      return { signer: await webCryptoSigner(row.pair), delegation: row.delegation }
    },
    async create(account) {
      const pair = await generateSessionKeyPair()
      await put(account, { pair, delegation: null })
      return await webCryptoSigner(pair)
    },
    async keep(account, delegation) {
      const row = await get(account)
      if (row !== undefined) await put(account, { ...row, delegation })
    },
  }
}

/** IndexedDB in a browser, memory elsewhere. */
export function defaultSessionKeys(): SessionKeys {
  return typeof indexedDB === 'undefined' ? memorySessionKeys() : browserSessionKeys()
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore('keys')
  return settle(request)
}

function settle<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make()
    return made
  }
}
