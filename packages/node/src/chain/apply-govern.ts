import type { Hex } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { json, sql } from '../db/sql.ts'
import { applyDispute } from './apply-disputes.ts'
import { applyProposal } from './apply-proposals.ts'
import { applyStake } from './apply-stakes.ts'
import type { ChainEvent } from './event.ts'
import { eventsOfCampaign, eventsOfSubject } from './events-table.ts'
import { foldPending, type PendingBatch } from './fold-pending.ts'

const KINDS = { account: applyStake, dispute: applyDispute, proposal: applyProposal }

/** Folds new events of stakes, disputes and proposals into their rows. */
export async function applyGovern(tx: Database, events: readonly ChainEvent[]): Promise<void> {
  const bySubject = Map.groupBy(events, ({ subject }) => subject)
  for (const [subject, own] of bySubject) if (subject !== null) await apply(tx, subject, own, false)
}

/** Folds everything known of stakes, disputes and proposals anew; other subjects are none of its business. */
export async function refoldGovern(tx: Database, subjects: Iterable<string>): Promise<void> {
  for (const subject of subjects) {
    if (kindOf(subject) !== null) await apply(tx, subject, await eventsOfSubject(tx, subject), true)
  }
}

/** Folds events of a campaign into the row of its pending batch; `isWhole` when these are all there are. */
export async function applyPending(
  tx: Database,
  campaignId: Hex,
  events: readonly ChainEvent[],
  isWhole: boolean,
): Promise<void> {
  const before = isWhole ? null : await loadPending(tx, campaignId)
  const pending = events.reduce(foldPending, before)
  if (pending === before && !isWhole) return
  await tx.query(sql`delete from pending_batches where campaign_id = ${campaignId}`)
  if (pending === null) return
  await tx.query(sql`
    insert into pending_batches (campaign_id, batch, header, proposed_at, final_at, is_disputed)
    values (${campaignId}, ${pending.batch}, ${json(pending.header)}, ${pending.proposedAt}, ${pending.finalAt},
      ${pending.isDisputed})`)
}

/** Folds what an earlier version has stored without folding it: on every network someone has a stake. */
export async function foldEarlier(tx: Database): Promise<void> {
  const known = await tx.query(sql`select 1 from stakes limit 1`)
  if (known.length > 0) return
  const subjects = await tx.query<{ subject: string }>(sql`
    select distinct subject from chain_events
    where contract in ('staking', 'disputes', 'tagGovernor') and subject is not null`)
  await refoldGovern(
    tx,
    subjects.map(({ subject }) => subject),
  )
  const campaigns = await tx.query<{ id: Hex }>(sql`
    select distinct campaign_id as id from chain_events where name = 'BatchProposed'`)
  for (const { id } of campaigns) await applyPending(tx, id, await eventsOfCampaign(tx, id), true)
}

async function apply(tx: Database, subject: string, events: ChainEvent[], isWhole: boolean): Promise<void> {
  const kind = kindOf(subject)
  if (kind !== null) await KINDS[kind](tx, subject.slice(kind.length + 1), events, isWhole)
}

function kindOf(subject: string): keyof typeof KINDS | null {
  const [kind] = subject.split(':') as [string]
  return Object.hasOwn(KINDS, kind) ? (kind as keyof typeof KINDS) : null
}

async function loadPending(tx: Database, campaignId: Hex): Promise<PendingBatch | null> {
  const [row] = await tx.query<PendingBatch>(sql`
    select batch, header, proposed_at as "proposedAt", final_at as "finalAt", is_disputed as "isDisputed"
    from pending_batches where campaign_id = ${campaignId}`)
  return row ?? null
}
