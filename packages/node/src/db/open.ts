import { join } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import type { Config } from '../config.ts'
import { DATABASE_EXAMPLE } from '../setting-values.ts'
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
    // Where a name has several addresses the error of them all says nothing but its code.
    const { message, code } = cause as NodeJS.ErrnoException
    throw new TaggerError('unavailable', `No database answers at DATABASE_URL: ${message || code}`, {
      hints: [
        `Check that the server runs and that the URL names user, password, host, port and database, as ${DATABASE_EXAMPLE}`,
        'Without DATABASE_URL the node brings its own database.',
      ],
      cause,
    })
  }
}
