import type { Address, Hex } from '@tagger/protocol'
import { type Statement, sql } from '../db/sql.ts'

export type LeaseKind = 'annotation' | 'review'

export interface LeaseRow {
  id: string
  item: Hex
  kind: LeaseKind
  expires_at: Date
}

/** What decides whether a campaign gives out work. */
export function selectFunds(campaignId: Hex): Statement {
  return sql`select status, funded from campaigns where id = ${campaignId}`
}

/** Money of a campaign, held against other leases until the transaction ends. */
export function lockMoney(campaignId: Hex): Statement {
  return sql`select funded, payouts_total from campaigns where id = ${campaignId} for no key update`
}

/** Records not yet paid by a final batch and running leases, by kind. */
export function selectOpenWork(campaignId: Hex): Statement {
  return sql`
    select
      count(*) filter (where kind = 'annotation')::int as annotations,
      count(*) filter (where kind = 'review')::int as reviews,
      count(*) filter (where kind = 'submission')::int as submissions
    from (
      select kind from records r where campaign_id = ${campaignId} and not is_replaced
        and not exists (select 1 from batches b where b.hash = r.batch and b.status = 'final')
      union all
      select kind from assignments where campaign_id = ${campaignId} and state = 'leased') as work`
}

/** Returns leases that ran out to the pool. One that is being answered this moment is left alone. */
export function expireLeases(campaign: { id: Hex; draftId: string }, now: Date): Statement {
  return sql`
    with over as (
      update assignments set state = 'expired' where id in (
        select id from assignments
        where campaign_id = ${campaign.id} and state = 'leased' and expires_at <= ${now}
        for update skip locked)
      returning item),
    freed as (select item, count(*)::int as leases from over group by item)
    update items set leases = greatest(items.leases - freed.leases, 0) from freed
    where items.draft_id = ${campaign.draftId} and items.id = freed.item returning items.id`
}

/** Campaigns with leases that ran out. */
export function selectExpired(now: Date): Statement {
  return sql`
    select distinct a.campaign_id as id, c.draft_id as "draftId"
    from assignments a join campaigns c on c.id = a.campaign_id
    where a.state = 'leased' and a.expires_at <= ${now}`
}

interface Caller {
  campaignId: Hex
  account: Address
  kind: LeaseKind
}

/** Running leases of a worker, oldest first. */
export function selectRunning(
  { campaignId, account, kind }: Caller,
  items: readonly Hex[] | null,
): Statement {
  return sql`
    select id, item, kind, expires_at from assignments
    where campaign_id = ${campaignId} and account = ${account} and kind = ${kind} and state = 'leased'
      and (${items}::text[] is null or item = any(${items}::text[]))
    order by leased_at, id`
}

/** Running leases of a worker that {@link selectRunning} does not count: other campaigns, the other kind. */
export function countOthersHeld({ campaignId, account, kind }: Caller, now: Date): Statement {
  return sql`
    select count(*)::int as held from assignments
    where account = ${account} and state = 'leased' and expires_at > ${now}
      and not (campaign_id = ${campaignId} and kind = ${kind})`
}

/** Which of these items this worker has answered already. */
export function selectAnswered({ campaignId, account }: Caller, items: readonly Hex[]): Statement {
  return sql`
    select item from assignments
    where campaign_id = ${campaignId} and account = ${account} and state = 'done' and item = any(${items}::text[])
    order by item`
}

interface Pick extends Caller {
  draftId: string
  /** One new id per lease at most. */
  ids: readonly string[]
  now: Date
  expiresAt: Date
}

/** Items to pass over. */
export interface Avoid {
  /** Those this worker gave back or let expire. */
  skipped: boolean
  /** Those these accounts have or had. */
  apart: readonly Address[]
}

const NOTHING: Avoid = { skipped: false, apart: [] }

/** Leases answers that are still wanted. */
export function leaseAnnotations(pick: Pick & { min: number; avoid: Avoid }): Statement {
  return leaseChosen(
    pick,
    sql`
      select i.id from items i where ${isWanted(pick)}
      order by (i.annotations + i.leases) desc, i.id limit ${pick.ids.length}
      for update of i skip locked`,
  )
}

/** Whether there is an answer to lease for this worker, be it held by someone else's request at this moment. */
export function selectWanted(caller: Caller & { draftId: string; min: number }): Statement {
  return sql`select 1 from items i where ${isWanted({ ...caller, avoid: NOTHING })} limit 1`
}

function isWanted(pick: Caller & { draftId: string; min: number; avoid: Avoid }): Statement {
  return sql`i.draft_id = ${pick.draftId} and i.status in ('waiting', 'open')
    and i.annotations + i.leases < coalesce(i.wanted, ${pick.min}::int)
    and i.id not in (${hadItems(pick, pick.avoid)})`
}

/** Leases exactly these items, as far as they take more answers and this worker has not had them. */
export function leaseNamed(pick: Pick & { max: number; items: readonly Hex[] }): Statement {
  return leaseChosen(
    pick,
    sql`
      select i.id from items i
      where i.draft_id = ${pick.draftId} and i.id = any(${pick.items}::text[]) and i.status in ('waiting', 'open')
        and i.annotations + i.leases < ${pick.max}::int
        and i.id not in (${hadItems(pick, NOTHING)})
      order by i.id limit ${pick.ids.length}
      for update of i`,
  )
}

/** Leases items that wait for reviewers; never one this worker answered or sent in. */
export function leaseReviews(
  pick: Pick & { reviews: number; isCollect: boolean; items: readonly Hex[] | null; avoid: Avoid },
): Statement {
  return leaseChosen(
    pick,
    sql`
      select i.id from items i
      where i.draft_id = ${pick.draftId}
        and (i.status = 'review' or (${pick.isCollect}::boolean and i.status = 'waiting'))
        and (${pick.items}::text[] is null or i.id = any(${pick.items}::text[]))
        and i.reviews + i.leases < ${pick.reviews}::int
        and i.source is distinct from ${pick.account}
        and i.id not in (
          select r.item from records r where r.campaign_id = ${pick.campaignId} and r.account = ${pick.account})
        and i.id not in (${hadItems(pick, pick.avoid)})
      order by (i.reviews + i.leases) desc, i.id limit ${pick.ids.length}
      for update of i skip locked`,
  )
}

/**
 * Items this worker has or had, and those to avoid.
 * As `not in` it is hashed once, whatever the planner believes; a join may not be.
 */
function hadItems({ campaignId, account }: Caller, { skipped, apart }: Avoid): Statement {
  return sql`
    select item from assignments
    where campaign_id = ${campaignId} and account = any(${[account, ...apart]}::text[]) and state in ('leased', 'done')
    union all
    select item from assignments
    where ${skipped}::boolean and campaign_id = ${campaignId} and account = ${account}
      and state in ('released', 'expired')`
}

/**
 * Turns chosen items into leases. The unique index is the last guard against a second lease of one item. What was
 * given back of them before is forgotten: leasing and releasing for ever must not fill the table.
 */
function leaseChosen(pick: Pick, chosen: Statement): Statement {
  return sql`
    with chosen as (${chosen}),
    forgotten as (
      delete from assignments a using chosen
      where a.campaign_id = ${pick.campaignId} and a.account = ${pick.account} and a.item = chosen.id
        and a.state in ('released', 'expired')),
    numbered as (select id as item, row_number() over (order by id) as place from chosen),
    made as (
      insert into assignments (id, campaign_id, item, account, kind, state, leased_at, expires_at)
      select given.id, ${pick.campaignId}, numbered.item, ${pick.account}, ${pick.kind}, 'leased',
        ${pick.now}, ${pick.expiresAt}
      from numbered join unnest(${pick.ids}::text[]) with ordinality as given (id, place) using (place)
      on conflict (campaign_id, item, account) where state in ('leased', 'done') do nothing
      returning id, item, kind, expires_at),
    counted as (
      update items set leases = leases + 1 from made
      where items.draft_id = ${pick.draftId} and items.id = made.item returning items.id)
    select made.* from made join counted on counted.id = made.item order by made.id`
}

/** Gives leases of a worker back. */
export function releaseLeases(
  campaign: { id: Hex; draftId: string },
  account: Address,
  ids: readonly string[],
): Statement {
  return sql`
    with given as (
      update assignments set state = 'released'
      where id = any(${ids}::text[]) and campaign_id = ${campaign.id} and account = ${account} and state = 'leased'
      returning item)
    update items set leases = greatest(leases - 1, 0) from given
    where items.draft_id = ${campaign.draftId} and items.id = given.item returning items.id`
}

/** Labels put before reviewers. */
export function selectProposed(draftId: string, items: readonly Hex[]): Statement {
  return sql`select id, proposed from items where draft_id = ${draftId} and id = any(${items}::text[])`
}

/** An assignment whose worker may see the item's bytes. */
export function selectReadable(id: string): Statement {
  return sql`
    select a.item, c.draft_id from assignments a join campaigns c on c.id = a.campaign_id
    where a.id = ${id} and a.state in ('leased', 'done')`
}
