import { type Address, type BatchHeader, compareCodePoints, type Hex, payoutsTree } from '@tagger/protocol'
import { HeaderDocument } from '@tagger/protocol/wire'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'

/** What a batch pays, cumulative, with the proofs of its payouts root. */
export interface PayoutList {
  batch: Hex
  header: BatchHeader
  /** In code-point order of accounts. */
  payouts: readonly { account: Address; amount: bigint }[]
  amounts: ReadonlyMap<Address, bigint>
  proofOf(account: Address): Hex[]
}

const KEPT = 20
const caches = new WeakMap<Node, Map<Hex, PayoutList>>()

/** The payout list of a batch of this ledger, read and built once; null when there is no such batch. */
export async function payoutList(node: Node, batch: Hex): Promise<PayoutList | null> {
  const cache = caches.get(node) ?? new Map<Hex, PayoutList>()
  caches.set(node, cache)
  const known = cache.get(batch)
  if (known !== undefined) return known
  const [row] = await node.db.query<{ campaign_id: Hex; header: unknown }>(
    sql`select campaign_id, header from batches where hash = ${batch}`,
  )
  if (row === undefined) return null
  const rows = await node.db.query<{ account: Address; amount: string }>(
    sql`select account, amount from payouts where batch = ${batch}`,
  )
  const payouts = rows
    .map(({ account, amount }) => ({ account, amount: BigInt(amount) }))
    .sort((a, b) => compareCodePoints(a.account, b.account))
  const tree = payoutsTree(row.campaign_id, payouts, node.crypto)
  const list: PayoutList = {
    batch,
    header: HeaderDocument.parse(row.header),
    payouts,
    amounts: new Map(payouts.map(({ account, amount }) => [account, amount])),
    proofOf: (account) => tree.proofOf(account),
  }
  const oldest = cache.size >= KEPT ? cache.keys().next().value : undefined
  if (oldest !== undefined) cache.delete(oldest)
  cache.set(batch, list)
  return list
}
