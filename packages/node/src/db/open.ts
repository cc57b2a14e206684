import { join } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import type { Config } from '../config.ts'
import type { DatabaseAdapter } from './adapter.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'

/** The database the settings ask for: a PostgreSQL server by `DATABASE_URL`, else one inside this process. */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataFolder'>,
): Promise<DatabaseAdapter> {
  if (config.databaseUrl === null) return openPglite(join(config.dataFolder, 'database'))
  try {
    return await openPostgres(config.databaseUrl)
  } catch (cause) {
    throw new TaggerError('unavailable', `No database answers at DATABASE_URL: ${(cause as Error).message}`, {
      hints: [
        'Check that the server runs and that the URL names host, port, user, password and database.',
        'Without DATABASE_URL the node brings its own database.',
      ],
      cause,
    })
  }
}
