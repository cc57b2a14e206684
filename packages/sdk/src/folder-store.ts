import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store } from './store.ts'

/** Keeps every text in a file of its own, readable by its owner only: for agents and command lines. */
export function folderStore(folder: string): Store {
  const pathOf = (key: string) => join(folder, encodeURIComponent(key))
  return {
    get: (key) => readFile(pathOf(key), 'utf8').catch(orNothing(null)),
    async set(key, value) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Renamed into place: a kill in the middle leaves the old text, not half of a new one.
      const draft = `${pathOf(key)}.new`
      await writeFile(draft, value, { mode: 0o600, flush: true })
      await rename(draft, pathOf(key))
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    async keys(prefix) {
      const names = await readdir(folder).catch(orNothing<string[]>([]))
      const keys = names.filter((name) => !name.endsWith('.new')).map(decodeURIComponent)
      return keys.filter((key) => key.startsWith(prefix)).sort()
    },
  }
}

/** What is not there yet is empty; anything else that stands in the way is an error. */
function orNothing<T>(nothing: T): (cause: NodeJS.ErrnoException) => T {
  return (cause) => {
    if (cause.code === 'ENOENT') return nothing
    throw cause
  }
}
