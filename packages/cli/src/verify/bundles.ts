import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { nativeCrypto } from '@tagger/node/crypto'
import { type BatchHeader, batchHashOf, decodeBundle, type Hex, TaggerError } from '@tagger/protocol'
import type { Api } from '@tagger/sdk'

/** Bundles of one campaign, oldest first. */
export interface BundleSet {
  campaignId: Hex
  bundles: Uint8Array[]
}

/** Reads one bundle or a folder of them. */
export async function readBundles(path: string): Promise<BundleSet> {
  if (!existsSync(path)) throw new TaggerError('not-found', `There is no file or folder at ${path}`)
  const isFolder = (await stat(path)).isDirectory()
  const files = isFolder
    ? (await readdir(path)).filter((name) => name.endsWith('.car')).map((name) => join(path, name))
    : [path]
  if (files.length === 0) throw new TaggerError('not-found', `There are no .car files in ${path}`)
  const read = await Promise.all(
    files.map(async (file) => {
      const car = new Uint8Array(await readFile(file))
      const { evidence } = decodeBundle(car, nativeCrypto)
      return { car, campaignId: evidence.campaignId, index: evidence.anchor.index }
    }),
  )
  read.sort((a, b) => a.index - b.index)
  const [first] = read
  if (read.some(({ campaignId }) => campaignId !== first!.campaignId)) {
    throw new TaggerError('bad-request', 'These bundles belong to different campaigns', {
      hints: ['Verify one campaign at a time.'],
    })
  }
  const missing = read.findIndex(({ index }, position) => index !== position)
  if (missing >= 0) {
    throw new TaggerError('not-found', `The bundle of batch ${missing} is missing`, {
      hints: ['A batch builds on the ones before it: put all bundles of the campaign into one folder.'],
    })
  }
  return { campaignId: first!.campaignId, bundles: read.map(({ car }) => car) }
}

/** Downloads the bundles of final batches, oldest first. */
export async function downloadBundles(
  api: Api,
  headers: readonly BatchHeader[],
  onBundle: (done: number) => void = () => undefined,
): Promise<Uint8Array[]> {
  const bundles: Uint8Array[] = []
  for (const header of headers) {
    const response = await api.getBundle({ params: { hash: batchHashOf(header, nativeCrypto) } })
    bundles.push(new Uint8Array(await response.arrayBuffer()))
    onBundle(bundles.length)
  }
  return bundles
}
