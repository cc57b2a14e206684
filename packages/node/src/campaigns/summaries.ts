import { type Address, expectedPay, type Hex, isEligible, topPay } from '@tagger/protocol'
import type { CampaignDocument, CampaignSummary } from '@tagger/protocol/wire'
import type { z } from 'zod'
import { type WorkCampaign, workCampaign } from '../assign/campaign.ts'
import { tokenDocument } from '../network/tokens.ts'
import type { Node } from '../node.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { type Ledger, loadMoney, moneyDocument } from './money.ts'
import { type SummaryRow, selectBelongings, selectCampaign, selectCampaigns } from './queries.ts'
import { termsDocument } from './terms.ts'

type Summary = z.input<typeof CampaignSummary>

/** A tag the local network's demo campaigns carry. */
const DEMO_TAG = 'demo'

/** A page of campaigns, newest first. */
export async function listCampaigns(
  node: Node,
  filter: { status?: string; kind?: string; requester?: Address; cursor?: string; limit: number },
): Promise<{ data: Summary[]; nextCursor: string | null }> {
  const { status = null, kind = null, requester = null, cursor, limit } = filter
  const place = decodeCursor(cursor, ['number', 'string'])
  const after = place && { openedAt: place[0] as number, id: place[1] as string }
  const rows = await node.db.query<SummaryRow>(
    selectCampaigns({ status, kind, requester, after, limit: limit + 1 }),
  )
  const data: Summary[] = []
  for (const row of rows.slice(0, limit))
    data.push(await summaryOf(node, await workCampaign(node, row.id), row))
  const last = rows[limit - 1]
  return { data, nextCursor: rows.length > limit && last ? encodeCursor([last.opened_at, last.id]) : null }
}

/** One campaign as this caller sees it. Throws `not-found`. */
export async function getCampaign(
  node: Node,
  id: Hex,
  caller: Address | null,
): Promise<z.input<typeof CampaignDocument>> {
  const campaign = await workCampaign(node, id)
  const row = await campaignRow(node, id)
  const { terms, spec } = campaign
  const money = await loadMoney(node.db, { id, status: row.status, terms, spec, ledger: ledgerOf(row) })
  const [belongings] = await node.db.query<{ batches: number; passport_id: string | null }>(
    selectBelongings(id),
  )
  const isWorking = row.status === 'open' && node.now().getTime() < terms.deadline * 1000
  const may = (kind: 'annotation' | 'submission' | 'review') =>
    caller !== null && isWorking && isEligible(campaign, caller, kind)
  return {
    ...(await summaryOf(node, campaign, row)),
    terms: termsDocument(terms),
    specHash: terms.specHash,
    spec,
    money: moneyDocument(money),
    openTransaction: row.open_transaction,
    batches: belongings!.batches,
    passportId: belongings!.passport_id,
    caller: {
      isRequester: caller === campaign.requester,
      canWork: may(spec.kind === 'collect' ? 'submission' : 'annotation'),
      canReview: may('review'),
    },
  }
}

/** A campaign's row with its figures. Call it after the campaign was found. */
export async function campaignRow(node: Node, id: Hex): Promise<SummaryRow> {
  const [row] = await node.db.query<SummaryRow>(selectCampaign(id))
  return row!
}

/** The money columns of a row. */
export function ledgerOf(row: SummaryRow): Ledger {
  return {
    funded: BigInt(row.funded),
    payoutsTotal: BigInt(row.payouts_total),
    claimed: BigInt(row.claimed),
    refunded: BigInt(row.refunded),
  }
}

async function summaryOf(node: Node, { id, terms, spec }: WorkCampaign, row: SummaryRow): Promise<Summary> {
  const kind = spec.kind === 'collect' ? 'submission' : 'annotation'
  const meanPay = row.records_paid === 0 ? null : BigInt(row.payouts_total) / BigInt(row.records_paid)
  return {
    id,
    kind: spec.kind,
    modality: spec.modality,
    title: spec.title,
    languages: spec.languages,
    tags: spec.tags,
    requester: terms.requester,
    status: row.status,
    token: await tokenDocument(node, terms.token),
    basePay: terms.basePay.toString(),
    floorPay: terms.floorPay.toString(),
    topPay: topPay(terms, spec, kind).toString(),
    deadline: terms.deadline,
    openedAt: new Date(row.opened_at * 1000).toISOString(),
    items: row.items,
    itemsReady: row.items_ready,
    itemsSettled: row.items_settled,
    records: row.records,
    workers: row.workers,
    secondsPerRecord: row.seconds_per_record,
    meanPay: meanPay === null ? null : meanPay.toString(),
    expectedPay: (meanPay ?? expectedPay(terms, spec, kind)).toString(),
    isDemo: node.chain.isLocal && spec.tags.includes(DEMO_TAG),
  }
}
