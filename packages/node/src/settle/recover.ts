import { campaignsAbi } from '@tagger/contracts/abi'
import type { BatchHeader, Hex } from '@tagger/protocol'
import { HeaderDocument, TermsDocument } from '@tagger/protocol/wire'
import { enqueue } from '../chain/outbox.ts'
import { isStillDue } from '../chain/still-due.ts'
import { sql } from '../db/sql.ts'
import { raiseAlarm } from '../network/alarms.ts'
import type { Node } from '../node.ts'
import { headerStruct, withdrawCall } from './calls.ts'

const RETRY_SECONDS = 30

/** What `Campaigns.statusOf` answers for a batch it does not hold, and for the pending one. */
const NONE = 0
const PENDING = 1

interface FailedProposal {
  hash: Hex
  campaign_id: Hex
  header: unknown
  terms: unknown
  last_error: string | null
}

/**
 * Takes back batches whose proposal failed for good, so that they are cut anew on what is final now.
 * Asks the chain first: a batch that is pending or final there after all must stay.
 */
export async function dropFailedProposals(node: Node): Promise<void> {
  const rows = await node.db.query<FailedProposal>(sql`
    select b.hash, b.campaign_id, b.header, c.terms, o.last_error
    from batches b join campaigns c on c.id = b.campaign_id join outbox o on o.id = 'propose:' || b.hash
    where b.status = 'cut' and o.state = 'failed'`)
  for (const row of rows) {
    if ((await statusOnChain(node, HeaderDocument.parse(row.header))) !== NONE) continue
    await withdrawUnknown(node, row)
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

async function statusOnChain(node: Node, header: BatchHeader): Promise<number> {
  const address = node.chain.contracts.campaigns
  const args = [headerStruct(header)] as const
  return await node.chain.client.readContract({ address, abi: campaignsAbi, functionName: 'statusOf', args })
}

/** A pending batch the ledger does not know (an older ledger was restored) cannot be finalized from here. */
async function withdrawUnknown(node: Node, { campaign_id, terms }: FailedProposal): Promise<void> {
  const [proposal] = await node.db.query<{ batch: Hex; header: unknown }>(sql`
    select args->>'batch' as batch, args->'header' as header from chain_events
    where campaign_id = ${campaign_id} and name = 'BatchProposed' order by block_number desc, log_index desc limit 1`)
  if (!proposal) return
  const known = await node.db.query(
    sql`select 1 from batches where hash = ${proposal.batch} and status <> 'void'`,
  )
  if (known.length > 0) return
  const header = HeaderDocument.parse(logged(proposal.header))
  if ((await statusOnChain(node, header)) !== PENDING) return
  await enqueue(node.db, {
    id: `withdraw:${proposal.batch}`,
    purpose: 'withdraw',
    contract: node.chain.contracts.campaigns,
    data: withdrawCall(TermsDocument.parse(terms), header),
  })
}

/** Events keep 64-bit numbers as text. */
function logged(header: unknown): unknown {
  const fields = header as Record<string, unknown>
  return { ...fields, index: Number(fields.index), cutAt: Number(fields.cutAt) }
}
