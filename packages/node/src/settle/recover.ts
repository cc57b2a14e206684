import { campaignsAbi } from '@tagger/contracts/abi'
import { type Hex, ZERO32 } from '@tagger/protocol'
import { enqueue } from '../chain/outbox.ts'
import { isStillDue } from '../chain/still-due.ts'
import { sql } from '../db/sql.ts'
import { raiseAlarm } from '../network/alarms.ts'
import type { Node } from '../node.ts'
import { withdrawCall } from './calls.ts'

const RETRY_SECONDS = 30

interface FailedProposal {
  hash: Hex
  campaign_id: Hex
  last_error: string | null
}

/**
 * Takes back batches whose proposal failed for good, so that they are cut anew on what is final now.
 * Asks the chain first: a batch that is pending or final there after all must stay.
 */
export async function dropFailedProposals(node: Node): Promise<void> {
  const rows = await node.db.query<FailedProposal>(sql`
    select b.hash, b.campaign_id, o.last_error from batches b join outbox o on o.id = 'propose:' || b.hash
    where b.status = 'cut' and o.state = 'failed'`)
  for (const row of rows) {
    const onChain = await readOnChain(node, row)
    if (onChain.isFinal || onChain.pending === row.hash) continue
    if (onChain.pending !== ZERO32) await withdrawUnknown(node, row.campaign_id, onChain.pending)
    await raiseAlarm(node, {
      id: `propose:${row.campaign_id}`,
      message: `The chain refused batch ${row.hash}: ${row.last_error ?? 'no reason given'}`,
      data: { campaign: row.campaign_id },
    })
    await node.db.query(sql`update batches set status = 'void' where hash = ${row.hash} and status = 'cut'`)
  }
}

/**
 * Sends again what failed but is still due: a clock ahead of the chain's, a fork in between. Whatever someone else
 * did meanwhile is no longer due. A proposal is not sent again: its batch is cut anew.
 */
export async function retryFailedCalls(node: Node): Promise<void> {
  const now = node.now()
  const before = new Date(now.getTime() - RETRY_SECONDS * 1000)
  await node.db.query(sql`
    update outbox o set state = 'waiting', attempts = 0, changed_at = ${now}
    where o.state = 'failed' and o.changed_at < ${before} and o.purpose <> 'propose' and ${isStillDue(now)}`)
}

async function readOnChain(node: Node, batch: FailedProposal): Promise<{ isFinal: boolean; pending: Hex }> {
  const address = node.chain.contracts.campaigns
  const { campaign_id: id, hash } = batch
  const [campaign, isFinal] = await Promise.all([
    node.chain.client.readContract({ address, abi: campaignsAbi, functionName: 'campaigns', args: [id] }),
    node.chain.client.readContract({ address, abi: campaignsAbi, functionName: 'isFinal', args: [id, hash] }),
  ])
  return { isFinal, pending: campaign.pending }
}

/** A pending batch the ledger does not know (an older ledger was restored) cannot be finalized from here. */
async function withdrawUnknown(node: Node, campaignId: Hex, pending: Hex): Promise<void> {
  const known = await node.db.query(sql`select 1 from batches where hash = ${pending} and status <> 'void'`)
  if (known.length > 0) return
  await enqueue(node.db, {
    id: `withdraw:${pending}`,
    purpose: 'withdraw',
    contract: node.chain.contracts.campaigns,
    data: withdrawCall(campaignId),
  })
}
