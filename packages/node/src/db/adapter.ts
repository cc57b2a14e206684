import type { Database } from './database.ts'

/** A database as the adapters make it: also runs scripts of several statements. */
export interface DatabaseAdapter extends Database {
  transaction<T>(work: (tx: DatabaseAdapter) => Promise<T>): Promise<T>
  /** Runs a script of several statements without parameters. */
  script(text: string): Promise<void>
}

/** Runs `work` between a savepoint and its release, so that an inner transaction can fail alone. */
export async function withSavepoint<T>(
  tx: DatabaseAdapter,
  depth: number,
  work: (tx: DatabaseAdapter) => Promise<T>,
): Promise<T> {
  const name = `inner_${depth}`
  await tx.script(`savepoint ${name}`)
  try {
    const result = await work(tx)
    await tx.script(`release savepoint ${name}`)
    return result
  } catch (error) {
    await tx.script(`rollback to savepoint ${name}`)
    throw error
  }
}
