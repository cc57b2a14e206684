import type { Hex } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Log } from '../log.ts'
import {
  applyBatches,
  applyCampaign,
  loadLedger,
  withdrawBatches,
  withdrawCampaign,
} from './apply-campaigns.ts'
import { applyGovern, applyPending, refoldGovern } from './apply-govern.ts'
import { applySubject, saveShareClaims } from './apply-trade.ts'
import { type ChainEvent, hexOf } from './event.ts'
import { type BlockRow, eventsFrom, eventsOfCampaign, saveBlocks } from './events-table.ts'

/**
 * Stores new blocks with their events and folds them into the tables. Answers with the events of campaigns that are
 * this operator's, of trade and of the network: what is worth telling.
 */
export async function applyBlocks(
  tx: Database,
  { blocks, events }: { blocks: BlockRow[]; events: ChainEvent[] },
  log: Pick<Log, 'info'>,
): Promise<ChainEvent[]> {
  await saveBlocks(tx, blocks, events)
  const own = new Set<Hex>()
  for (const [campaignId, ofCampaign] of campaignsIn(events)) {
    const ledger = await loadLedger(tx, campaignId)
    if (await applyCampaign(tx, campaignId, ledger, ofCampaign)) own.add(campaignId)
    else log.info('A campaign of another operator', { campaign: campaignId })
    await applyBatches(tx, ofCampaign, false)
    await applyPending(tx, campaignId, ofCampaign, false)
  }
  for (const subject of subjectsIn(events)) await applySubject(tx, subject)
  await saveShareClaims(tx, events)
  await applyGovern(tx, events)
  return events.filter((event) => event.campaignId === null || own.has(event.campaignId))
}

/** Forgets everything from block `from` on, and folds anew what it had touched. */
export async function rewindBlocks(tx: Database, from: number): Promise<void> {
  const gone = await eventsFrom(tx, from)
  await tx.query(sql`delete from claims where block_number >= ${from}`)
  await tx.query(sql`delete from share_claims where block_number >= ${from}`)
  await tx.query(sql`delete from chain_blocks where number >= ${from}`)
  // What the outbox saw mined there has to be sent again, unless the new branch has it too.
  await tx.query(sql`
    update outbox set state = 'sent', block_number = null where state = 'mined' and block_number >= ${from}`)
  for (const [campaignId, lost] of campaignsIn(gone)) {
    const batches = lost
      .filter((event) => event.name.startsWith('Batch'))
      .map((event) => hexOf(event, 'batch'))
    await withdrawBatches(tx, campaignId, batches)
    const rest = await eventsOfCampaign(tx, campaignId)
    if (!(await applyCampaign(tx, campaignId, null, rest))) await withdrawCampaign(tx, campaignId)
    await applyBatches(tx, rest, true)
    await applyPending(tx, campaignId, rest, true)
  }
  const subjects = subjectsIn(gone)
  for (const subject of subjects) await applySubject(tx, subject)
  await refoldGovern(tx, subjects)
}

function campaignsIn(events: readonly ChainEvent[]): Map<Hex, ChainEvent[]> {
  const ofCampaigns = events.filter((event) => event.campaignId !== null)
  return Map.groupBy(ofCampaigns, (event) => event.campaignId!)
}

/** Offers first: a license takes its duration from its offer. */
function subjectsIn(events: readonly ChainEvent[]): string[] {
  const subjects = new Set(events.flatMap((event) => (event.subject === null ? [] : [event.subject])))
  return [...subjects].sort((a, b) => Number(b.startsWith('offer:')) - Number(a.startsWith('offer:')))
}
