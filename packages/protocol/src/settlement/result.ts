import { type Canonical, digestOf } from '../bytes/canonical.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import type { Hex } from '../bytes/hex.ts'

/** What the network holds to be the answer for an item. */
export interface Result {
  item: Hex
  /** The winning label (a choice of the question; `accept` or `reject` for a submission). */
  label: string
  /** How sure, in millionths. */
  confidence: number
  /** Probability of every label in config order, in millionths; equal ones are a tie. */
  distribution: readonly number[]
  /** `rejected` items are settled and paid for, but not delivered. */
  status: 'accepted' | 'rejected'
  annotations: number
  reviews: number
}

/** Hash of a result: what its leaf in the results root carries. */
export function resultHashOf(result: Result, crypto: Crypto = pureCrypto): Hex {
  return digestOf(result as unknown as Canonical, crypto)
}
