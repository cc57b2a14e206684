import { type Canonical, encodeCanonical } from '../bytes/canonical.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Address, type Hex, toHex } from '../bytes/hex.ts'
import type { Result } from './result.ts'

/** A receipted record whose item is not settled yet: only its payload hash is public. */
export interface OpenRecord {
  account: Address
  seq: number
  payloadHash: Hex
}

/**
 * What one batch hands to the next: integers and hashes only, no fitted parameters.
 * Lists are sorted by code point of account (then seq) or item.
 */
export interface State {
  v: 1
  campaignId: Hex
  /** Final batches so far. */
  index: number
  chains: readonly { account: Address; count: number; link: Hex }[]
  /** Frozen answers of settled items. */
  results: readonly Result[]
  /** Cumulative pay per account in millionths of the smallest unit. */
  pays: readonly { account: Address; micro: bigint }[]
  /** Gold items revealed so far, with their known answer. */
  gold: readonly { item: Hex; label: string }[]
  open: readonly OpenRecord[]
}

/** The state before batch 0. */
export function emptyState(campaignId: Hex): State {
  return { v: 1, campaignId, index: 0, chains: [], results: [], pays: [], gold: [], open: [] }
}

/** Canonical bytes of a state: a block of the bundle. */
export function encodeState(state: State): Uint8Array {
  return encodeCanonical({
    ...state,
    pays: state.pays.map(({ account, micro }) => ({ account, micro: micro.toString() })),
  } as unknown as Canonical)
}

/** The `state` of a batch header. */
export function stateDigest(state: State, crypto: Crypto = pureCrypto): Hex {
  return toHex(crypto.sha256(encodeState(state)))
}
