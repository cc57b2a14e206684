import { type Hex, type Settlement, TaggerError } from '@tagger/protocol'
import { enqueue } from '../chain/outbox.ts'
import type { Database } from '../db/database.ts'
import { json, sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import { headerDocument, proposeCall } from './calls.ts'
import type { SettlingCampaign } from './campaign.ts'
import type { CutJob, CutOutcome } from './cut-job.ts'

// Rows per statement: parameters of a statement are held in memory twice.
const CHUNK = 5000

/** A batch as it goes into the ledger. */
export interface CutToSave {
  campaign: SettlingCampaign
  job: CutJob
  outcome: CutOutcome
  /** Blob name of the bundle. */
  bundle: string
}

/**
 * Writes a batch and its proposal in one transaction: after a crash there is either all of it or nothing.
 * Throws `conflict` when the ledger moved on while the batch was made; then the batch is made anew.
 */
export async function saveBatch(node: Node, cut: CutToSave): Promise<void> {
  const { campaign, outcome, job } = cut
  const { hash, header, settlement } = outcome
  await node.db.transaction(async (tx) => {
    await holdItems(tx, cut)
    await refuseIfMoved(tx, cut)
    const chosen = new Set(outcome.items)
    const left = job.items.filter((item) => !chosen.has(item))
    await tx.query(sql`
      update items set status = 'ready'
      where draft_id = ${campaign.draftId} and status = 'batched' and id = any(${left}::text[])`)
    await tx.query(sql`
      insert into batches (hash, campaign_id, batch_index, header, status, bundle, bundle_bytes, state, items, records,
        cut_at, created_at)
      values (${hash}, ${campaign.id}, ${header.index}, ${json(headerDocument(header))}, 'cut', ${cut.bundle},
        ${outcome.car.length}, ${outcome.stateBytes}, ${outcome.items.length}, 0, ${header.cutAt}, ${node.now()})`)
    await nameRecords(tx, cut)
    await insertSettlement(tx, campaign.id, hash, settlement)
    const [last] = await tx.query<{ root: Hex }>(
      sql`select header->>'payoutsRoot' as root from batches where hash = ${header.previous}`,
    )
    await enqueue(tx, {
      id: `propose:${hash}`,
      purpose: 'propose',
      contract: node.chain.contracts.campaigns,
      data: proposeCall(campaign.terms, header, last?.root ?? null),
    })
  })
}

/**
 * Freezes the batch's items again: another process may have given them back, and a record that got into one now would
 * never be settled. Locked in the order of intake, before the campaign.
 */
async function holdItems(tx: Database, { campaign, outcome }: CutToSave): Promise<void> {
  await tx.query(sql`
    with held as (
      select id from items where draft_id = ${campaign.draftId} and id = any(${outcome.items}::text[])
      order by id for update)
    update items set status = 'batched' from held
    where items.draft_id = ${campaign.draftId} and items.id = held.id and items.status <> 'batched'`)
}

/** Refuses when another batch came first, or a record behind the cut got through before its item was frozen. */
async function refuseIfMoved(tx: Database, { campaign, job }: CutToSave): Promise<void> {
  const { id, lastFinal, finalCount } = campaign
  // First the lock, then the look: one statement would look at what was there before it waited.
  await tx.query(sql`select 1 from campaigns where id = ${id} for update`)
  const [same] = await tx.query(sql`
    select 1 from campaigns c where c.id = ${id} and c.last_final is not distinct from ${lastFinal}
      and c.final_count = ${finalCount} and (not ${job.closing}::boolean or c.status = 'closing')
      and not exists (select 1 from batches b where b.campaign_id = c.id and b.status in ('cut', 'proposed'))`)
  if (!same) throw new TaggerError('conflict', 'The campaign moved on while its batch was cut')
  const heads = sql`unnest(${job.heads.map((h) => h.account)}::text[], ${job.heads.map((h) => h.count)}::int[])`
  const [missed] = await tx.query(sql`
    select 1 from receipts r left join ${heads} as head (account, count) on head.account = r.account
    where r.campaign_id = ${id} and r.issued_at <= ${job.cutAt} and r.count > coalesce(head.count, 0) limit 1`)
  const behind = job.closing ? sql`true` : sql`r.item = any(${job.items}::text[])`
  const [late] = await tx.query(sql`
    select 1 from records r left join ${heads} as head (account, count) on head.account = r.account
    where r.campaign_id = ${id} and r.seq > coalesce(head.count, 0) and ${behind} limit 1`)
  if (missed || late) throw new TaggerError('conflict', 'A record came in while its batch was cut')
}

/** Marks the records of the batch's items, replaced ones too, and counts them. */
async function nameRecords(tx: Database, { campaign, outcome }: CutToSave): Promise<void> {
  await tx.query(sql`
    with named as (
      update records set batch = ${outcome.hash}
      where campaign_id = ${campaign.id} and item = any(${outcome.items}::text[]) returning 1)
    update batches set records = (select count(*)::int from named) where hash = ${outcome.hash}`)
}

async function insertSettlement(
  tx: Database,
  campaignId: Hex,
  batch: Hex,
  { results, scores, payouts }: Settlement,
): Promise<void> {
  for (const page of pages(results)) {
    await tx.query(sql`
      insert into results (campaign_id, batch, item, label, confidence, distribution, status, annotations, reviews)
      select ${campaignId}, ${batch}, * from unnest(
        ${page.map((r) => r.item)}::text[], ${page.map((r) => r.label)}::text[],
        ${page.map((r) => r.confidence)}::int[], ${page.map((r) => json(r.distribution))}::jsonb[],
        ${page.map((r) => r.status)}::text[], ${page.map((r) => r.annotations)}::int[],
        ${page.map((r) => r.reviews)}::int[])`)
  }
  for (const page of pages(scores)) {
    await tx.query(sql`
      insert into scores (campaign_id, batch, account, seq, quality, difficulty, micro)
      select ${campaignId}, ${batch}, * from unnest(
        ${page.map((s) => s.account)}::text[], ${page.map((s) => s.seq)}::int[],
        ${page.map((s) => s.quality)}::int[], ${page.map((s) => s.difficulty)}::int[],
        ${page.map((s) => s.micro)}::numeric[])`)
  }
  for (const page of pages(payouts)) {
    await tx.query(sql`
      insert into payouts (campaign_id, batch, account, amount)
      select ${campaignId}, ${batch}, * from unnest(
        ${page.map((p) => p.account)}::text[], ${page.map((p) => p.amount)}::numeric[])`)
  }
}

function* pages<T>(rows: readonly T[]): Iterable<T[]> {
  for (let i = 0; i < rows.length; i += CHUNK) yield rows.slice(i, i + CHUNK)
}
