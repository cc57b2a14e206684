import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import type { Store } from '@tagger/sdk'

/** Where the votes of an account are by default: a file each, as two processes would overwrite each other's. */
export function votesFile(dataFolder: string, account: string): string {
  return join(dataFolder, `votes-${account.toLowerCase()}.json`)
}

/**
 * Votes that wait to be revealed, in a file only its owner reads: whoever has it knows them. What is set is on the disk
 * before the answer comes.
 */
export function voteStore(path: string): Store {
  const read = (): Record<string, string> => {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw new TaggerError('bad-document', `${path} does not hold votes`, { cause })
    }
  }
  const write = (entries: Record<string, string>) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.new`, JSON.stringify(entries, null, 2), { mode: 0o600, flush: true })
    renameSync(`${path}.new`, path)
    const folder = openSync(dirname(path), 'r')
    fsyncSync(folder)
    closeSync(folder)
  }
  return {
    get: async (key) => read()[key] ?? null,
    set: async (key, value) => write({ ...read(), [key]: value }),
    remove: async (key) => {
      const { [key]: _, ...rest } = read()
      write(rest)
    },
    keys: async (prefix) => Object.keys(read()).filter((key) => key.startsWith(prefix)),
  }
}
