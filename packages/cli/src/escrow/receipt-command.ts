import { writeFile } from 'node:fs/promises'
import { TaggerError } from '@tagger/protocol'
import { Command } from 'commander'
import { hexId } from '../campaign/command.ts'
import { createVoice } from '../output.ts'
import { connectEscrow, type EscrowOptions, withEscrow } from './connect.ts'
import { tell, waitForStep } from './outlook.ts'

/** `tagger receipt list | keep | show | register | collect | claim`. */
export function receiptCommand(): Command {
  const command = new Command('receipt').description(
    'Receipts of the account in TAGGER_KEY: what gets it paid when an operator stops.',
  )
  const shared = (name: string, about: string) => withEscrow(command.command(name)).description(about)
  shared('list', 'List the receipts kept here.').action(list)
  shared('keep', 'Keep the proofs of final pay beside the receipts, while the node is there.').action(keep)
  shared('show', 'Show where a campaign stands, and what can be done now.')
    .argument('<campaign>')
    .action(show)
  shared('register', 'Register the receipt in a campaign whose operator stopped.')
    .argument('<campaign>')
    .option('--evidence <file>', 'write your signed records there first, to be published')
    .action(register)
  shared('collect', 'Get what a registered receipt is due, once all are checked.')
    .argument('<campaign>')
    .option('--wait', 'until it can be collected')
    .action(collect)
  shared('claim', 'Claim what a final batch pays, by the proof kept here.')
    .argument('<campaign>')
    .action(claim)
  return command
}

async function keep(options: EscrowOptions): Promise<void> {
  const voice = createVoice(options)
  const { escrow } = await connectEscrow(options)
  await escrow.keepClaims()
  const kept = (await escrow.kept()).length
  voice.say(`Looked for the pay of ${kept} campaigns.`)
  voice.result({ campaigns: kept })
}

async function claim(campaign: string, options: EscrowOptions): Promise<void> {
  const voice = createVoice(options)
  const id = hexId(campaign)
  const { escrow } = await connectEscrow(options)
  const { transactionHash } = await escrow.claim(id)
  const { claimed } = (await escrow.read(id)).facts
  voice.say(`Claimed: ${transactionHash}`)
  voice.result({ id, transaction: transactionHash, claimed })
}

async function list(options: EscrowOptions): Promise<void> {
  const voice = createVoice(options)
  const kept = await (await connectEscrow(options)).escrow.kept()
  for (const { receipt, campaign } of kept) {
    voice.say(`${receipt.campaignId}  ${receipt.count} records  ${campaign?.title ?? ''}`)
  }
  if (kept.length === 0) voice.say('No receipts of this account are kept here.')
  voice.result(kept.map(({ receipt, campaign }) => ({ ...receipt, title: campaign?.title ?? null })))
}

async function show(campaign: string, options: EscrowOptions): Promise<void> {
  const voice = createVoice(options)
  const state = await (await connectEscrow(options)).escrow.read(hexId(campaign))
  tell(state, voice.say)
  const { facts, receipt, steps } = state
  const { status, now, claimed, worth, receiptStatus } = facts
  voice.result({ status, now, claimed, worth, receiptStatus, receipt, steps })
}

async function register(campaign: string, options: EscrowOptions & { evidence?: string }): Promise<void> {
  const voice = createVoice(options)
  const id = hexId(campaign)
  const { escrow } = await connectEscrow(options)
  const evidence = await escrow.evidence(id)
  if (options.evidence !== undefined) {
    if (evidence === null) {
      throw new TaggerError('not-found', 'The records of this receipt are not all kept here', {
        hints: ['Register without --evidence: the receipt counts all the same.'],
      })
    }
    await writeFile(options.evidence, evidence.bytes)
    voice.say(`Your signed records: ${options.evidence}. Put the file where others can look at it.`)
  }
  const { transactionHash } = await escrow.register(id)
  voice.say(`Registered: ${transactionHash}`)
  const state = await escrow.read(id)
  tell(state, voice.say)
  const { worth } = state.facts
  voice.result({ id, transaction: transactionHash, worth, evidence: evidence?.digest ?? null })
}

async function collect(campaign: string, options: EscrowOptions & { wait?: boolean }): Promise<void> {
  const voice = createVoice(options)
  const id = hexId(campaign)
  const tagger = await connectEscrow(options)
  if (options.wait) await waitForStep(tagger, id, 'collect', voice)
  const { transactionHash } = await tagger.escrow.collect(id)
  const { worth } = (await tagger.escrow.read(id)).facts
  voice.say(`Collected: ${transactionHash}`)
  voice.result({ id, transaction: transactionHash, amount: worth })
}
