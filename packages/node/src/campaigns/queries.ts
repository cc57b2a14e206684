import type { Address, Hex } from '@tagger/protocol'
import { json, type Statement, sql } from '../db/sql.ts'

// drafts and acceptances

export interface DraftRow {
  id: string
  account: Address
  spec: Record<string, unknown>
  created_at: Date
  items: number
  gold: number
  /** The opened campaign, else the one quoted last. */
  campaign_id: Hex | null
}

/** Starts a draft, unless the account has `most` without a campaign already; answers with its id. */
export function insertDraft(
  draft: { id: string; account: Address; spec: Record<string, unknown>; now: Date },
  most: number,
): Statement {
  return sql`
    insert into drafts (id, account, spec, created_at)
    select ${draft.id}, ${draft.account}, ${json(draft.spec)}::jsonb, ${draft.now}::timestamptz
    where (select count(*) from ${unopenedDrafts(draft.account)} as d) < ${most}::int
    returning id`
}

/** Drafts of an account that no campaign was opened from: nobody has paid for keeping them. */
export function unopenedDrafts(account: Address): Statement {
  return sql`(
    select * from drafts o where o.account = ${account}
      and not exists (select 1 from campaigns c where c.draft_id = o.id))`
}

/** Deletes a draft with its items unless a campaign of it is, or still may be, opened; answers with its items. */
export function deleteDraft(id: string, now: number): Statement {
  return sql`
    with target as (
      select id from drafts d where d.id = ${id}
        and not exists (select 1 from campaigns c where c.draft_id = d.id)
        and not exists (
          select 1 from acceptances a where a.draft_id = d.id and (a.terms->>'deadline')::bigint > ${now}::bigint)),
    quotes as (delete from acceptances a using target where a.draft_id = target.id returning 1),
    contents as (delete from items i using target where i.draft_id = target.id returning i.id, i.sealed is null as is_blob),
    gone as (delete from drafts d using target where d.id = target.id returning d.id)
    select gone.id as draft, contents.id as item, contents.is_blob from gone left join contents on true`
}

export interface DeletedRow {
  draft: string
  /** Null for a draft without items. */
  item: Hex | null
  is_blob: boolean | null
}

/** Replaces the spec of a draft unless terms were accepted for it. */
export function updateDraftSpec(id: string, spec: Record<string, unknown>): Statement {
  return sql`
    update drafts set spec = ${json(spec)} where id = ${id}
      and not exists (select 1 from acceptances a where a.draft_id = drafts.id) returning id`
}

/** A draft with the counts of its items. */
export function selectDraft(id: string): Statement {
  return withCounts(sql`(select * from drafts where id = ${id})`)
}

/** A page of an account's drafts that no campaign was opened from, newest first; ids begin with their time. */
export function selectUnopened(account: Address, before: string | null, limit: number): Statement {
  return sql`
    ${withCounts(unopenedDrafts(account))}
    where ${before}::text is null or d.id < ${before}::text
    order by d.id desc limit ${limit}::int`
}

function withCounts(drafts: Statement): Statement {
  return sql`
    select d.*, i.items, i.gold, coalesce(
      (select c.id from campaigns c where c.draft_id = d.id order by c.opened_at limit 1),
      (select a.campaign_id from acceptances a where a.draft_id = d.id order by a.created_at desc limit 1)) as campaign_id
    from ${drafts} as d,
      lateral (select count(*)::int as items, count(gold_label)::int as gold from items
        where draft_id = d.id and status <> 'unfinished') i`
}

/** What a spec commits to of a draft's items. */
export function selectCommitted(draftId: string): Statement {
  return sql`select id, gold_label, gold_salt from items where draft_id = ${draftId} order by id`
}

export interface CommittedRow {
  id: Hex
  gold_label: string | null
  gold_salt: Hex | null
}

/** The shapes a draft's items have: their columns, and whether they are images. */
export function selectShapes(draftId: string): Statement {
  return sql`
    select columns, media_type like 'image/%' as is_image, count(*)::int as items from items
    where draft_id = ${draftId} group by 1, 2`
}

export interface ShapeRow {
  columns: string[] | null
  is_image: boolean
  items: number
}

export interface AcceptanceRow {
  campaign_id: Hex
  spec_hash: Hex
  terms: unknown
  signature: Hex
}

/** Terms accepted for a draft, the last first. */
export function selectAcceptances(draftId: string): Statement {
  return sql`
    select campaign_id, spec_hash, terms, signature from acceptances where draft_id = ${draftId}
    order by created_at desc`
}

/** Keeps accepted terms. */
export function insertAcceptance(acceptance: {
  campaignId: Hex
  draftId: string
  specHash: Hex
  spec: Uint8Array
  terms: unknown
  signature: Hex
  now: Date
}): Statement {
  return sql`
    insert into acceptances (campaign_id, draft_id, spec_hash, spec, terms, signature, created_at)
    values (${acceptance.campaignId}, ${acceptance.draftId}, ${acceptance.specHash}, ${acceptance.spec},
      ${json(acceptance.terms)}, ${acceptance.signature}, ${acceptance.now})
    on conflict (campaign_id) do nothing`
}

// campaigns

export interface SummaryRow {
  id: Hex
  draft_id: string
  title: string
  status: 'open' | 'closing' | 'silent' | 'closed'
  funded: string
  payouts_total: string
  claimed: string
  refunded: string
  final_count: number
  last_final: Hex | null
  opened_at: number
  open_transaction: Hex
  items: number
  items_ready: number
  items_settled: number
  records: number
  workers: number
  seconds_per_record: number | null
  records_paid: number
}

/** Records of each worker that the usual time of one is taken from. */
const TIMED_RECORDS = 20

function summaries(where: Statement): Statement {
  return sql`
    select c.id, c.draft_id, c.title, c.status, c.funded, c.payouts_total, c.claimed, c.refunded, c.final_count,
      c.last_final, c.opened_at, c.open_transaction, i.*, w.*, t.*, b.*
    from campaigns c,
      lateral (select count(*) filter (where status <> 'unfinished')::int as items,
          count(*) filter (where status in ('ready', 'batched'))::int as items_ready,
          count(*) filter (where status = 'settled')::int as items_settled
        from items where draft_id = c.draft_id) i,
      lateral (select coalesce(sum(count), 0)::int as records, count(*)::int as workers
        from chains where campaign_id = c.id) w,
      lateral (select percentile_disc(0.5) within group (order by seconds)::int as seconds_per_record
        from records where campaign_id = c.id and seq <= ${TIMED_RECORDS}) t,
      lateral (select coalesce(sum(records), 0)::int as records_paid
        from batches where campaign_id = c.id and status = 'final') b
    where ${where}`
}

/** One campaign with its figures. */
export function selectCampaign(id: Hex): Statement {
  return summaries(sql`c.id = ${id}`)
}

export interface CampaignFilter {
  status: string | null
  kind: string | null
  requester: Address | null
  /** Only those after this one, in the list's order. */
  after: { openedAt: number; id: string } | null
  limit: number
}

/** Campaigns with their figures, newest first. */
export function selectCampaigns({ status, kind, requester, after, limit }: CampaignFilter): Statement {
  const page = sql`
    c.id in (select id from campaigns
      where (${status}::text is null or status = ${status}) and (${kind}::text is null or kind = ${kind})
        and (${requester}::text is null or requester = ${requester})
        and (${after?.id ?? null}::text is null
          or (opened_at, id) < (${after?.openedAt ?? null}::bigint, ${after?.id ?? null}::text))
      order by opened_at desc, id desc limit ${limit})`
  return sql`${summaries(page)} order by c.opened_at desc, c.id desc`
}

/** Batches of a campaign that stand, and the passport made from it. */
export function selectBelongings(campaignId: Hex): Statement {
  const source = json([{ campaignId }])
  return sql`
    select
      (select count(*)::int from batches where campaign_id = ${campaignId} and status <> 'void') as batches,
      (select passport_id from passport_versions where sources @> ${source}::jsonb
        order by length(passport_id), passport_id limit 1) as passport_id`
}
