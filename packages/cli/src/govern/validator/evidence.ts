import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { nativeCrypto } from '@tagger/node/crypto'
import { type BatchHeader, batchHashOf, TaggerError, whatIsNotWhole } from '@tagger/protocol'
import { API_PREFIX } from '@tagger/protocol/wire'
import type { CheckJob } from './check.ts'

/** A node that sends nothing for so long is given up. */
const STALL_MILLISECONDS = 30_000
const MEGABYTE = 1_000_000

type Sources = Pick<CheckJob, 'urls' | 'folder' | 'mostBytes'>

/** Where the bundle of a batch is kept. */
export function bundlePath(folder: string, header: BatchHeader): string {
  return join(folder, header.campaignId, `${batchHashOf(header, nativeCrypto)}.car`)
}

/**
 * Has the bundle of a batch on the disk: from before, else from the first node that has it whole and unchanged.
 * Throws `unavailable` with what each node said.
 */
export async function obtainBundle(header: BatchHeader, sources: Sources): Promise<string> {
  const path = bundlePath(sources.folder, header)
  if (await stat(path).catch(() => null)) return path
  await mkdir(join(sources.folder, header.campaignId), { recursive: true, mode: 0o700 })
  const part = `${path}.part`
  const refusals: string[] = []
  for (const url of sources.urls) {
    try {
      await download(new URL(bundleAddress(header), url), part, sources.mostBytes)
      const flaw = whatIsNotWhole(await readFile(part), header.bundle, nativeCrypto)
      if (flaw === null) {
        await rename(part, path)
        return path
      }
      refusals.push(`${new URL(url).host}: ${flaw}`)
    } catch (cause) {
      if (isOfThisMachine(cause)) throw cause
      refusals.push(`${new URL(url).host}: ${reasonOf(cause)}`)
    } finally {
      await rm(part, { force: true })
    }
  }
  throw new TaggerError('unavailable', `No bundle of batch ${header.index} (${refusals.join('; ')})`)
}

/** Deletes the bundles got first until the others take no more than this. */
export async function pruneBundles(folder: string, mostBytes: number): Promise<void> {
  const files = []
  for (const campaign of await readdir(folder).catch(() => [])) {
    for (const name of await readdir(join(folder, campaign)).catch(() => [])) {
      const path = join(folder, campaign, name)
      const known = await stat(path).catch(() => null)
      if (known?.isFile() && name.endsWith('.car')) files.push({ path, size: known.size, at: known.mtimeMs })
    }
  }
  let total = files.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size } of files.sort((a, b) => a.at - b.at)) {
    if (total <= mostBytes) return
    await rm(path, { force: true })
    total -= size
  }
}

/** Whether a disk or the memory failed, and not who has the bytes. */
export function isOfThisMachine(cause: unknown): boolean {
  const { code } = cause as NodeJS.ErrnoException
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EIO', 'EROFS', 'EMFILE', 'ENOENT'].includes(code ?? '')
}

function bundleAddress(header: BatchHeader): string {
  return `${API_PREFIX}/batches/${batchHashOf(header, nativeCrypto)}/bundle`
}

async function download(url: URL, path: string, mostBytes: number): Promise<void> {
  const tooLarge = () => new Error(`larger than the ${Math.floor(mostBytes / MEGABYTE)} MB taken here`)
  const stalled = new AbortController()
  const stall = () => stalled.abort(new Error(`sent nothing for ${STALL_MILLISECONDS / 1_000} s`))
  let timer = setTimeout(stall, STALL_MILLISECONDS)
  try {
    const response = await fetch(url, { signal: stalled.signal })
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      throw new Error(response.status === 404 ? 'does not have it' : `answers ${response.status}`)
    }
    let size = 0
    const count = new Transform({
      transform(bytes: Uint8Array, _, done) {
        clearTimeout(timer)
        timer = setTimeout(stall, STALL_MILLISECONDS)
        size += bytes.length
        if (size > mostBytes) done(tooLarge())
        else done(null, bytes)
      },
    })
    const source = Readable.fromWeb(response.body as never)
    await pipeline(source, count, createWriteStream(path, { mode: 0o600 }), { signal: stalled.signal })
  } catch (cause) {
    throw stalled.signal.aborted ? stalled.signal.reason : cause
  } finally {
    clearTimeout(timer)
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  // Fetch says no more than that it failed.
  return cause.message === 'fetch failed' ? 'does not answer' : cause.message
}
