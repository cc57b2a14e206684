import {
  type Address,
  type BatchHeader,
  type Hex,
  payoutsTree,
  TaggerError,
  type Terms,
} from '@tagger/protocol'
import { type endpoints, HeaderDocument } from '@tagger/protocol/wire'
import type { z } from 'zod'
import { workCampaign } from '../assign/campaign.ts'
import type { Node } from '../node.ts'
import { selectClaimed, selectLastFinal, selectPayouts } from './outcome-queries.ts'

type Claim = z.input<(typeof endpoints)['getClaim']['response']>
type Claims = z.input<(typeof endpoints)['listClaims']['response']>

interface PayoutList {
  batch: Hex
  header: BatchHeader
  amounts: ReadonlyMap<Address, bigint>
  proofOf(account: Address): Hex[]
}

const KEPT = 20
const caches = new WeakMap<Node, Map<Hex, PayoutList>>()

/** What pays one account up to the last final batch. Throws `not-found` when nothing was earned. */
export async function claimOf(node: Node, campaignId: Hex, account: Address): Promise<Claim> {
  const { terms } = await workCampaign(node, campaignId)
  const list = await lastPayouts(node, campaignId)
  const amount = list?.amounts.get(account)
  if (list === null || amount === undefined) {
    throw new TaggerError(
      'not-found',
      'This account has earned nothing in final batches of this campaign yet',
    )
  }
  const claimed = (await claimedAmounts(node, campaignId, account)).get(account) ?? 0n
  return {
    terms: termsDocument(terms),
    header: headerDocument(list.header),
    batch: list.batch,
    claim: { account, amount: amount.toString(), proof: list.proofOf(account) },
    claimed: claimed.toString(),
    claimable: (amount > claimed ? amount - claimed : 0n).toString(),
  }
}

/** Everything still claimable at the last final batch. */
export async function openClaims(node: Node, campaignId: Hex): Promise<Claims> {
  const terms = termsDocument((await workCampaign(node, campaignId)).terms)
  const list = await lastPayouts(node, campaignId)
  if (list === null) return { terms, header: null, claims: [] }
  const claimed = await claimedAmounts(node, campaignId, null)
  const claims: Claims['claims'] = []
  for (const [account, amount] of list.amounts) {
    const claimable = amount - (claimed.get(account) ?? 0n)
    if (claimable <= 0n) continue
    claims.push({
      account,
      amount: amount.toString(),
      proof: list.proofOf(account),
      claimable: claimable.toString(),
    })
  }
  return { terms, header: headerDocument(list.header), claims }
}

/** The payout list of the last final batch with its tree, built once per batch. */
async function lastPayouts(node: Node, campaignId: Hex): Promise<PayoutList | null> {
  const [last] = await node.db.query<{ hash: Hex; header: unknown }>(selectLastFinal(campaignId))
  if (last === undefined) return null
  const cache = caches.get(node) ?? new Map<Hex, PayoutList>()
  caches.set(node, cache)
  const known = cache.get(last.hash)
  if (known !== undefined) return known
  const rows = await node.db.query<{ account: Address; amount: string }>(selectPayouts(last.hash))
  const payouts = rows.map(({ account, amount }) => ({ account, amount: BigInt(amount) }))
  const tree = payoutsTree(campaignId, payouts, node.crypto)
  const list: PayoutList = {
    batch: last.hash,
    header: HeaderDocument.parse(last.header),
    amounts: new Map(payouts.map(({ account, amount }) => [account, amount])),
    proofOf: (account) => tree.proofOf(account),
  }
  const oldest = cache.size >= KEPT ? cache.keys().next().value : undefined
  if (oldest !== undefined) cache.delete(oldest)
  cache.set(last.hash, list)
  return list
}

async function claimedAmounts(
  node: Node,
  campaignId: Hex,
  account: Address | null,
): Promise<Map<Address, bigint>> {
  const rows = await node.db.query<{ account: Address; claimed: string }>(selectClaimed(campaignId, account))
  return new Map(rows.map((row) => [row.account, BigInt(row.claimed)]))
}

function termsDocument(terms: Terms): Claims['terms'] {
  return {
    ...terms,
    basePay: terms.basePay.toString(),
    floorPay: terms.floorPay.toString(),
    nonce: terms.nonce.toString(),
  }
}

function headerDocument(header: BatchHeader): Claim['header'] {
  return { ...header, payoutsTotal: header.payoutsTotal.toString() }
}
