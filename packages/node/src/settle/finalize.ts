import { feesOn, type Hex } from '@tagger/protocol'
import { HeaderDocument } from '@tagger/protocol/wire'
import { enqueue } from '../chain/outbox.ts'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import { closeCall, collectFeesCall, finalizeCall, resolveCall } from './calls.ts'
import { type CampaignRow, toCampaign } from './campaign.ts'

/** Validators count their own votes. When none does, the campaign must not stand still for ever. */
const RESOLVE_PATIENCE_SECONDS = 60

/**
 * Sends what time alone makes due: counting votes on a batch, finalizing it after the window, closing after the
 * deadline, fees of closed campaigns.
 */
export async function sendDue(node: Node): Promise<void> {
  await resolveOverdue(node)
  await finalizeDue(node)
  await closeOverdue(node)
  await collectFees(node)
}

async function resolveOverdue(node: Node): Promise<void> {
  const rows = await node.db.query<{ id: Hex; call: string }>(sql`
    select d.id, 'resolve:' || d.id || ':' || d.round as call
    from disputes d join batches b on b.hash = d.batch and b.is_disputed
    where d.outcome = 'open' and d.reveal_ends + ${RESOLVE_PATIENCE_SECONDS}::int <= ${seconds(node)}
      and not exists (select 1 from outbox o where o.id = 'resolve:' || d.id || ':' || d.round)`)
  const contract = node.chain.contracts.disputes
  for (const { id, call } of rows) {
    await enqueue(node.db, { id: call, purpose: 'resolve', contract, data: resolveCall(id) })
  }
}

/** A batch in dispute waits for its end: until then its clock stands still. */
async function finalizeDue(node: Node): Promise<void> {
  const rows = await node.db.query<CampaignRow & { hash: Hex; header: unknown }>(sql`
    select c.*, b.hash, b.header from batches b join campaigns c on c.id = b.campaign_id
    where b.status = 'proposed' and not b.is_disputed and b.final_at <= ${seconds(node)}
      and not exists (select 1 from outbox o where o.id = 'finalize:' || b.hash)`)
  for (const row of rows) {
    const data = finalizeCall(toCampaign(row).terms, HeaderDocument.parse(row.header))
    await send(node, `finalize:${row.hash}`, 'finalize', data)
  }
}

/** From the deadline on anyone may close; the operator does, so that what is left goes back to the requester. */
async function closeOverdue(node: Node): Promise<void> {
  const rows = await node.db.query<CampaignRow>(sql`
    select c.* from campaigns c where c.status = 'open' and (c.terms->>'deadline')::bigint <= ${seconds(node)}
      and not exists (select 1 from outbox o where o.id = 'close:' || c.id)`)
  for (const row of rows) await send(node, `close:${row.id}`, 'close', closeCall(toCampaign(row).terms))
}

async function collectFees(node: Node): Promise<void> {
  const rows = await node.db.query<CampaignRow>(sql`
    select c.* from campaigns c where c.status = 'closed'
      and not exists (select 1 from outbox o where o.id = 'fees:' || c.last_final)`)
  for (const row of rows) {
    const { terms, payoutsTotal, feesPaid, lastFinal } = toCampaign(row)
    const due = feesOn(terms, payoutsTotal)
    if (due.operator + due.protocol <= feesPaid) continue
    await send(node, `fees:${lastFinal}`, 'fees', collectFeesCall(terms))
  }
}

async function send(node: Node, id: string, purpose: string, data: Hex): Promise<void> {
  await enqueue(node.db, { id, purpose, contract: node.chain.contracts.campaigns, data })
}

function seconds(node: Node): number {
  return Math.floor(node.now().getTime() / 1000)
}
