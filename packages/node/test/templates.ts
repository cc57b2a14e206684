import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openChain } from '../src/chain/open.ts'
import { loadConfig } from '../src/config.ts'
import { migrate } from '../src/db/migrate.ts'
import { openPglite } from '../src/db/pglite.ts'
import { createLog } from '../src/log.ts'
import { createKeys, randomSecrets } from '../src/store/keys.ts'

// Kept between runs: a new database takes five seconds of a processor, its copy a fifth of one.
const KEPT = fileURLToPath(new URL('../../../node_modules/.cache/tagger/', import.meta.url))

/** Puts an embedded database with the schema, and nothing in it, where a data folder has it. */
export async function putDatabase(dataFolder: string): Promise<void> {
  const made = await template('database', ['../src/db/migrations/', '../src/db/pglite.ts'], async (draft) => {
    const db = await openPglite(draft)
    await migrate(db)
    await db.close()
  })
  cpSync(made, join(dataFolder, 'database'), { recursive: true })
}

/** Puts the state of a local chain with the contracts on it into a data folder. */
export async function putChain(dataFolder: string): Promise<void> {
  const sources = [
    ...['../../contracts/abi/', '../../contracts/deploy/'],
    ...['../src/chain/deploy.ts', '../src/chain/local-stakes.ts', '../src/chain/anvil.ts'],
  ]
  const made = await template('chain', sources, async (draft) => {
    const config = loadConfig({}, { dataFolder: draft, chainPort: 0 })
    const log = createLog({ level: 'error', isTerminal: true, now: () => new Date(), write: () => {} })
    await (await openChain({ config, keys: createKeys(randomSecrets()), log })).close()
  })
  cpSync(made, dataFolder, { recursive: true })
}

/** A folder that `make` filled once for these sources; changed ones make another and drop the old. */
async function template(
  name: string,
  sources: readonly string[],
  make: (draft: string) => Promise<void>,
): Promise<string> {
  const folder = join(KEPT, `${name}-${hashOf(sources)}`)
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  await make(draft)
  for (const other of readdirSync(KEPT)) {
    const isOld = other.startsWith(`${name}-`) && !other.startsWith(`${name}-${hashOf(sources)}`)
    if (isOld) rmSync(join(KEPT, other), { recursive: true, force: true })
  }
  try {
    renameSync(draft, folder)
  } catch {
    // Another process was faster; its folder is as good.
    rmSync(draft, { recursive: true })
  }
  return folder
}

function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256').update(
    readFileSync(new URL('../../../node_modules/@electric-sql/pglite/package.json', import.meta.url)),
  )
  for (const source of sources) {
    const path = fileURLToPath(new URL(source, import.meta.url))
    const files = source.endsWith('/')
      ? readdirSync(path)
          .sort()
          .map((name) => join(path, name))
      : [path]
    for (const file of files) hash.update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}
