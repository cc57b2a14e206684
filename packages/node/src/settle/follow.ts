import { type Hex, TaggerError } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { clearAlarm, raiseAlarm } from '../network/alarms.ts'
import type { Node } from '../node.ts'
import type { BatchRow } from './queries.ts'

/** Brings items and records in line with what the chain made of their batch. Repeating it changes nothing. */
export async function followBatches(node: Node): Promise<void> {
  const rows = await node.db.query<{ hash: Hex; campaign_id: Hex; status: string }>(sql`
    select hash, campaign_id, status from batches where status <> followed_status order by batch_index`)
  for (const { hash, campaign_id, status } of rows) {
    await node.db.transaction((tx) => followBatch(tx, hash))
    if (status === 'proposed') await clearAlarm(node, `propose:${campaign_id}`)
    if (status === 'final') await clearAlarm(node, `dispute:${campaign_id}`)
    if (status === 'void') await tellLostDispute(node, { hash, campaign_id })
  }
}

async function followBatch(tx: Database, hash: Hex): Promise<void> {
  const [batch] = await tx.query<BatchRow>(sql`select * from batches where hash = ${hash} for update`)
  if (!batch) throw new TaggerError('internal', `Batch ${hash} is gone`)
  if (batch.status === 'void') await dropBatch(tx, batch)
  else await setItems(tx, batch, batch.status === 'final' ? 'settled' : 'batched')
  await tx.query(sql`update batches set followed_status = ${batch.status} where hash = ${hash}`)
}

/** What validators found wrong costs the operator's bond; cutting the same again would cost the next one. */
async function tellLostDispute(node: Node, batch: { hash: Hex; campaign_id: Hex }): Promise<void> {
  const [lost] = await node.db.query<{ id: Hex; reason: string }>(sql`
    select id, reason from disputes where batch = ${batch.hash} and outcome = 'void' limit 1`)
  if (!lost) return
  await raiseAlarm(node, {
    id: `dispute:${batch.campaign_id}`,
    message: `Validators voided batch ${batch.hash}, and the bond of its campaign is lost: ${lost.reason}`,
    data: { campaign: batch.campaign_id, dispute: lost.id },
  })
}

/** A void batch leaves nothing but its evidence; its items are as ready as before. */
async function dropBatch(tx: Database, batch: BatchRow): Promise<void> {
  await setItems(tx, batch, 'ready')
  await tx.query(
    sql`update records set batch = null where campaign_id = ${batch.campaign_id} and batch = ${batch.hash}`,
  )
  await tx.query(sql`delete from results where batch = ${batch.hash}`)
  await tx.query(sql`delete from scores where batch = ${batch.hash}`)
  await tx.query(sql`delete from payouts where batch = ${batch.hash}`)
}

async function setItems(tx: Database, batch: BatchRow, status: string): Promise<void> {
  await tx.query(sql`
    update items set status = ${status} from results r, campaigns c
    where r.batch = ${batch.hash} and c.id = ${batch.campaign_id}
      and items.draft_id = c.draft_id and items.id = r.item`)
}
