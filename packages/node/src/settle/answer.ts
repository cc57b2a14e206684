import { type Address, decodeState, type Hex, recordsTree } from '@tagger/protocol'
import { HeaderDocument } from '@tagger/protocol/wire'
import { enqueue } from '../chain/outbox.ts'
import { sql } from '../db/sql.ts'
import { raiseAlarm } from '../network/alarms.ts'
import type { Node } from '../node.ts'
import { answerCall } from './calls.ts'
import { type CampaignRow, toCampaign } from './campaign.ts'
import { payoutList } from './payout-list.ts'

interface ContestRow extends CampaignRow {
  hash: Hex
  header: unknown
  state: Uint8Array
  account: Address
  /** What was shown, decimal. */
  count: string
  amount: string
  /** Where the contest stands on the chain: an account's chain is contested again when somebody shows more. */
  place: string
}

/**
 * Answers contests of pending batches with what they hold of the account. A contest that shows more than the batch
 * holds cannot be answered: it is told to a person, as the batch will be void and the operator's bond lost.
 */
export async function answerContests(node: Node): Promise<void> {
  const rows = await node.db.query<ContestRow>(sql`
    select c.*, b.hash, b.header, b.state, e.args->>'account' as account, e.args->>'count' as count,
      e.args->>'amount' as amount, e.block_number || '.' || e.log_index as place
    from chain_events e join batches b on b.hash = e.args->>'batch' and b.status = 'proposed'
    join campaigns c on c.id = b.campaign_id
    where e.name = 'BatchContested'
      and not exists (
        select 1 from chain_events later
        where later.name in ('BatchContested', 'ContestAnswered') and later.args->>'batch' = b.hash
          and later.args->>'account' = e.args->>'account'
          and (later.block_number, later.log_index) > (e.block_number, e.log_index))
      and not exists (
        select 1 from outbox o
        where o.id = concat_ws(':', 'answer', b.hash, e.args->>'account', e.block_number || '.' || e.log_index))`)
  for (const row of rows) await answerContest(node, row)
}

async function answerContest(node: Node, row: ContestRow): Promise<void> {
  const { hash, account, place } = row
  const { id, terms } = toCampaign(row)
  const { chains } = decodeState(row.state)
  const chain = chains.find((own) => own.account === account)
  const payouts = (await payoutList(node, hash))!
  const amount = payouts.amounts.get(account) ?? 0n
  const isHeld = BigInt(chain?.count ?? 0) >= BigInt(row.count) && amount >= BigInt(row.amount)
  if (!isHeld) {
    await raiseAlarm(node, {
      id: `contest:${hash}:${account}`,
      message: `Batch ${hash} is contested for ${account} and holds less than what was shown`,
      data: { campaign: id, count: row.count, amount: row.amount },
    })
    return
  }
  const tree = recordsTree(id, chains, node.crypto)
  await enqueue(node.db, {
    id: `answer:${hash}:${account}:${place}`,
    purpose: 'answer',
    contract: node.chain.contracts.campaigns,
    data: answerCall(terms, HeaderDocument.parse(row.header), {
      account,
      chain: chain && { count: chain.count, link: chain.link, proof: tree.proofOf(account) },
      payout: payouts.amounts.has(account) ? { amount, proof: payouts.proofOf(account) } : undefined,
    }),
  })
}
