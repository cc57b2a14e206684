import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { TaggerError } from '@tagger/protocol'
import type { DatabaseAdapter } from './adapter.ts'
import { sql } from './sql.ts'

const FOLDER = new URL('./migrations/', import.meta.url)
// Any number that is the same in every node process.
const LOCK = 7_243_001

interface Migration {
  name: string
  text: string
  checksum: string
}

/** Brings the schema up to date: each migration once, all in one transaction, one process at a time. */
export async function migrate(
  db: DatabaseAdapter,
  migrations: Migration[] = readMigrations(),
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(${LOCK}::bigint)`)
    await tx.script(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const applied = await tx.query<{ name: string; checksum: string }>(
      sql`select name, checksum from migrations order by name`,
    )
    refuseForeign(applied, migrations)
    for (const migration of migrations.slice(applied.length)) {
      await tx.script(migration.text)
      await tx.query(
        sql`insert into migrations (name, checksum) values (${migration.name}, ${migration.checksum})`,
      )
    }
  })
}

/** The migrations of this version, in order. */
export function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => migrationOf(name, readFileSync(new URL(name, FOLDER), 'utf8')))
}

/** A migration with the checksum that tells when it was changed after the fact. */
export function migrationOf(name: string, text: string): Migration {
  return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
}

function refuseForeign(applied: { name: string; checksum: string }[], migrations: Migration[]): void {
  applied.forEach((row, index) => {
    const known = migrations[index]
    if (known?.name === row.name && known.checksum === row.checksum) return
    throw new TaggerError('conflict', `This database was made by another version: ${row.name} has changed`, {
      hints: [
        'On a local network run `npm run reset`: it deletes the data folder and starts anew.',
        'To keep the data, go back to the version that made it.',
      ],
      data: { migration: row.name },
    })
  })
}
