import type { Address, Hex } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { type Statement, sql } from '../db/sql.ts'
import type { CampaignRow } from './campaign.ts'

/** Active campaigns without a pending batch, with what decides whether one is due. */
export function selectIdleCampaigns(now: Date): Statement {
  return sql`
    select c.*,
      (select count(*)::int from items i where i.draft_id = c.draft_id and i.status = 'ready') as ready_items,
      (select count(*)::int from assignments a
        where a.campaign_id = c.id and a.state = 'leased' and a.expires_at > ${now}) as running_leases,
      (select max(b.cut_at) from batches b where b.campaign_id = c.id) as last_cut_at
    from campaigns c
    where c.status in ('open', 'closing')
      and not exists (
        select 1 from batches b where b.campaign_id = c.id and b.status in ('cut', 'proposed'))`
}

export type IdleCampaignRow = CampaignRow & {
  ready_items: number
  running_leases: number
  last_cut_at: number | null
  opened_at: number
  disputed_time: number
}

/** Heads a batch cut at this time reaches: each worker's last receipt issued by then. */
function headsAt(campaignId: Hex, cutAt: number): Statement {
  return sql`
    select distinct on (account) account, count, link, public_key, head_signature, owed_at_least, issued_at, signature
    from receipts where campaign_id = ${campaignId} and issued_at <= ${cutAt}
    order by account, count desc`
}

export interface HeadRow {
  account: Address
  count: number
  link: Hex
  public_key: Hex
  head_signature: Hex
  owed_at_least: string
  issued_at: number
  signature: Hex
}

export const selectHeads = headsAt

/** Takes ready items out of circulation. An item with a record behind the cut (an undo just now) waits. */
export function freezeReadyItems(campaign: {
  id: Hex
  draftId: string
  cutAt: number
  maxItems: number
}): Statement {
  return sql`
    with heads as (${headsAt(campaign.id, campaign.cutAt)}),
    chosen as (
      select i.id from items i
      where i.draft_id = ${campaign.draftId} and i.status = 'ready'
        and i.id in (select item from records where campaign_id = ${campaign.id})
        and i.id not in (
          select r.item from records r left join heads h on h.account = r.account
          where r.campaign_id = ${campaign.id} and r.seq > coalesce(h.count, 0))
      order by i.position limit ${campaign.maxItems}
      for update of i)
    update items set status = 'batched' from chosen
    where items.draft_id = ${campaign.draftId} and items.id = chosen.id returning items.id`
}

/** Takes every item that anyone worked on out of circulation, for the closing batch. */
export function freezeWorkedItems(campaign: { id: Hex; draftId: string }): Statement {
  return sql`
    update items set status = 'batched'
    where draft_id = ${campaign.draftId} and status not in ('batched', 'settled')
      and exists (select 1 from records r where r.campaign_id = ${campaign.id} and r.item = items.id)
    returning id`
}

/** Gives frozen items back when no batch of them is pending: what a crash or a failed cut left behind. */
export function thawItems(campaign: { draftId: string }): Statement {
  return sql`
    update items set status = 'ready'
    where draft_id = ${campaign.draftId} and status = 'batched'
      and not exists (
        select 1 from batches b join campaigns c on c.id = b.campaign_id
        where c.draft_id = ${campaign.draftId} and b.status in ('cut', 'proposed'))
    returning id`
}

export interface SegmentRow {
  account: Address
  payload_hash: Hex
  link: Hex
}

/** Records of these workers between what the last final batch reached and the heads, in order. */
export function selectSegments(
  campaignId: Hex,
  ranges: readonly { account: Address; from: number; to: number }[],
): Statement {
  return sql`
    select r.account, r.payload_hash, r.link
    from unnest(${ranges.map((r) => r.account)}::text[], ${ranges.map((r) => r.from)}::int[],
      ${ranges.map((r) => r.to)}::int[]) as range (account, first, last)
    join records r on r.campaign_id = ${campaignId} and r.account = range.account
      and r.seq > range.first and r.seq <= range.last
    order by r.account, r.seq`
}

export interface PayloadRow {
  account: Address
  seq: number
  payload: Uint8Array
}

/** Payloads of everything said about these items; erased ones are missing. */
export function selectPayloads(campaignId: Hex, items: readonly Hex[]): Statement {
  return sql`
    select account, seq, payload from records
    where campaign_id = ${campaignId} and item = any(${items}::text[]) and payload is not null`
}

/** Delegations of the keys that signed these heads. */
export function selectDelegations(heads: readonly { account: Address; public_key: Hex }[]): Statement {
  return sql`
    select k.* from unnest(${heads.map((h) => h.account)}::text[], ${heads.map((h) => h.public_key)}::text[])
      as head (account, public_key)
    join session_keys k on k.account = head.account and k.public_key = head.public_key`
}

export interface DelegationRow {
  account: Address
  public_key: Hex
  scope: Hex
  not_before: number
  not_after: number
  nonce: string
  signature: Hex
}

/** All gold of a campaign: its commitment is over all of it. */
export function selectGold(draftId: string): Statement {
  return sql`
    select id, gold_label, gold_salt from items where draft_id = ${draftId} and gold_label is not null`
}

export interface GoldRow {
  id: Hex
  gold_label: string
  gold_salt: Hex
}

export interface BatchRow {
  hash: Hex
  campaign_id: Hex
  batch_index: number
  header: unknown
  status: 'cut' | 'proposed' | 'final' | 'void'
  followed_status: BatchRow['status']
  bundle: string
  bundle_bytes: number
  state: Uint8Array
  items: number
  records: number
  cut_at: number
  final_at: number | null
  is_disputed: boolean
  propose_transaction: Hex | null
  finalize_transaction: Hex | null
}

/** One batch by its hash. */
export async function findBatch(db: Database, hash: Hex): Promise<BatchRow | null> {
  const rows = await db.query<BatchRow>(sql`select * from batches where hash = ${hash}`)
  return rows[0] ?? null
}

/** Final batches of a campaign in order, without those of a fork the chain left; the state after the last. */
export function selectFinals(campaignId: Hex): Statement {
  return sql`
    select hash, header, bundle,
      case when batch_index = max(batch_index) over () then state end as state
    from batches where campaign_id = ${campaignId} and status = 'final' order by batch_index`
}

export interface FinalRow {
  hash: Hex
  header: unknown
  bundle: string
  /** Null but for the last. */
  state: Uint8Array | null
}
