#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { campaignCommand } from './campaign/command.ts'
import { datasetCommand } from './dataset/command.ts'
import { deployCommand } from './deploy/command.ts'
import { doctorCommand } from './doctor.ts'
import { addEscrowCommands } from './escrow/campaign-commands.ts'
import { receiptCommand } from './escrow/receipt-command.ts'
import { challengeCommand, voteCommand } from './govern/dispute-commands.ts'
import { stakeCommand } from './govern/stake-command.ts'
import { validatorCommand } from './govern/validator/command.ts'
import { EXIT, Exit, explain } from './output.ts'
import { replayCommand } from './replay/command.ts'
import { resetCommand } from './reset.ts'
import { closeAll, handleSignals } from './shutdown.ts'
import { upCommand } from './up/command.ts'
import { verifyCommand } from './verify/command.ts'

const campaign = campaignCommand()
addEscrowCommands(campaign)

const program = new Command('tagger')
  .description(
    'An open network where data is collected, labeled, checked and sold, and anyone can recompute it.',
  )
  .exitOverride()
  .addCommand(upCommand())
  .addCommand(doctorCommand())
  .addCommand(resetCommand())
  .addCommand(replayCommand())
  .addCommand(verifyCommand())
  .addCommand(campaign)
  .addCommand(receiptCommand())
  .addCommand(stakeCommand())
  .addCommand(challengeCommand())
  .addCommand(voteCommand())
  .addCommand(validatorCommand())
  .addCommand(deployCommand())
  .addCommand(datasetCommand())
for (const command of program.commands) command.exitOverride()

handleSignals()
process.exit(await run())

async function run(): Promise<number> {
  try {
    await program.parseAsync()
    return 0
  } catch (error) {
    if (error instanceof Exit) return error.code
    // Commander has said what was wrong with the words on the command line.
    if (error instanceof CommanderError) return error.exitCode
    explain(error)
    return EXIT.failed
  } finally {
    await closeAll()
  }
}
