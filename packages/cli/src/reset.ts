import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { loadConfig } from '@tagger/node'
import { TaggerError } from '@tagger/protocol'
import { listReceipts, readCampaignKept } from '@tagger/sdk'
import { folderStore } from '@tagger/sdk/folder-store'
import { Command } from 'commander'
import { receiptsFolder } from './settings.ts'
import { runningNode } from './up/running.ts'

/** `tagger reset`: forgets the local network. */
export function resetCommand(): Command {
  return new Command('reset')
    .description('Remove the local network: its database, chain and keys.')
    .option('-y, --yes', 'do not ask')
    .action(async (options: { yes?: boolean }) => {
      const { dataFolder } = loadConfig()
      if (!existsSync(dataFolder)) return void console.log(`There is nothing at ${dataFolder}.`)
      const running = await runningNode(dataFolder)
      if (running !== null) {
        throw new TaggerError('conflict', `A node is running on this folder (process ${running.pid})`, {
          hints: ['Stop it with Ctrl-C first.'],
        })
      }
      await requireNoReceipts()
      if (!options.yes && !(await confirm(`Remove ${dataFolder} with everything in it? [y/N] `))) {
        return void console.log('Nothing was removed.')
      }
      await rm(dataFolder, { recursive: true, force: true })
      console.log(`Removed ${dataFolder}. The next start makes a new network.`)
      console.log('In a browser wallet, clear the activity of this network: its nonces start again.')
    })
}

/** Receipts of a local network end with it; those of others are money. */
async function requireNoReceipts(): Promise<void> {
  const folder = receiptsFolder()
  const store = folderStore(folder)
  for (const { campaignId } of await listReceipts(store)) {
    if ((await readCampaignKept(store, campaignId))?.network.isLocal) continue
    throw new TaggerError('conflict', `${folder} holds receipts of another network`, {
      hints: ['They get you paid when an operator stops: move that folder elsewhere first.'],
    })
  }
}

async function confirm(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await prompt.question(question)).trim())
  } finally {
    prompt.close()
  }
}
