import type { Address, Hex, RecordKind } from '@tagger/protocol'
import { type Statement, sql } from '../db/sql.ts'

/** Where the next page of own records begins. */
export interface RecordCursor {
  receivedAt: Date
  campaignId: string
  seq: number
}

/** A worker's records, newest first, with what became of each. Results and gold only of final batches. */
export function selectOwnRecords(
  account: Address,
  filter: { campaignId: Hex | null; after: RecordCursor | null; limit: number },
): Statement {
  const { campaignId, after, limit } = filter
  return sql`
    select r.campaign_id, r.seq, r.kind, r.item, r.label, r.received_at, r.is_replaced,
      i.status as item_status, a.id as assignment,
      b.hash as batch, b.status as batch_status,
      case when b.status = 'final' then coalesce(i.gold_label = x.label, false) end as was_gold,
      x.label as result_label, x.status as result_status, x.confidence, s.quality, s.difficulty, s.micro,
      p.amount as payout, coalesce(paid.amount, 0)::numeric as claimed
    from records r
    join campaigns c on c.id = r.campaign_id
    left join items i on i.draft_id = c.draft_id and i.id = r.item
    left join assignments a on a.campaign_id = r.campaign_id and a.item = r.item and a.account = r.account
      and a.state in ('leased', 'done')
    left join batches b on b.hash = r.batch and b.status <> 'void'
    left join results x on b.status = 'final' and x.batch = b.hash and x.campaign_id = r.campaign_id and x.item = r.item
    left join scores s on b.status = 'final' and s.batch = b.hash and s.campaign_id = r.campaign_id
      and s.account = r.account and s.seq = r.seq
    left join payouts p on b.status = 'final' and p.batch = b.hash and p.account = r.account
    left join lateral (
      select sum(amount) as amount from claims l where l.account = r.account and l.campaign_id = r.campaign_id
    ) paid on true
    where r.account = ${account}
      and (${campaignId}::text is null or r.campaign_id = ${campaignId})
      and (${after?.receivedAt ?? null}::timestamptz is null
        or (r.received_at, r.campaign_id, r.seq) <
          (${after?.receivedAt ?? null}::timestamptz, ${after?.campaignId ?? null}::text, ${after?.seq ?? null}::bigint))
    order by r.received_at desc, r.campaign_id desc, r.seq desc limit ${limit}`
}

export interface OwnRecordRow {
  campaign_id: Hex
  seq: number
  kind: RecordKind
  item: Hex
  label: string | null
  received_at: Date
  is_replaced: boolean
  item_status: string | null
  assignment: string | null
  batch: Hex | null
  batch_status: 'cut' | 'proposed' | 'final' | null
  was_gold: boolean | null
  result_label: string | null
  result_status: 'accepted' | 'rejected' | null
  confidence: number | null
  quality: number | null
  difficulty: number | null
  micro: string | null
  payout: string | null
  claimed: string
}

/** What reviewers of these items wrote, without who they are; only from batches everyone can open. */
export function selectReviews(campaignId: Hex, items: readonly Hex[]): Statement {
  return sql`
    select r.item, r.payload from records r join batches b on b.hash = r.batch and b.status = 'final'
    where r.campaign_id = ${campaignId} and r.item = any(${items}::text[]) and r.kind = 'review'
      and not r.is_replaced and r.payload is not null
    order by r.item, r.link`
}

export interface ReviewRow {
  item: Hex
  payload: Uint8Array
}

/** A worker's earnings by campaign, newest work first. */
export function selectEarnings(account: Address): Statement {
  return sql`
    with own as (
      select r.campaign_id, max(r.received_at) as latest,
        count(*)::int as records,
        count(*) filter (where b.hash is null)::int as answered,
        count(*) filter (where b.status in ('cut', 'proposed'))::int as in_batch,
        count(*) filter (where b.status = 'final')::int as settled
      from records r left join batches b on b.hash = r.batch and b.status <> 'void'
      where r.account = ${account} and not r.is_replaced
      group by r.campaign_id)
    select own.*, c.title, c.terms, coalesce(p.amount, 0)::numeric as earned,
      coalesce((
        select sum(amount) from claims l where l.account = ${account} and l.campaign_id = c.id), 0)::numeric as claimed,
      (select max(b.final_at) from batches b where b.campaign_id = c.id and b.status = 'proposed') as next_final_at,
      array(
        select l.transaction_hash from claims l where l.account = ${account} and l.campaign_id = c.id
        order by l.block_number, l.log_index) as claim_transactions
    from own
    join campaigns c on c.id = own.campaign_id
    left join payouts p on p.batch = c.last_final and p.account = ${account}
    order by own.latest desc, own.campaign_id`
}

export interface EarningsRow {
  campaign_id: Hex
  title: string
  terms: unknown
  records: number
  answered: number
  in_batch: number
  settled: number
  earned: string
  claimed: string
  next_final_at: number | null
  claim_transactions: Hex[]
}

/** The last final batch of a campaign, whose root pays everyone. */
export function selectLastFinal(campaignId: Hex): Statement {
  return sql`
    select b.hash from campaigns c join batches b on b.hash = c.last_final and b.status = 'final'
    where c.id = ${campaignId}`
}

/** What accounts of a campaign have claimed so far. */
export function selectClaimed(campaignId: Hex, account: Address | null): Statement {
  return sql`
    select account, sum(amount)::numeric as claimed from claims
    where campaign_id = ${campaignId} and (${account}::text is null or account = ${account})
    group by account`
}
