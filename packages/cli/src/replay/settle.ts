import { TaggerError } from '@tagger/protocol'
import type { Campaign } from '@tagger/sdk'
import type { Voice } from '../output.ts'
import type { Cast } from './cast.ts'

const WAIT_SECONDS = 600
const POLL_MILLISECONDS = 500

/** Waits for the batches, closes, pays everyone, takes the rest back. Safe to run again after a kill. */
export async function settleCampaign(
  cast: Cast,
  campaign: Campaign,
  voice: Voice,
  options: { expectsBatch: boolean },
): Promise<void> {
  let document = await campaign.read()
  if (document.status === 'open') {
    if (options.expectsBatch) await waitForFinal(campaign, voice)
    await campaign.close()
    voice.say('  closed by the requester')
  }
  if (document.status !== 'closed') {
    document = await campaign.waitFor('closed', WAIT_SECONDS)
    voice.say('  the closing batch is final')
  }
  for (const claimed of await cast.criers[0]!.claims.claimMany(campaign.id)) {
    voice.say(`  claims paid in ${claimed.transactionHash}`)
  }
  await unlessDone('NothingToCollect', campaign.collectFees())
  await unlessDone('NothingToRefund', campaign.refund())
  voice.say('  fees paid, the rest refunded')
}

async function waitForFinal(campaign: Campaign, voice: Voice): Promise<void> {
  const end = Date.now() + WAIT_SECONDS * 1000
  let told = ''
  while (Date.now() < end) {
    const batches = await campaign.batches()
    const [first] = batches
    const status = first?.status ?? 'waiting for the first cut'
    if (status !== told) voice.say(`  first batch: ${status}${first ? ` (${first.items} items)` : ''}`)
    told = status
    if (first?.status === 'final') return
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
  throw new TaggerError('unavailable', `No batch became final within ${WAIT_SECONDS} seconds`)
}

/** A step that an earlier run finished refuses by this error. */
async function unlessDone(error: string, step: Promise<unknown>): Promise<void> {
  try {
    await step
  } catch (cause) {
    if (!(cause instanceof TaggerError) || cause.data.error !== error) throw cause
  }
}
