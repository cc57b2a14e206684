import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { nativeCrypto } from '@tagger/node/crypto'
import { createTagger, memoryStore, openReceipts, type Store, type Tagger } from '@tagger/sdk'
import { folderStore } from '@tagger/sdk/folder-store'
import type { Command } from 'commander'
import { privateKeyToAccount } from 'viem/accounts'
import { type Shared, withShared } from '../campaign/command.ts'
import { readKey, receiptsFolder } from '../settings.ts'

/** What every command takes that needs the chain only. */
export interface EscrowOptions extends Shared {
  rpc?: string
  receipts?: string
}

/** Gives a command the options of {@link EscrowOptions}. */
export function withEscrow(command: Command): Command {
  return withShared(command)
    .option('--rpc <url>', 'chain to ask, when the node is gone')
    .option(
      '--receipts <path>',
      'folder of receipts, or a file saved in the app (default: receipts in the data folder)',
    )
}

/** A client for the account of a command that knows what was kept of its work. */
export async function connectEscrow({ node, key, rpc, receipts }: EscrowOptions): Promise<Tagger> {
  return createTagger({
    url: node,
    wallet: privateKeyToAccount(readKey(key)),
    crypto: nativeCrypto,
    kept: await keptStore(receipts),
    // Whoever runs these suspects that nobody answers.
    retry: { tries: 2 },
    ...(rpc === undefined ? {} : { rpcUrl: rpc }),
  })
}

async function keptStore(path = receiptsFolder()): Promise<Store> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return folderStore(path)
  const store = memoryStore()
  await openReceipts(store, await readFile(path, 'utf8'))
  return store
}
