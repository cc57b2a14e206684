import { csvLine, inertCell, jsonlLine } from '@tagger/formats'
import { type Address, type Hex, itemCid, TaggerError } from '@tagger/protocol'
import type { CampaignResult } from '@tagger/protocol/wire'
import type { z } from 'zod'
import { type WorkCampaign, workCampaign } from '../assign/campaign.ts'
import { type ItemData, wholeItemData } from '../collect/content.ts'
import { shownDataOf } from '../collect/item-key.ts'
import { type Statement, sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { type ShapeRow, selectShapes } from './queries.ts'

type Result = z.input<typeof CampaignResult>

const EXPORT_PAGE = 500

interface ResultRow extends Omit<Result, 'cid' | 'data' | 'isGold'> {
  position: number
  is_gold: boolean
}

/** A page of a campaign's final results in the order of its items. */
export async function listResults(
  node: Node,
  campaign: WorkCampaign,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<{ data: Result[]; nextCursor: string | null }> {
  const after = (decodeCursor(cursor, ['number'])?.[0] as number | undefined) ?? -1
  const rows = await node.db.query<ResultRow>(selectFinalResults(campaign, after, limit + 1))
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    data: await withData(node, campaign, page),
    nextCursor: rows.length > limit && last ? encodeCursor([last.position]) : null,
  }
}

/** The campaign, if this account asked for it; anyone else learns that its results are not theirs. */
export async function requestersCampaign(node: Node, id: Hex, account: Address): Promise<WorkCampaign> {
  const campaign = await workCampaign(node, id)
  if (campaign.requester === account) return campaign
  throw new TaggerError('forbidden', 'Only the requester of a campaign reads its results here', {
    hints: ['What was settled and why is public in the evidence of its batches.'],
  })
}

/** Whether the requester may have an item's content: their own always, a collected one once it is paid for and accepted. */
export async function isDelivered(node: Node, campaign: WorkCampaign, item: Hex): Promise<boolean> {
  if (campaign.kind === 'annotate') return true
  const accepted = await node.db.query(sql`
    select 1 as one from results r join batches b on b.hash = r.batch and b.status = 'final'
    where r.campaign_id = ${campaign.id} and r.item = ${item} and r.status = 'accepted'`)
  return accepted.length > 0
}

/** All final results as one file, page by page as it is read. */
export async function* exportResults(
  node: Node,
  campaign: WorkCampaign,
  format: 'jsonl' | 'csv',
): AsyncGenerator<string> {
  const keys = format === 'csv' ? await dataKeys(node, campaign) : []
  const columns = ['cid', ...keys.map(columnOf), ...FIELDS]
  if (format === 'csv') yield csvLine(columns)
  let cursor: string | undefined
  do {
    const page = await listResults(node, campaign, { cursor, limit: EXPORT_PAGE })
    const lines = page.data.map((result) => (format === 'csv' ? csvOf(result, keys) : jsonlLine(result)))
    if (lines.length > 0) yield lines.join('')
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}

const FIELDS = ['label', 'confidence', 'status', 'annotations', 'reviews', 'isGold', 'batch'] as const

function csvOf(result: Result, keys: readonly string[]): string {
  const data = keys.map((key) => inertCell(result.data[key] ?? ''))
  return csvLine([result.cid, ...data, ...FIELDS.map((field) => inertCell(String(result[field])))])
}

/** A column of the data that is called like one of ours keeps its name behind `data.`. */
function columnOf(key: string): string {
  return key === 'cid' || (FIELDS as readonly string[]).includes(key) ? `data.${key}` : key
}

async function dataKeys(node: Node, { draftId, spec }: WorkCampaign): Promise<string[]> {
  const { contentKey } = shownDataOf(spec)
  const shapes = await node.db.query<ShapeRow>(selectShapes(draftId))
  const keys = shapes.flatMap(({ columns }) => columns ?? [contentKey ?? spec.modality])
  return [...new Set(keys)]
}

async function withData(node: Node, campaign: WorkCampaign, rows: readonly ResultRow[]): Promise<Result[]> {
  // What reviewers rejected was never delivered: the contributor keeps it.
  const delivered = rows.filter((row) => campaign.kind !== 'collect' || row.status === 'accepted')
  const data = await wholeItemData(
    node,
    campaign.draftId,
    delivered.map((row) => row.item as Hex),
  )
  return rows.map(({ position: _, is_gold: isGold, ...row }) => ({
    ...row,
    cid: itemCid(row.item as Hex).toString(),
    data: data.get(row.item as Hex) ?? ({} as ItemData),
    isGold,
  }))
}

function selectFinalResults({ id, draftId }: WorkCampaign, after: number, limit: number): Statement {
  return sql`
    select r.item, r.label, r.confidence, r.distribution, r.status, r.annotations, r.reviews, r.batch,
      i.position, i.gold_label is not null as is_gold
    from results r
    join batches b on b.hash = r.batch and b.status = 'final'
    join items i on i.draft_id = ${draftId} and i.id = r.item
    where r.campaign_id = ${id} and i.position > ${after}::bigint
    order by i.position limit ${limit}`
}
