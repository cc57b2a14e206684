import { feesOn, type Hex } from '@tagger/protocol'
import { HeaderDocument } from '@tagger/protocol/wire'
import { enqueue } from '../chain/outbox.ts'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import { closeCall, collectFeesCall, finalizeCall } from './calls.ts'
import { type CampaignRow, toCampaign } from './campaign.ts'

/** Sends what time alone makes due: finalizing after the window, closing after the deadline, fees of closed campaigns. */
export async function sendDue(node: Node): Promise<void> {
  await finalizeDue(node)
  await closeOverdue(node)
  await collectFees(node)
}

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
