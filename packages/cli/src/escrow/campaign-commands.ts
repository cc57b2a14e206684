import type { Tagger } from '@tagger/sdk'
import type { Command } from 'commander'
import type { TransactionReceipt } from 'viem'
import { hexId } from '../campaign/command.ts'
import { createVoice } from '../output.ts'
import { connectEscrow, type EscrowOptions, withEscrow } from './connect.ts'
import { tell, waitForStep } from './outlook.ts'

/** Adds `tagger campaign advance | contest | refund | fees`: what needs the chain only. */
export function addEscrowCommands(command: Command): void {
  const shared = (name: string, about: string) =>
    withEscrow(command.command(name)).description(about).argument('<id>')
  shared('advance', 'Move every clock that is due; anyone may.').action(
    (id: string, options: EscrowOptions) =>
      act(id, options, ({ escrow }, campaign) => escrow.advance(campaign)),
  )
  shared('contest', 'Show that the pending batch leaves out the records of your receipt.').action(
    (id: string, options: EscrowOptions) =>
      act(id, options, ({ escrow }, campaign) => escrow.contest(campaign)),
  )
  shared('refund', 'Bring back to the requester what a closed campaign did not spend.')
    .option('--wait', 'until it can be refunded')
    .action(async (id: string, options: EscrowOptions & { wait?: boolean }) => {
      await act(id, options, async (tagger, campaign) => {
        if (options.wait) await waitForStep(tagger, campaign, 'refund', createVoice(options))
        return await tagger.escrow.refund(campaign)
      })
    })
  shared('fees', 'Pay operator and treasury their fees on what is final; anyone may.').action(
    (id: string, options: EscrowOptions) =>
      act(id, options, ({ escrow }, campaign) => escrow.collectFees(campaign)),
  )
}

async function act(
  text: string,
  options: EscrowOptions,
  send: (tagger: Tagger, campaign: `0x${string}`) => Promise<TransactionReceipt>,
): Promise<void> {
  const voice = createVoice(options)
  const id = hexId(text)
  const tagger = await connectEscrow(options)
  const { transactionHash } = await send(tagger, id)
  voice.say(`Done: ${transactionHash}`)
  const state = await tagger.escrow.read(id)
  tell(state, voice.say)
  voice.result({ id, transaction: transactionHash, status: state.facts.status, steps: state.steps })
}
