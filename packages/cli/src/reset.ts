import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { loadConfig } from '@tagger/node'
import { TaggerError } from '@tagger/protocol'
import { Command } from 'commander'
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
      if (!options.yes && !(await confirm(`Remove ${dataFolder} with everything in it? [y/N] `))) {
        return void console.log('Nothing was removed.')
      }
      await rm(dataFolder, { recursive: true, force: true })
      console.log(`Removed ${dataFolder}. The next start makes a new network.`)
      console.log('In a browser wallet, clear the activity of this network: its nonces start again.')
    })
}

async function confirm(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await prompt.question(question)).trim())
  } finally {
    prompt.close()
  }
}
