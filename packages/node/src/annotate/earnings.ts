import type { Address } from '@tagger/protocol'
import { type endpoints, TermsDocument } from '@tagger/protocol/wire'
import type { z } from 'zod'
import { tokenDocument } from '../network/tokens.ts'
import type { Node } from '../node.ts'
import { type EarningsRow, selectEarnings } from './outcome-queries.ts'

type Earnings = z.input<(typeof endpoints)['listOwnEarnings']['response']>

/** A worker's earnings, one entry per campaign. */
export async function ownEarnings(node: Node, account: Address): Promise<Earnings> {
  const rows = await node.db.query<EarningsRow>(selectEarnings(account))
  return { data: await Promise.all(rows.map((row) => entryOf(node, row))) }
}

async function entryOf(node: Node, row: EarningsRow): Promise<Earnings['data'][number]> {
  const terms = TermsDocument.parse(row.terms)
  const [earned, claimed] = [row.earned, row.claimed].map(BigInt) as [bigint, bigint]
  return {
    campaignId: row.campaign_id,
    title: row.title,
    token: await tokenDocument(node, terms.token),
    records: row.records,
    answered: row.answered,
    inBatch: row.in_batch,
    settled: row.settled,
    pendingAtLeast: (terms.floorPay * BigInt(row.records - row.settled)).toString(),
    earned: earned.toString(),
    claimed: claimed.toString(),
    claimable: (earned > claimed ? earned - claimed : 0n).toString(),
    nextFinalAt: row.next_final_at === null ? null : new Date(row.next_final_at * 1000).toISOString(),
    claimTransactions: row.claim_transactions,
  }
}
