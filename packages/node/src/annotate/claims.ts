import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import type { endpoints, ReplyOf } from '@tagger/protocol/wire'
import { workCampaign } from '../assign/campaign.ts'
import { decodeCursor, encodeCursor } from '../campaigns/cursor.ts'
import { termsDocument } from '../campaigns/terms.ts'
import type { Node } from '../node.ts'
import { headerDocument } from '../settle/calls.ts'
import { type PayoutList, payoutList } from '../settle/payout-list.ts'
import { selectClaimed, selectLastFinal } from './outcome-queries.ts'

type Claim = ReplyOf<typeof endpoints.getClaim>
type Claims = ReplyOf<typeof endpoints.listClaims>

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

/** A page of what is still claimable at the last final batch, by account. */
export async function openClaims(
  node: Node,
  campaignId: Hex,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Claims> {
  const [batch, after] = decodeCursor(cursor, ['string', 'string']) ?? []
  const terms = termsDocument((await workCampaign(node, campaignId)).terms)
  const list = await lastPayouts(node, campaignId)
  if (list === null) return { terms, header: null, data: [], nextCursor: null }
  if (batch !== undefined && batch !== list.batch) {
    throw new TaggerError('conflict', 'Another batch became final while this list was read', {
      hints: ['Read it again from its beginning: everyone is paid up to the new batch.'],
    })
  }
  const claimed = await claimedAmounts(node, campaignId, null)
  const data: Claims['data'] = []
  for (const { account, amount } of list.payouts) {
    const claimable = amount - (claimed.get(account) ?? 0n)
    if (claimable <= 0n || (after !== undefined && account <= after)) continue
    if (data.length === limit) {
      const nextCursor = encodeCursor([list.batch, data.at(-1)!.account])
      return { terms, header: headerDocument(list.header), data, nextCursor }
    }
    data.push({
      account,
      amount: amount.toString(),
      proof: list.proofOf(account),
      claimable: claimable.toString(),
    })
  }
  return { terms, header: headerDocument(list.header), data, nextCursor: null }
}

async function lastPayouts(node: Node, campaignId: Hex): Promise<PayoutList | null> {
  const [last] = await node.db.query<{ hash: Hex }>(selectLastFinal(campaignId))
  return last === undefined ? null : await payoutList(node, last.hash)
}

async function claimedAmounts(
  node: Node,
  campaignId: Hex,
  account: Address | null,
): Promise<Map<Address, bigint>> {
  const rows = await node.db.query<{ account: Address; claimed: string }>(selectClaimed(campaignId, account))
  return new Map(rows.map((row) => [row.account, BigInt(row.claimed)]))
}
