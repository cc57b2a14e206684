import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'

export async function enqueue(
  tx: Database,
  row: { id: string; purpose: string; contract: string; data: string },
): Promise<void> {
  await tx.query(sql`insert into outbox (id, purpose, contract, data)
    values (${row.id}, ${row.purpose}, ${row.contract}, ${row.data}) on conflict (id) do nothing`)
}
