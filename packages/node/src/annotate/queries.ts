import type {
  AcceptedRecord,
  Address,
  Head,
  Hex,
  RecordKind,
  SignedHead,
  SignedReceipt,
} from '@tagger/protocol'
import { type Statement, sql } from '../db/sql.ts'

interface Work {
  campaignId: Hex
  account: Address
}

/** One row: the campaign, the signing key, the held head and the receipt for this count, as far as they exist. */
export function selectHeld({ campaignId, account }: Work, signed: SignedHead): Statement {
  return sql`
    select c.status, c.funded,
      k.scope, k.not_before, k.not_after, k.nonce,
      h.count, h.link, h.owed_at_least, coalesce(p.amount, 0)::numeric as final_pay,
      r.link as receipt_link, r.owed_at_least as receipt_owed, r.issued_at as receipt_issued_at,
      r.signature as receipt_signature
    from campaigns c
    left join session_keys k on k.account = ${account} and k.public_key = ${signed.publicKey}
    left join chains h on h.campaign_id = c.id and h.account = ${account}
    left join receipts r on r.campaign_id = c.id and r.account = ${account} and r.count = ${signed.count}
    left join payouts p on p.batch = c.last_final and p.account = ${account}
    where c.id = ${campaignId}`
}

export interface HeldRow {
  status: 'open' | 'closing' | 'silent' | 'closed'
  funded: string
  scope: Hex | null
  not_before: number
  not_after: number
  nonce: string
  count: number | null
  link: Hex
  owed_at_least: string
  /** What the last final batch pays the account, cumulative. */
  final_pay: string
  receipt_link: Hex | null
  receipt_owed: string
  receipt_issued_at: number
  receipt_signature: Hex
}

/** How many counting records of an account no final batch has settled. */
export function countUnsettled({ campaignId, account }: Work): Statement {
  return sql`
    select count(*)::int as records from records r left join batches b on b.hash = r.batch
    where r.campaign_id = ${campaignId} and r.account = ${account} and not r.is_replaced
      and b.status is distinct from 'final'`
}

/** The leases a chunk names, held until the transaction ends. */
export function lockLeases({ campaignId, account }: Work, tasks: readonly string[]): Statement {
  return sql`
    select id, item, kind, state, expires_at from assignments
    where id = any(${tasks}::text[]) and campaign_id = ${campaignId} and account = ${account}
    order by id for update`
}

export interface LockedLease {
  id: string
  item: Hex
  kind: RecordKind
  state: 'leased' | 'done' | 'released' | 'expired'
  expires_at: Date
}

/** The items a chunk names, held until the transaction ends; in one order everywhere, so that chunks never deadlock. */
export function lockItems(draftId: string, items: readonly Hex[]): Statement {
  return sql`
    select id, status, source, media_type, bytes from items
    where draft_id = ${draftId} and id = any(${items}::text[])
    order by id for update`
}

export interface LockedItem {
  id: Hex
  status: string
  source: Address | null
  media_type: string
  bytes: number
}

/** First record of this worker per item and kind. */
export function selectFirsts({ campaignId, account }: Work, items: readonly Hex[]): Statement {
  return sql`
    select item, kind, min(seq)::int as seq from records
    where campaign_id = ${campaignId} and account = ${account} and item = any(${items}::text[])
    group by item, kind`
}

/** Moves the chain from one head to the next; no row when it stands elsewhere by now. */
export function advanceChain(
  { campaignId, account }: Work,
  from: Head,
  to: SignedHead,
  owed: bigint,
): Statement {
  return sql`
    insert into chains (campaign_id, account, count, link, public_key, signature, owed_at_least)
    select ${campaignId}, ${account}, ${to.count}::int, ${to.link}, ${to.publicKey}, ${to.signature}, ${owed}::numeric
    where ${from.count}::int = 0 or exists (
      select 1 from chains where campaign_id = ${campaignId} and account = ${account})
    on conflict (campaign_id, account) do update
      set count = excluded.count, link = excluded.link, public_key = excluded.public_key,
        signature = excluded.signature, owed_at_least = excluded.owed_at_least
      where chains.count = ${from.count}::int and chains.link = ${from.link}
    returning count`
}

/** Stores accepted records. */
export function insertRecords(
  { campaignId, account }: Work,
  accepted: readonly AcceptedRecord[],
  now: Date,
): Statement {
  const column = <T>(read: (entry: AcceptedRecord) => T): T[] => accepted.map(read)
  return sql`
    insert into records (campaign_id, account, seq, kind, item, label, payload, payload_hash, link, revises,
      is_replaced, received_at, seconds)
    select ${campaignId}, ${account}, seq, kind, item, label, payload, payload_hash, link, revises, is_replaced,
      ${now}::timestamptz, seconds
    from unnest(
      ${column((e) => e.record.seq)}::int[], ${column((e) => e.record.kind)}::text[],
      ${column((e) => e.record.item)}::text[], ${column((e) => e.label)}::text[],
      ${column((e) => e.payload)}::bytea[], ${column((e) => e.payloadHash)}::text[],
      ${column((e) => e.link)}::text[], ${column((e) => e.record.revises)}::int[],
      ${column((e) => e.isReplaced)}::boolean[], ${column((e) => e.seconds)}::int[]
    ) as given (seq, kind, item, label, payload, payload_hash, link, revises, is_replaced, seconds)`
}

/** Marks what a chunk's revisions replaced. */
export function replaceRecords(
  { campaignId, account }: Work,
  before: number,
  revisions: readonly AcceptedRecord[],
): Statement {
  return sql`
    update records set is_replaced = true
    from unnest(${revisions.map((e) => e.record.item)}::text[], ${revisions.map((e) => e.record.kind)}::text[])
      as given (item, kind)
    where records.campaign_id = ${campaignId} and records.account = ${account} and records.seq <= ${before}::int
      and records.item = given.item and records.kind = given.kind and not records.is_replaced`
}

/** What a chunk does to one item. */
export interface ItemChange {
  item: Hex
  annotations: number
  reviews: number
  leases: number
  submitted: boolean
  revised: boolean
}

/**
 * Marks leases as answered and counts answers into their items. A submission waits for review from here on;
 * an item that was ready and is revised has to be decided anew.
 */
export function countAnswers(
  draftId: string,
  answered: readonly string[],
  changes: readonly ItemChange[],
): Statement {
  const column = <K extends keyof ItemChange>(key: K) => changes.map((change) => change[key])
  return sql`
    with done as (update assignments set state = 'done' where id = any(${answered}::text[]) returning 1)
    update items set
      annotations = items.annotations + given.annotations,
      reviews = items.reviews + given.reviews,
      leases = greatest(items.leases - given.leases, 0),
      status = case
        when items.status = 'unfinished' and given.submitted then 'waiting'
        when items.status = 'waiting' and given.annotations > 0 then 'open'
        when items.status = 'waiting' and given.reviews > 0 then 'review'
        when items.status = 'ready' and given.revised and items.reviews + given.reviews > 0 then 'review'
        when items.status = 'ready' and given.revised then 'open'
        else items.status end
    from unnest(${column('item')}::text[], ${column('annotations')}::int[], ${column('reviews')}::int[],
      ${column('leases')}::int[], ${column('submitted')}::boolean[], ${column('revised')}::boolean[])
      as given (id, annotations, reviews, leases, submitted, revised)
    where items.draft_id = ${draftId} and items.id = given.id`
}

/** A batch that stands and would have had to hold a record receipted at this time; the closing one before others. */
export function selectBatchPast(campaignId: Hex, issuedAt: number): Statement {
  return sql`
    select (header->>'closing')::boolean as closing from batches
    where campaign_id = ${campaignId} and status <> 'void'
      and ((header->>'closing')::boolean or cut_at >= ${issuedAt})
    order by 1 desc limit 1`
}

/** Keeps a receipt with the head it answers. */
export function insertReceipt(receipt: SignedReceipt, signed: SignedHead): Statement {
  return sql`
    insert into receipts (campaign_id, account, count, link, public_key, head_signature, owed_at_least, issued_at,
      signature)
    values (${receipt.campaignId}, ${receipt.account}, ${receipt.count}, ${receipt.link}, ${signed.publicKey},
      ${signed.signature}, ${receipt.owedAtLeast}, ${receipt.issuedAt}, ${receipt.signature})`
}

/** A chain with its signed head and the receipt for it. */
export function selectChain({ campaignId, account }: Work): Statement {
  return sql`
    select h.count, h.link, h.public_key, h.signature, r.owed_at_least, r.issued_at, r.signature as receipt_signature
    from chains h join receipts r
      on r.campaign_id = h.campaign_id and r.account = h.account and r.count = h.count
    where h.campaign_id = ${campaignId} and h.account = ${account}`
}

export interface ChainRow {
  count: number
  link: Hex
  public_key: Hex
  signature: Hex
  owed_at_least: string
  issued_at: number
  receipt_signature: Hex
}
