import type { Statement } from './sql.ts'

/** PGlite or PostgreSQL, the same to every room. Amounts come back as strings, bytea as Uint8Array, jsonb parsed. */
export interface Database {
  readonly kind: 'pglite' | 'postgresql'
  /** Runs one statement, returns its rows. */
  query<Row = Record<string, unknown>>(statement: Statement): Promise<Row[]>
  /**
   * Runs `work` in one transaction; it commits when `work` resolves and rolls back when it throws.
   * Warning: PGlite has a single connection. Inside `work` use only the handle it gets, and do nothing slow.
   */
  transaction<T>(work: (tx: Database) => Promise<T>): Promise<T>
  close(): Promise<void>
}
