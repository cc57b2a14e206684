import pg from 'pg'
import { type DatabaseAdapter, withSavepoint } from './adapter.ts'
import { InsideTransaction } from './inside-transaction.ts'
import type { Statement } from './sql.ts'
import { encodeValue, parseBytes, parseInt8 } from './values.ts'

const { builtins, getTypeParser } = pg.types
const TEXT_ARRAY = 1009
const BYTEA_ARRAY = 1001
const INT8_ARRAY = 1016

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return getTypeParser(oid, 'binary')
    if (oid === builtins.INT8) return parseInt8
    if (oid === builtins.BYTEA) return parseBytes
    if (oid === INT8_ARRAY) return arrayOf(parseInt8)
    if (oid === BYTEA_ARRAY) return arrayOf(parseBytes)
    return getTypeParser(oid, 'text')
  },
}

/** A PostgreSQL server. */
export async function openPostgres(
  url: string,
  options: { connections?: number } = {},
): Promise<DatabaseAdapter> {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    types: types as pg.CustomTypesConfig,
    options: '-c timezone=UTC',
  })
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  const inside = new InsideTransaction()
  const outer: DatabaseAdapter = {
    kind: 'postgresql',
    query: (statement) => {
      inside.refuse()
      return run(pool, statement)
    },
    transaction: (work) => {
      inside.refuse()
      return inside.run(() => inTransaction(pool, work))
    },
    async script(text) {
      inside.refuse()
      await pool.query(text)
    },
    async close() {
      if (!pool.ended) await pool.end()
    },
  }
  await outer.script('select 1').catch(async (error) => {
    await outer.close()
    throw error
  })
  return outer
}

const RETRYABLE = new Set(['40001', '40P01'])
const MAX_ATTEMPTS = 5

async function inTransaction<T>(pool: pg.Pool, work: (tx: DatabaseAdapter) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      await client.query('begin')
      const result = await work(handleOf(client, 0))
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch((fault: Error) => {
        broken = fault
      })
      const code = (error as { code?: string }).code ?? ''
      if (attempt === MAX_ATTEMPTS || !RETRYABLE.has(code)) throw error
    } finally {
      client.release(broken)
    }
  }
}

function handleOf(client: pg.PoolClient, depth: number): DatabaseAdapter {
  return {
    kind: 'postgresql',
    query: (statement) => run(client, statement),
    transaction: (work) => withSavepoint(handleOf(client, depth + 1), depth, work),
    async script(text) {
      await client.query(text)
    },
    async close() {},
  }
}

async function run<Row>(client: pg.Pool | pg.PoolClient, statement: Statement): Promise<Row[]> {
  const values = statement.values.map((value) => {
    const encoded = encodeValue(value)
    return encoded instanceof Uint8Array ? Buffer.from(encoded) : encoded
  })
  const { rows } = await client.query(statement.text, values)
  return rows
}

function arrayOf<T>(parse: (text: string) => T) {
  const parseTexts = getTypeParser(TEXT_ARRAY as number, 'text') as unknown as (
    text: string,
  ) => (string | null)[]
  return (text: string) => parseTexts(text).map((entry) => (entry === null ? null : parse(entry)))
}
