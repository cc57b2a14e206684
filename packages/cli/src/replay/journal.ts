import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Hex, TaggerError } from '@tagger/protocol'
import type { Store } from '@tagger/sdk'

interface Entries {
  /** Wallets come from it; who has it can go on where a killed run stopped. */
  seed: string
  /** What is replayed: a folder name, or the seed of an own crowd. */
  data: string
  /** Item ids by task, once known. */
  items: Record<string, Hex> | null
  /** Seconds of intake and records sent in it, over all runs. */
  intake: { seconds: number; records: number }
  texts: Record<string, string>
}

/** What a replay must remember to go on after a kill; everything else is asked of node and chain. */
export interface Journal {
  folder: string
  read(): Readonly<Entries>
  write(change: Partial<Entries>): Promise<void>
  /** For the buyer's one-time keys. */
  store: Store
}

/** Opens or starts the journal of a folder. */
export async function openJournal(folder: string, data: string, seed?: string): Promise<Journal> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'journal.json')
  const kept = await readFile(path, 'utf8').catch(() => null)
  let entries: Entries =
    kept !== null
      ? JSON.parse(kept)
      : {
          seed: seed ?? randomBytes(16).toString('hex'),
          data,
          items: null,
          intake: { seconds: 0, records: 0 },
          texts: {},
        }
  if (entries.data !== data) {
    throw new TaggerError('conflict', `${folder} holds the replay of ${entries.data}, not of ${data}`, {
      hints: ['Choose another folder for --keep.'],
    })
  }
  let queue = Promise.resolve()
  const write = (change: Partial<Entries>) => {
    entries = { ...entries, ...change }
    const text = JSON.stringify(entries)
    queue = queue.then(async () => {
      await writeFile(`${path}.new`, text, { mode: 0o600 })
      await rename(`${path}.new`, path)
    })
    return queue
  }
  await write({})
  return {
    folder,
    read: () => entries,
    write,
    store: {
      get: async (key) => entries.texts[key] ?? null,
      set: (key, value) => write({ texts: { ...entries.texts, [key]: value } }),
      remove: (key) => {
        const { [key]: _, ...texts } = entries.texts
        return write({ texts })
      },
      keys: async (prefix) => Object.keys(entries.texts).filter((key) => key.startsWith(prefix)),
    },
  }
}
