import type { Address, Hex } from '@tagger/protocol'
import { type Statement, sql } from '../db/sql.ts'
import type { Decision } from './decide.ts'
import type { UndecidedRow } from './decide-job.ts'

/** Fixed redundancy and no review: whatever has all its answers is ready, no fit needed. */
export function readyByCount(draftId: string, answers: number): Statement {
  return sql`
    update items set status = 'ready'
    where draft_id = ${draftId} and status in ('waiting', 'open') and annotations >= ${answers}::int
    returning id`
}

/** Submissions with all their reviews are ready. */
export function readyByReviews(draftId: string, reviews: number): Statement {
  return sql`
    update items set status = 'ready'
    where draft_id = ${draftId} and status in ('waiting', 'review') and reviews >= ${reviews}::int and leases = 0
    returning id`
}

/** A page of items whose next step depends on a fit: all asked answers are in, or it was thought ready. */
export function selectUndecided(
  draftId: string,
  { min, after, limit }: { min: number; after: string; limit: number },
): Statement {
  return sql`
    select id, status, annotations, reviews, leases, coalesce(wanted, ${min}::int) as wanted, proposed
    from items
    where draft_id = ${draftId} and id > ${after} and status in ('waiting', 'open', 'review', 'ready')
      and annotations >= coalesce(wanted, ${min}::int)
    order by id limit ${limit}::int`
}

/** Counting answers and reviews of these items. */
export function selectAnswersTo(campaignId: Hex, items: readonly Hex[]): Statement {
  return sql`
    select account, seq, kind, item, label from records
    where campaign_id = ${campaignId} and item = any(${items}::text[]) and not is_replaced and kind <> 'submission'`
}

/** A page of a campaign's counting answers and reviews. */
export function selectAnswersAfter(
  campaignId: Hex,
  after: { account: string; seq: number },
  limit: number,
): Statement {
  return sql`
    select account, seq, kind, item, label from records
    where campaign_id = ${campaignId} and (account, seq) > (${after.account}::text, ${after.seq}::int)
      and not is_replaced and kind <> 'submission'
    order by account, seq limit ${limit}::int`
}

/** How many answers a campaign has, replaced ones too. */
export function countAnswers(campaignId: Hex): Statement {
  return sql`
    select count(*)::int as answers from records where campaign_id = ${campaignId} and kind = 'annotation'`
}

export interface AnswerRow {
  account: Address
  seq: number
  kind: 'annotation' | 'review'
  item: Hex
  label: string | null
}

/** Answers known beforehand. */
export function selectKnown(draftId: string): Statement {
  return sql`select id, gold_label from items where draft_id = ${draftId} and gold_label is not null`
}

/** Writes decisions, unless an item moved on since it was read. */
export function applyDecisions(
  draftId: string,
  rows: readonly UndecidedRow[],
  decisions: readonly Decision[],
): Statement {
  return sql`
    update items set status = given.status, wanted = given.wanted, proposed = given.proposed
    from unnest(
      ${rows.map((r) => r.id)}::text[], ${rows.map((r) => r.status)}::text[], ${rows.map((r) => r.annotations)}::int[],
      ${rows.map((r) => r.reviews)}::int[], ${rows.map((r) => r.leases)}::int[],
      ${decisions.map((d) => d.status)}::text[], ${decisions.map((d) => d.wanted)}::int[],
      ${decisions.map((d) => d.proposed)}::text[]
    ) as given (id, was, annotations, reviews, leases, status, wanted, proposed)
    where items.draft_id = ${draftId} and items.id = given.id and items.status = given.was
      and items.annotations = given.annotations and items.reviews = given.reviews and items.leases = given.leases
    returning items.id, given.was, items.status`
}

/** Campaigns that may have items to decide. */
export function selectActive(): Statement {
  return sql`select id from campaigns where status in ('open', 'closing')`
}
