import { campaignsAbi } from '@tagger/contracts/abi'
import { feesOn, type Hex } from '@tagger/protocol'
import { HeaderDocument } from '@tagger/protocol/wire'
import { enqueue } from '../chain/outbox.ts'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { raiseAlarm } from '../network/alarms.ts'
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
    where b.status = 'proposed' and b.final_at <= ${seconds(node)}
      and not exists (select 1 from outbox o where o.id = 'finalize:' || b.hash)`)
  for (const row of rows) {
    const data = finalizeCall(toCampaign(row).terms, HeaderDocument.parse(row.header))
    await send(node, node.db, `finalize:${row.hash}`, 'finalize', data)
  }
}

/** From the deadline on anyone may close; the operator does, so that what is left goes back to the requester. */
async function closeOverdue(node: Node): Promise<void> {
  const rows = await node.db.query<CampaignRow>(sql`
    select c.* from campaigns c where c.status = 'open' and (c.terms->>'deadline')::bigint <= ${seconds(node)}
      and not exists (select 1 from outbox o where o.id = 'close:' || c.id)`)
  for (const row of rows)
    await send(node, node.db, `close:${row.id}`, 'close', closeCall(toCampaign(row).terms))
}

async function collectFees(node: Node): Promise<void> {
  const rows = await node.db.query<CampaignRow>(sql`
    select c.* from campaigns c where c.status = 'closed'
      and not exists (select 1 from outbox o where o.id = 'fees:' || c.last_final)`)
  for (const row of rows) {
    const { terms, payoutsTotal, feesPaid, lastFinal } = toCampaign(row)
    const due = feesOn(terms, payoutsTotal)
    if (due.operator + due.protocol <= feesPaid) continue
    await send(node, node.db, `fees:${lastFinal}`, 'fees', collectFeesCall(terms))
  }
}

/**
 * Takes back batches whose proposal failed for good, so that they are cut anew on what is final now.
 * Asks the chain first: a batch that is pending or final there after all must stay.
 */
export async function dropFailedProposals(node: Node): Promise<void> {
  const rows = await node.db.query<{ hash: Hex; campaign_id: Hex; last_error: string | null }>(sql`
    select b.hash, b.campaign_id, o.last_error from batches b join outbox o on o.id = 'propose:' || b.hash
    where b.status = 'cut' and o.state = 'failed'`)
  for (const row of rows) {
    if (await isKnownOnChain(node, row)) continue
    await raiseAlarm(node, {
      id: `propose:${row.hash}`,
      message: `The chain refused batch ${row.hash}: ${row.last_error ?? 'no reason given'}`,
      data: { campaign: row.campaign_id },
    })
    await node.db.query(sql`update batches set status = 'void' where hash = ${row.hash} and status = 'cut'`)
  }
}

async function isKnownOnChain(node: Node, batch: { hash: Hex; campaign_id: Hex }): Promise<boolean> {
  const address = node.chain.contracts.campaigns
  const { campaign_id: id, hash } = batch
  const [campaign, isFinal] = await Promise.all([
    node.chain.client.readContract({ address, abi: campaignsAbi, functionName: 'campaigns', args: [id] }),
    node.chain.client.readContract({ address, abi: campaignsAbi, functionName: 'isFinal', args: [id, hash] }),
  ])
  return isFinal || campaign.pending === hash
}

async function send(node: Node, db: Database, id: string, purpose: string, data: Hex): Promise<void> {
  await enqueue(db, { id, purpose, contract: node.chain.contracts.campaigns, data })
}

function seconds(node: Node): number {
  return Math.floor(node.now().getTime() / 1000)
}
