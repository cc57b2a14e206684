import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { nativeCrypto } from '@tagger/node/crypto'
import {
  type BatchHeader,
  batchHashOf,
  type Deployment,
  type Hex,
  identifyBundle,
  TaggerError,
} from '@tagger/protocol'
import type { Api } from '@tagger/sdk'

/** Bundles of one campaign, oldest first; each is read when its turn comes. */
export interface BundleSet {
  campaignId: Hex
  deployment: Deployment
  count: number
  bundles: AsyncIterable<Uint8Array>
}

/** Looks at one bundle or a folder of them. */
export async function readBundles(path: string): Promise<BundleSet> {
  if (!existsSync(path)) throw new TaggerError('not-found', `There is no file or folder at ${path}`)
  const isFolder = (await stat(path)).isDirectory()
  const files = isFolder
    ? (await readdir(path)).filter((name) => name.endsWith('.car')).map((name) => join(path, name))
    : [path]
  if (files.length === 0) throw new TaggerError('not-found', `There are no .car files in ${path}`)
  const found = []
  for (const file of files) found.push({ file, ...identifyBundle(await readFile(file), nativeCrypto) })
  found.sort((a, b) => a.index - b.index)
  const { campaignId, deployment } = found[0]!
  if (found.some((bundle) => bundle.campaignId !== campaignId)) {
    throw new TaggerError('bad-request', 'These bundles belong to different campaigns', {
      hints: ['Verify one campaign at a time.'],
    })
  }
  const missing = found.findIndex(({ index }, position) => index !== position)
  if (missing >= 0) {
    throw new TaggerError('not-found', `The bundle of batch ${missing} is missing`, {
      hints: ['A batch builds on the ones before it: put all bundles of the campaign into one folder.'],
    })
  }
  const bundles = readInTurn(found.map(({ file }) => file))
  return { campaignId, deployment, count: found.length, bundles }
}

async function* readInTurn(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) yield await readFile(file)
}

/** Gives a bundle's memory back when the next is asked for: verifying is through with it then, and they are large. */
export async function* oneAtATime(bundles: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bundle of bundles) {
    yield bundle
    const { buffer } = bundle
    // What is shared with others is not ours to give back.
    if (buffer instanceof ArrayBuffer && buffer.byteLength === bundle.byteLength) buffer.transfer(0)
  }
}

/** Downloads the bundles of final batches, oldest first, each when its turn comes. */
export async function* downloadBundles(
  api: Api,
  headers: readonly BatchHeader[],
): AsyncGenerator<Uint8Array> {
  for (const header of headers) {
    const response = await api.getBundle({ params: { hash: batchHashOf(header, nativeCrypto) } })
    yield new Uint8Array(await response.arrayBuffer())
  }
}
