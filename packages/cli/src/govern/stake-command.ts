import { TaggerError } from '@tagger/protocol'
import type { Tagger } from '@tagger/sdk'
import { Command } from 'commander'
import { formatEther, parseEther, type TransactionReceipt } from 'viem'
import { connect, type Shared, withShared } from '../campaign/command.ts'
import { createVoice } from '../output.ts'

type Act = (tagger: Tagger, amount: bigint) => Promise<TransactionReceipt>

/** `tagger stake show | add | cool | withdraw | validate | stop | collect`. */
export function stakeCommand(): Command {
  const command = new Command('stake').description('TAG at stake of the account in TAGGER_KEY.')
  withShared(command.command('show', { isDefault: true }))
    .description('Show what is staked, cooling and locked.')
    .action(show)
  const withAmount = (name: string, about: string, act: Act) =>
    withShared(command.command(name))
      .description(about)
      .argument('<amount>', 'in TAG')
      .action((amount: string, options: Shared) => change(options, (tagger) => act(tagger, tagOf(amount))))
  const whole = (name: string, about: string, act: Act) =>
    withShared(command.command(name))
      .description(about)
      .action((options: Shared) => change(options, (tagger) => act(tagger, 0n)))
  withAmount('add', 'Stake TAG: it votes from now on.', ({ stake }, amount) => stake.add(amount))
  withAmount(
    'cool',
    'Start to take out stake; restarts the wait of what cools already.',
    ({ stake }, amount) => stake.startCooling(amount),
  )
  whole('withdraw', 'Take out what has cooled.', ({ stake }) => stake.withdraw())
  withAmount('validate', 'Lock stake to vote on batches proposed later.', ({ stake }, amount) =>
    stake.startValidating(amount),
  )
  withAmount('stop', 'Release stake locked to vote.', ({ stake }, amount) => stake.stopValidating(amount))
  whole('collect', 'Take what slashes have credited.', ({ stake }) => stake.collect())
  return command
}

async function show(options: Shared): Promise<void> {
  const voice = createVoice(options)
  const state = await connect(options).stake.read()
  const { coolingUntil, ...amounts } = state
  for (const [name, amount] of Object.entries(amounts)) {
    voice.say(`  ${name.padEnd(10)} ${formatEther(amount)} TAG`)
  }
  if (coolingUntil !== 0) voice.say(`  cooled at  ${new Date(coolingUntil * 1_000).toISOString()}`)
  voice.result(state)
}

async function change(options: Shared, act: (tagger: Tagger) => Promise<TransactionReceipt>): Promise<void> {
  const voice = createVoice(options)
  const { transactionHash } = await act(connect(options))
  voice.say(`Done: ${transactionHash}`)
  voice.result({ transaction: transactionHash })
}

function tagOf(text: string): bigint {
  if (/^\d+(\.\d{1,18})?$/.test(text)) return parseEther(text)
  throw new TaggerError('bad-request', `"${text}" is not an amount of TAG`, {
    hints: ['Such as 250 or 0.5.'],
  })
}
