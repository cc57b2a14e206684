import { decodeCanonical, type Hex } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { amountOf, type ChainEvent, hexOf } from './event.ts'
import { type BatchOnChain, foldBatch } from './fold-batch.ts'
import { type CampaignLedger, foldCampaign } from './fold-campaign.ts'

interface LedgerRow {
  status: CampaignLedger['status']
  funded: string
  payouts_total: string
  claimed: string
  fees_paid: string
  refunded: string
  final_count: number
  last_final: Hex | null
  disputed_time: number
  opened_at: number
  open_transaction: Hex
}

/**
 * Folds events of one campaign into its row, its batches and its claims. `ledger` is what the earlier events made:
 * the row itself, or null to fold from the beginning. Answers false for campaigns this operator did not accept.
 */
export async function applyCampaign(
  tx: Database,
  campaignId: Hex,
  ledger: CampaignLedger | null,
  events: readonly ChainEvent[],
): Promise<boolean> {
  const folded = events.reduce(foldCampaign, ledger)
  if (folded === null || !(await ensureRow(tx, campaignId, folded))) return false
  await tx.query(sql`
    update campaigns set status = ${folded.status}, funded = ${folded.funded},
      payouts_total = ${folded.payoutsTotal}, claimed = ${folded.claimed}, fees_paid = ${folded.feesPaid},
      refunded = ${folded.refunded}, final_count = ${folded.finalCount}, last_final = ${folded.lastFinal},
      disputed_time = ${folded.disputedTime},
      opened_at = ${folded.openedAt}, open_transaction = ${folded.openTransaction}
    where id = ${campaignId}`)
  await saveClaims(tx, events)
  return true
}

/** The ledger as its row holds it, null when there is none. */
export async function loadLedger(tx: Database, campaignId: Hex): Promise<CampaignLedger | null> {
  const [row] = await tx.query<LedgerRow>(sql`
    select status, funded, payouts_total, claimed, fees_paid, refunded, final_count, last_final, disputed_time,
      opened_at, open_transaction
    from campaigns where id = ${campaignId} for update`)
  if (!row) return null
  return {
    status: row.status,
    funded: BigInt(row.funded),
    payoutsTotal: BigInt(row.payouts_total),
    claimed: BigInt(row.claimed),
    feesPaid: BigInt(row.fees_paid),
    refunded: BigInt(row.refunded),
    finalCount: row.final_count,
    lastFinal: row.last_final,
    disputedTime: row.disputed_time,
    openedAt: row.opened_at,
    openTransaction: row.open_transaction,
  }
}

async function ensureRow(tx: Database, campaignId: Hex, ledger: CampaignLedger): Promise<boolean> {
  const [known] = await tx.query(sql`select 1 as one from campaigns where id = ${campaignId}`)
  if (known) return true
  const [accepted] = await tx.query<{ draft_id: string; spec_hash: Hex; spec: Uint8Array; terms: unknown }>(
    sql`select draft_id, spec_hash, spec, terms from acceptances where campaign_id = ${campaignId}`,
  )
  if (!accepted) return false
  const draftId = await ownDraft(tx, campaignId, accepted.draft_id)
  const spec = decodeCanonical(accepted.spec) as { kind: string; title: string }
  const { requester } = accepted.terms as { requester: string }
  await tx.query(sql`
    insert into campaigns
      (id, draft_id, kind, requester, terms, spec_hash, spec, title, status, funded, opened_at, open_transaction)
    values (${campaignId}, ${draftId}, ${spec.kind}, ${requester}, ${accepted.terms},
      ${accepted.spec_hash}, ${accepted.spec}, ${spec.title}, ${ledger.status}, ${ledger.funded},
      ${ledger.openedAt}, ${ledger.openTransaction})`)
  return true
}

/**
 * Two campaigns cannot share items: of several quotes for a draft the first one opened has them. Another one gets an
 * empty draft of its own, so that it can be closed and its requester's money goes back.
 */
async function ownDraft(tx: Database, campaignId: Hex, draftId: string): Promise<string> {
  const taken = await tx.query(sql`select 1 from campaigns where draft_id = ${draftId} limit 1`)
  if (taken.length === 0) return draftId
  await tx.query(sql`
    insert into drafts (id, account, spec) select ${campaignId}, account, spec from drafts where id = ${draftId}
    on conflict (id) do nothing`)
  return campaignId
}

/**
 * A campaign whose opening a reorganization took away: its row goes when nothing hangs on it. Otherwise the
 * transaction is expected back; without funds nothing more is leased until then.
 */
export async function withdrawCampaign(tx: Database, campaignId: Hex): Promise<void> {
  await tx.query(sql`
    update campaigns set status = 'open', funded = 0, payouts_total = 0, claimed = 0, fees_paid = 0, refunded = 0,
      final_count = 0, last_final = null, disputed_time = 0
    where id = ${campaignId}`)
  await tx.query(sql`
    delete from campaigns c where id = ${campaignId}
      and not exists (select 1 from assignments a where a.campaign_id = c.id)
      and not exists (select 1 from chains h where h.campaign_id = c.id)
      and not exists (select 1 from records r where r.campaign_id = c.id)
      and not exists (select 1 from batches b where b.campaign_id = c.id)
      and not exists (select 1 from datasets d where d.campaign_id = c.id)`)
}

/** Folds events of batches into their rows; `isWhole` when these are all events there are of them. */
export async function applyBatches(
  tx: Database,
  events: readonly ChainEvent[],
  isWhole: boolean,
): Promise<void> {
  const byBatch = Map.groupBy(events.filter(namesBatch), (event) => hexOf(event, 'batch'))
  for (const [hash, own] of byBatch) {
    const batch = own.reduce(foldBatch, isWhole ? null : await loadBatch(tx, hash))
    if (batch === null) continue
    await tx.query(sql`
      update batches set status = ${batch.status}, final_at = ${batch.finalAt},
        is_disputed = ${batch.isDisputed}, propose_transaction = ${batch.proposeTransaction}, finalize_transaction = ${batch.finalizeTransaction}
      where hash = ${hash}`)
  }
}

/** Batches of a campaign as if the chain had not said anything of them. */
export async function withdrawBatches(tx: Database, campaignId: Hex, hashes: readonly Hex[]): Promise<void> {
  await tx.query(sql`
    update batches set status = 'cut', final_at = null, is_disputed = false, propose_transaction = null,
      finalize_transaction = null
    where campaign_id = ${campaignId} and hash = any(${hashes}::text[]) and status in ('proposed', 'final')`)
}

async function loadBatch(tx: Database, hash: Hex): Promise<BatchOnChain | null> {
  const [row] = await tx.query<BatchOnChain>(sql`
    select status, final_at as "finalAt", is_disputed as "isDisputed", propose_transaction as "proposeTransaction",
      finalize_transaction as "finalizeTransaction"
    from batches where hash = ${hash} and propose_transaction is not null`)
  return row ?? null
}

function namesBatch(event: ChainEvent): boolean {
  return event.args.batch !== undefined
}

async function saveClaims(tx: Database, events: readonly ChainEvent[]): Promise<void> {
  const claims = events.filter(({ name }) => name === 'Claimed' || name === 'ReceiptOffset')
  if (claims.length === 0) return
  await tx.query(sql`
    insert into claims (campaign_id, account, amount, transaction_hash, block_number, log_index)
    select * from unnest(
      ${claims.map((event) => event.campaignId)}::text[], ${claims.map((event) => hexOf(event, 'account'))}::text[],
      ${claims.map((event) => amountOf(event, 'amount'))}::numeric[],
      ${claims.map((event) => event.transactionHash)}::text[],
      ${claims.map((event) => event.blockNumber)}::bigint[], ${claims.map((event) => event.logIndex)}::integer[])
    on conflict (block_number, log_index) do nothing`)
}
