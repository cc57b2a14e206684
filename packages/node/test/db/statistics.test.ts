import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatabaseAdapter } from '../../src/db/adapter.ts'
import { sql } from '../../src/db/sql.ts'
import { refreshStatistics } from '../../src/db/statistics.ts'
import { createTestDatabase } from '../harness.ts'

let db: DatabaseAdapter
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ db, drop } = await createTestDatabase())
})
afterAll(() => drop())

/** How many rows the planner believes there are, after PostgreSQL, which does so once a second, counted changes. */
async function believed(): Promise<number> {
  await new Promise((next) => setTimeout(next, 1_100))
  await db.query(sql`select 1`)
  await refreshStatistics(db)
  const [row] = await db.query<{ rows: number }>(
    sql`select reltuples::int as rows from pg_class where relname = 'Grown'`,
  )
  return row!.rows
}

test('the embedded database looks at a table when it has grown, a server is left to its own daemon', async () => {
  await db.script('create table "Grown" (n int primary key)')
  const grow = (from: number, to: number) =>
    db.query(sql`insert into "Grown" select generate_series(${from}::int, ${to}::int)`)
  await grow(1, 1000)
  const first = await believed()
  if (db.kind === 'postgresql') return expect(first).toBe(-1)
  expect(first).toBe(1000)
  await grow(1001, 1100)
  expect(await believed()).toBe(1000)
  await grow(1101, 3000)
  expect(await believed()).toBe(3000)
})
