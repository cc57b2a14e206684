import type { Address, Hex } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** A call the operator wants on chain. Its id is made from its content: asking twice sends once. */
export interface OutboxCall {
  id: string
  purpose: string
  contract: Address
  data: Hex
}

/** Puts a call into the outbox, in the transaction that saves why; the sender takes it from there. */
export async function enqueue(tx: Database, { id, purpose, contract, data }: OutboxCall): Promise<void> {
  await tx.query(sql`
    insert into outbox (id, purpose, contract, data) values (${id}, ${purpose}, ${contract}, ${data})
    on conflict (id) do nothing`)
}
