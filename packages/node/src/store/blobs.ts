import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TaggerError } from '@tagger/protocol'

/** Content-addressed bytes. `name` is the lower-case hex of their SHA-256 without 0x. */
export interface BlobStore {
  put(name: string, bytes: Uint8Array): Promise<void>
  /** Null when there is no such blob. */
  get(name: string): Promise<Uint8Array | null>
  delete(name: string): Promise<void>
}

/** Blobs as files in a folder, fanned out by the first two digits of their names. */
export async function openBlobFolder(folder: string): Promise<BlobStore> {
  const drafts = join(folder, 'drafts')
  await mkdir(drafts, { recursive: true, mode: 0o700 })
  // What a killed process left half written never got its name.
  for (const name of await readdir(drafts)) await rm(join(drafts, name), { force: true })
  const pathOf = (name: string) => {
    if (!/^[0-9a-f]{64}$/.test(name))
      throw new TaggerError('bad-hex', `"${name.slice(0, 80)}" is no blob name`)
    return join(folder, name.slice(0, 2), name)
  }
  return {
    async put(name, bytes) {
      const path = pathOf(name)
      const draft = join(drafts, randomUUID())
      await writeWhole(draft, bytes)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await rename(draft, path)
    },
    async get(name) {
      try {
        return new Uint8Array(await readFile(pathOf(name)))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    async delete(name) {
      await rm(pathOf(name), { force: true })
    },
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
