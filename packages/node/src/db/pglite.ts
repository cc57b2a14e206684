import { mkdirSync } from 'node:fs'
import { PGlite, type Transaction, types } from '@electric-sql/pglite'
import { type DatabaseAdapter, withSavepoint } from './adapter.ts'
import { InsideTransaction } from './inside-transaction.ts'
import { bytesText, encodeValue, parseBytes, parseInt8 } from './values.ts'

const options = {
  serializers: {
    [types.BYTEA]: (value: unknown) => (value instanceof Uint8Array ? bytesText(value) : String(value)),
  },
  parsers: { [types.BYTEA]: parseBytes, [types.INT8]: parseInt8, [types.NUMERIC]: (text: string) => text },
}

/** PostgreSQL inside this process, its files in `folder`. */
export async function openPglite(folder: string): Promise<DatabaseAdapter> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lite = await PGlite.create(folder, options)
  // Warning: commits must stay synchronous. Without that what was committed last is lost when the process is killed.
  await lite.exec("set timezone to 'UTC'; set synchronous_commit to on;")
  const inside = new InsideTransaction()
  return {
    kind: 'pglite',
    async query<Row>(statement: { text: string; values: unknown[] }) {
      inside.refuse()
      const { rows } = await lite.query<Row>(statement.text, statement.values.map(encodeValue))
      return rows
    },
    transaction: (work) => {
      inside.refuse()
      return inside.run(() => lite.transaction((tx) => work(handleOf(tx, 0))))
    },
    async script(text) {
      inside.refuse()
      await lite.exec(text)
    },
    async close() {
      if (!lite.closed) await lite.close()
    },
  }
}

function handleOf(tx: Transaction, depth: number): DatabaseAdapter {
  return {
    kind: 'pglite',
    async query<Row>(statement: { text: string; values: unknown[] }) {
      const { rows } = await tx.query<Row>(statement.text, statement.values.map(encodeValue))
      return rows
    },
    transaction: (work) => withSavepoint(handleOf(tx, depth + 1), depth, work),
    async script(text) {
      await tx.exec(text)
    },
    async close() {},
  }
}
