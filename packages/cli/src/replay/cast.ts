import { nativeCrypto } from '@tagger/node/crypto'
import { createTagger, type Store, type Tagger } from '@tagger/sdk'
import { walletOf } from '../wallets.ts'

/** Everyone who acts in a replay; wallets come from the seed by name. */
export interface Cast {
  requester: Tagger
  buyer: Tagger
  /** Looks up which item is which task before the others lease by id. */
  scout: Tagger
  /** Send claims for others, side by side. */
  criers: Tagger[]
  worker(name: string): Tagger
}

const CRIERS = 8

/** The cast of a seed. `store` keeps the buyer's one-time keys. */
export function createCast(options: { url: string; seed: string; store: Store }): Cast {
  const { url, seed } = options
  const member = (name: string, store?: Store) =>
    createTagger({ url, wallet: walletOf(seed, name), crypto: nativeCrypto, store })
  return {
    requester: member('requester'),
    buyer: member('buyer', options.store),
    scout: member('scout'),
    criers: Array.from({ length: CRIERS }, (_, index) => member(`crier-${index}`)),
    worker: (name) => member(`worker-${name}`),
  }
}
