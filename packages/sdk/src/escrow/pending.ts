import {
  type Crypto,
  decodeBundle,
  decodeState,
  payoutsTree,
  recordsTree,
  type SignedReceipt,
  toHex,
} from '@tagger/protocol'
import type { Api } from '../http/api.ts'
import type { PendingBatch } from './facts.ts'

/** Whether a pending batch holds what a receipt says; `unknown` when its bundle cannot be had or is another one. */
export type Held = 'held' | 'left-out' | 'unknown'

/** Looks into the bundle, which is believed only as far as it hashes to what is on chain. */
export async function findHeld(
  api: Api,
  { batch, header }: PendingBatch,
  { account, count, owedAtLeast }: SignedReceipt,
  crypto: Crypto,
): Promise<Held> {
  const { campaignId } = header
  try {
    const response = await api.getBundle({ params: { hash: batch } })
    const { root, evidence } = decodeBundle(new Uint8Array(await response.arrayBuffer()), crypto)
    const { chains } = decodeState(evidence.state)
    const isAnchored =
      root === header.bundle &&
      toHex(crypto.sha256(evidence.state)) === header.state &&
      recordsTree(campaignId, chains, crypto).root === header.recordsRoot &&
      payoutsTree(campaignId, evidence.payouts, crypto).root === header.payoutsRoot
    if (!isAnchored) return 'unknown'
    const own = chains.find((chain) => chain.account === account)
    const paid = evidence.payouts.find((payout) => payout.account === account)
    const isLong = (own?.count ?? 0) >= count
    const isPaid = !header.closing || (paid?.amount ?? 0n) >= owedAtLeast
    return isLong && isPaid ? 'held' : 'left-out'
  } catch {
    // Withheld or broken: the contest asks the operator for the proof instead.
    return 'unknown'
  }
}
