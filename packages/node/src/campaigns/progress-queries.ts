import type { Hex } from '@tagger/protocol'
import { type Statement, sql } from '../db/sql.ts'

/** Items of a campaign by where they are. */
export function countByStatus(draftId: string): Statement {
  return sql`select status, count(*)::int as items from items where draft_id = ${draftId} group by status`
}

/** Records by the minute they came in, since a time. */
export function countByMinute(campaignId: Hex, since: Date): Statement {
  return sql`
    select date_trunc('minute', received_at) as time, count(*)::int as records from records
    where campaign_id = ${campaignId} and received_at >= ${since} group by 1 order by 1`
}

const finalBatches = (campaignId: Hex) =>
  sql`select hash from batches where campaign_id = ${campaignId} and status = 'final'`

/** Settled items by label, with the sum of their confidences. */
export function countByLabel(campaignId: Hex): Statement {
  return sql`
    select label, count(*)::int as items, sum(confidence)::bigint as confidence from results
    where campaign_id = ${campaignId} and batch in (${finalBatches(campaignId)}) group by label`
}

/** Known answers of settled items; one that is not the result was contradicted. */
export function countGold(campaignId: Hex, draftId: string): Statement {
  return sql`
    select count(*)::int as revealed, count(*) filter (where r.label <> i.gold_label)::int as contradicted
    from results r join items i on i.draft_id = ${draftId} and i.id = r.item and i.gold_label is not null
    where r.campaign_id = ${campaignId} and r.batch in (${finalBatches(campaignId)})`
}

/**
 * Given answers against settled ones. `agreeing` and `pairs` count ordered pairs of answers to the same item,
 * equal ones and all.
 */
export function countVotes(campaignId: Hex, kind: 'annotation' | 'review'): Statement {
  return sql`
    with votes as (
      select item, batch, label, count(*) as n from records
      where campaign_id = ${campaignId} and kind = ${kind} and label is not null and not is_replaced
        and batch in (${finalBatches(campaignId)})
      group by item, batch, label),
    counted as (select *, sum(n) over (partition by item) as total from votes)
    select r.label as settled, v.label as given, sum(v.n)::int as records,
      sum(v.n * (v.n - 1))::bigint as agreeing, sum(v.n * (v.total - 1))::bigint as pairs
    from counted v join results r
      on r.campaign_id = ${campaignId} and r.item = v.item and r.batch = v.batch
    group by 1, 2`
}

export interface VoteRow {
  settled: string
  given: string
  records: number
  agreeing: number
  pairs: number
}

/** Workers of a campaign with their mean quality and what final batches owe them. */
export function selectWorkers(campaignId: Hex, lastFinal: Hex | null): Statement {
  return sql`
    select c.account, c.count as records, s.quality, coalesce(p.amount, 0)::text as paid
    from chains c
    left join (select account, round(avg(quality))::int as quality from scores
      where campaign_id = ${campaignId} and batch in (${finalBatches(campaignId)}) group by account) s
      on s.account = c.account
    left join payouts p on p.batch = ${lastFinal} and p.account = c.account
    where c.campaign_id = ${campaignId} order by c.count desc, c.account`
}
