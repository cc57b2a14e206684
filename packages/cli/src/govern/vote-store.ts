import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import type { Store } from '@tagger/sdk'

/** Votes that wait to be revealed, in a file only its owner reads: whoever has it knows them. */
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
  }
  return {
    get: async (key) => read()[key] ?? null,
    set: async (key, value) => write({ ...read(), [key]: value }),
    remove: async (key) => {
      const { [key]: _, ...rest } = read()
      write(rest)
    },
  }
}
