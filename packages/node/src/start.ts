import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createActivityFeed } from './activity.ts'
import { createApp } from './app.ts'
import { startIndexer } from './chain/indexer.ts'
import { openChain } from './chain/open.ts'
import { startSender } from './chain/sender.ts'
import type { Config } from './config.ts'
import { migrate } from './db/migrate.ts'
import { openDatabase } from './db/open.ts'
import { checkPlace, listen } from './http/listen.ts'
import { createLog } from './log.ts'
import type { Node } from './node.ts'
import { jobs, rooms } from './rooms.ts'
import { openBlobFolder } from './store/blobs.ts'
import { nativeCrypto } from './store/crypto.ts'
import { lockFolder } from './store/folder-lock.ts'
import { createKeys } from './store/keys.ts'
import { loadSecrets } from './store/keys-file.ts'
import { explainSystemError } from './system-error.ts'

/** A node that runs. */
export interface RunningNode {
  /** Where it listens. */
  url: string
  node: Node
  close(): Promise<void>
}

/** Starts a node: data folder, port, database, chain, jobs, then the server. What was started is stopped on failure. */
export async function startNode(config: Config, overrides: { now?: () => Date } = {}): Promise<RunningNode> {
  const stops: (() => unknown)[] = []
  const close = async () => {
    while (stops.length > 0) await stops.pop()!()
  }
  try {
    const now = overrides.now ?? (() => new Date())
    const log = createLog({
      level: config.logLevel,
      isTerminal: process.stderr.isTTY === true,
      now,
      write: (line) => process.stderr.write(line),
    })
    mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
    stops.push(lockFolder(config.dataFolder))
    await checkPlace(config)
    const keys = createKeys(loadSecrets(config.dataFolder))
    // The two slow starts side by side: the database takes seconds the first time, the chain half a second.
    const [database, opened] = await Promise.allSettled([
      openDatabase(config),
      openChain({ config, keys, log }),
    ])
    if (database.status === 'fulfilled') stops.push(() => database.value.close())
    if (opened.status === 'fulfilled') stops.push(() => opened.value.close())
    if (database.status === 'rejected') throw database.reason
    if (opened.status === 'rejected') throw opened.reason
    const db = database.value
    await migrate(db)
    const activity = createActivityFeed({ db, log, now })
    stops.push(() => activity.flush())
    const node: Node = {
      config: { ...config, webFolder: config.webFolder ?? builtApp() },
      log,
      db,
      blobs: await openBlobFolder(join(config.dataFolder, 'blobs')),
      keys,
      chain: opened.value.chain,
      activity,
      crypto: nativeCrypto,
      now,
      demoCrowd: null,
    }
    const indexer = startIndexer(node)
    stops.push(() => indexer.stop())
    await indexer.sync()
    const sender = startSender(node)
    stops.push(() => sender.stop())
    for (const start of jobs) {
      const job = start(node)
      stops.push(() => job.stop())
    }
    const server = await listen(createApp(node, rooms), config)
    stops.push(() => server.close())
    return { url: server.url, node, close }
  } catch (error) {
    await close()
    throw explainSystemError(error, config)
  }
}

/** The app as `npm run build:web` leaves it, null when it is not built. */
function builtApp(): string | null {
  const folder = fileURLToPath(new URL('../../web/dist', import.meta.url))
  return existsSync(join(folder, 'index.html')) ? folder : null
}
