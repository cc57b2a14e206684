import type { Address, Hex } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'

/** A call in the outbox that is not mined yet. */
export interface OutboxRow {
  id: string
  purpose: string
  contract: Address
  data: Hex
  state: 'waiting' | 'sent'
  nonce: number | null
  transactionHash: Hex | null
  raw: Hex | null
  earlierHashes: Hex[]
  attempts: number
  changedAt: Date
}

type Needs = Pick<Node, 'db' | 'now'>

/** Calls to look after, oldest first: all that were sent, and some of those that wait. */
export function openRows(db: Database, limit: number): Promise<OutboxRow[]> {
  return db.query<OutboxRow>(sql`
    select id, purpose, contract, data, state, nonce, transaction_hash as "transactionHash", raw,
      earlier_hashes as "earlierHashes", attempts, changed_at as "changedAt"
    from outbox where state in ('waiting', 'sent')
    order by (state = 'sent') desc, created_at, id limit ${limit}`)
}

/** Remembers a signed transaction before it is sent. */
export async function saveSent(
  { db, now }: Needs,
  row: OutboxRow,
  { nonce, hash, raw }: { nonce: number; hash: Hex; raw: Hex },
): Promise<void> {
  const earlier =
    row.state === 'sent' && row.transactionHash ? [...row.earlierHashes, row.transactionHash] : []
  await db.query(sql`
    update outbox set state = 'sent', nonce = ${nonce}, transaction_hash = ${hash}, raw = ${raw},
      earlier_hashes = ${earlier}::text[], changed_at = ${now()}
    where id = ${row.id}`)
}

/** The call is in a block. */
export async function saveMined(
  { db, now }: Needs,
  row: OutboxRow,
  receipt: { transactionHash: Hex; blockNumber: bigint },
): Promise<void> {
  await db.query(sql`
    update outbox set state = 'mined', transaction_hash = ${receipt.transactionHash},
      block_number = ${receipt.blockNumber}, last_error = null, changed_at = ${now()}
    where id = ${row.id}`)
}

/** The call has to be sent anew, under another nonce. */
export async function saveWaiting({ db, now }: Needs, row: OutboxRow): Promise<void> {
  await db.query(sql`
    update outbox set state = 'waiting', nonce = null, transaction_hash = null, raw = null, earlier_hashes = '{}',
      changed_at = ${now()}
    where id = ${row.id}`)
}

/** The contract refused the call for now. */
export async function saveRefusal({ db, now }: Needs, row: OutboxRow, reason: string): Promise<void> {
  await db.query(sql`
    update outbox set state = 'waiting', nonce = null, transaction_hash = null, raw = null, earlier_hashes = '{}',
      attempts = attempts + 1, last_error = ${reason}, changed_at = ${now()}
    where id = ${row.id}`)
}

/** The contract refused the call for good. */
export async function saveFailure({ db, now }: Needs, row: OutboxRow, reason: string): Promise<void> {
  await db.query(sql`
    update outbox set state = 'failed', attempts = attempts + 1, last_error = ${reason}, changed_at = ${now()}
    where id = ${row.id}`)
}
