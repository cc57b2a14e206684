import { loadConfig } from '@tagger/node'
import { nativeCrypto } from '@tagger/node/crypto'
import { type Hex, TaggerError } from '@tagger/protocol'
import { createTagger, type DisputeState, type Tagger } from '@tagger/sdk'
import { Command } from 'commander'
import { formatEther, type TransactionReceipt } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { connect, type Shared, withShared } from '../campaign/command.ts'
import { createVoice } from '../output.ts'
import { readKey } from '../settings.ts'
import { voteStore, votesFile } from './vote-store.ts'

/** `tagger challenge`. */
export function challengeCommand(): Command {
  return withShared(new Command('challenge'))
    .description('Challenge the pending batch of a campaign, with a bond in TAG.')
    .argument('<campaign>')
    .requiredOption('--reason <text>', 'what was found, for people to read')
    .action(async (campaign: string, options: Shared & { reason: string }) => {
      const voice = createVoice(options)
      const { disputes } = connect(options)
      const { disputeId, transaction } = await disputes.challenge(idOf(campaign, 'campaign'), options.reason)
      voice.say(`Dispute ${disputeId}`)
      tell(await disputes.read(disputeId), voice.say)
      voice.result({ disputeId, transaction })
    })
}

/** `tagger vote show | commit | reveal | count | settle`. */
export function voteCommand(): Command {
  const command = new Command('vote').description(
    'Vote on a dispute: does `tagger verify` pass on the batch?',
  )
  const shared = (name: string, about: string) =>
    withShared(command.command(name)).description(about).argument('<dispute>')
  shared('show', 'Show where a dispute stands.').action(async (dispute: string, options: Shared) => {
    const voice = createVoice(options)
    const state = await createTagger({ url: options.node }).disputes.read(idOf(dispute, 'dispute'))
    tell(state, voice.say)
    voice.result(state)
  })
  withVotes(shared('commit', 'Commit to a vote; reveal it later, or it is lost.'))
    .option('--valid', 'the batch holds')
    .option('--invalid', 'it does not hold, or cannot be had')
    .action(async (dispute: string, options: VoteOptions & { valid?: boolean; invalid?: boolean }) => {
      if (options.valid === options.invalid) {
        throw new TaggerError('bad-request', 'A vote is either --valid or --invalid', {
          hints: ['Run `tagger verify` on the batch: if it passes, or not, is the answer.'],
        })
      }
      await change(options, ({ disputes }) =>
        disputes.commit(idOf(dispute, 'dispute'), options.valid === true),
      )
    })
  withVotes(shared('reveal', 'Reveal the vote committed with the same file of votes.')).action(
    (dispute: string, options: VoteOptions) =>
      change(options, ({ disputes }) => disputes.reveal(idOf(dispute, 'dispute'))),
  )
  shared('count', 'Count the votes once they are revealed.').action((dispute: string, options: Shared) =>
    change(options, ({ disputes }) => disputes.resolve(idOf(dispute, 'dispute'))),
  )
  shared('settle', 'Get back what the vote had at risk, and its reward.').action(
    (dispute: string, options: Shared) =>
      change(options, ({ disputes }) => disputes.settle(idOf(dispute, 'dispute'))),
  )
  return command
}

interface VoteOptions extends Shared {
  votes?: string
}

function withVotes(command: Command): Command {
  return command.option(
    '--votes <file>',
    'where votes wait to be revealed (default: by account in the data folder)',
  )
}

async function change(
  options: VoteOptions,
  act: (tagger: Tagger) => Promise<TransactionReceipt>,
): Promise<void> {
  const voice = createVoice(options)
  const wallet = privateKeyToAccount(readKey(options.key))
  const store = voteStore(options.votes ?? votesFile(loadConfig().dataFolder, wallet.address))
  const tagger = createTagger({ url: options.node, wallet, crypto: nativeCrypto, store })
  const { transactionHash } = await act(tagger)
  voice.say(`Done: ${transactionHash}`)
  voice.result({ transaction: transactionHash })
}

function tell(state: DisputeState, say: (line: string) => void): void {
  const time = (seconds: number) => new Date(seconds * 1_000).toISOString()
  say(`  outcome    ${state.outcome}, round ${state.round}`)
  say(`  commit by  ${time(state.commitEnds)}`)
  say(`  reveal by  ${time(state.revealEnds)}`)
  say(`  for        ${formatEther(state.validWeight)} TAG`)
  say(`  against    ${formatEther(state.invalidWeight)} TAG of ${formatEther(state.totalWeight)}`)
}

function idOf(text: string, what: 'campaign' | 'dispute'): Hex {
  if (/^0x[0-9a-f]{64}$/.test(text)) return text as Hex
  throw new TaggerError('bad-request', `"${text}" is not the id of a ${what}`, {
    hints: ['It is 0x and 64 hex digits.'],
  })
}
