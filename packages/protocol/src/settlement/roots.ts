import { concatBytes, padWord, word } from '../bytes/concat.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Address, fromHex, type Hex } from '../bytes/hex.ts'
import { type Result, resultHashOf } from './result.ts'
import { buildTree } from './tree.ts'

export interface KeyedTree {
  root: Hex
  /** Proof of the leaf of this account or item. Throws `RangeError` when it has none. */
  proofOf(key: Hex): Hex[]
}

/** What the three roots of a batch are over. */
export interface BatchLists {
  campaignId: Hex
  /** After the batch. */
  chains: readonly { account: Address; count: number; link: Hex }[]
  /** Of the batch's items. */
  results: readonly Result[]
  payouts: readonly { account: Address; amount: bigint }[]
}

export interface BatchRoots {
  recordsRoot: Hex
  resultsRoot: Hex
  payoutsRoot: Hex
}

/** The roots a batch anchors. */
export function rootsOf({ campaignId, chains, results, payouts }: BatchLists, crypto: Crypto): BatchRoots {
  return {
    recordsRoot: recordsTree(campaignId, chains, crypto).root,
    resultsRoot: resultsTree(campaignId, results, crypto).root,
    payoutsRoot: payoutsTree(campaignId, payouts, crypto).root,
  }
}

/** One leaf per worker: (campaignId, account, count, link). */
export function recordsTree(
  campaignId: Hex,
  chains: readonly { account: Address; count: number; link: Hex }[],
  crypto: Crypto = pureCrypto,
): KeyedTree {
  const campaign = fromHex(campaignId, 32)
  return keyedTree(
    chains.map(({ account }) => account),
    chains.map(({ account, count, link }) =>
      concatBytes(campaign, padWord(fromHex(account, 20)), word(count), fromHex(link, 32)),
    ),
    crypto,
  )
}

/** One leaf per item of the batch: (campaignId, item, resultHash, confidence). */
export function resultsTree(
  campaignId: Hex,
  results: readonly Result[],
  crypto: Crypto = pureCrypto,
): KeyedTree {
  const campaign = fromHex(campaignId, 32)
  return keyedTree(
    results.map(({ item }) => item),
    results.map((result) =>
      concatBytes(
        campaign,
        fromHex(result.item, 32),
        fromHex(resultHashOf(result, crypto), 32),
        word(result.confidence),
      ),
    ),
    crypto,
  )
}

/** One leaf per worker ever paid: (campaignId, account, cumulative amount). */
export function payoutsTree(
  campaignId: Hex,
  payouts: readonly { account: Address; amount: bigint }[],
  crypto: Crypto = pureCrypto,
): KeyedTree {
  return keyedTree(
    payouts.map(({ account }) => account),
    payouts.map((payout) => payoutLeaf(campaignId, payout)),
    crypto,
  )
}

/** A line of the payouts root, encoded. */
export function payoutLeaf(
  campaignId: Hex,
  { account, amount }: { account: Address; amount: bigint },
): Uint8Array {
  return concatBytes(fromHex(campaignId, 32), padWord(fromHex(account, 20)), word(amount))
}

function keyedTree(keys: readonly Hex[], leaves: readonly Uint8Array[], crypto: Crypto): KeyedTree {
  const tree = buildTree(leaves, crypto)
  const index = new Map(keys.map((key, i) => [key, i]))
  return { root: tree.root, proofOf: (key) => tree.proof(index.get(key) ?? -1) }
}
