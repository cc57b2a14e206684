import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, loadConfig, type Node, startNode } from '@tagger/node'
import { nativeCrypto } from '@tagger/node/crypto'
import { createTagger, type Tagger, type TaggerOptions } from '@tagger/sdk'
import { fund } from '../src/funding.ts'
import { walletOf } from '../src/wallets.ts'

/** A real node with its own chain, in this process. */
export interface TestNetwork {
  url: string
  node: Node
  /** Where its data lies. */
  folder: string
  /** A client for the account of this name. */
  member(name: string, options?: Partial<TaggerOptions>): Tagger
  /** The same with gas and a thousand test dollars. */
  rich(name: string): Promise<Tagger>
  close(): Promise<void>
}

/** Starts it on a folder of its own. */
export async function startTestNetwork(settings: Partial<Config> = {}): Promise<TestNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'tagger-test-'))
  const own = { dataFolder: folder, port: 0, chainPort: 0, ...settings }
  const config = loadConfig({ TAGGER_LOG: 'warn' }, own)
  const { url, node, close } = await startNode(config)
  const member = (name: string, options: Partial<TaggerOptions> = {}) =>
    createTagger({ url, wallet: walletOf('test', name), crypto: nativeCrypto, ...options })
  return {
    url,
    node,
    folder,
    member,
    async rich(name) {
      const tagger = member(name)
      await fund(tagger, 1_000_000_000n)
      return tagger
    },
    async close() {
      await close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
