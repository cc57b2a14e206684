import { createHash } from 'node:crypto'
import { TaggerError } from '@tagger/protocol'
import { parseUnits } from 'viem'
import { leastItems } from '../campaigns/least-batch.ts'
import { leastsOf } from '../config.ts'
import { createJobThread, type JobThread } from '../job-thread.ts'
import { clearAlarm, raiseAlarm } from '../network/alarms.ts'
import { tokenDocument } from '../network/tokens.ts'
import type { Node } from '../node.ts'
import { type SettlingCampaign, toCampaign } from './campaign.ts'
import type { CutJob, CutOutcome } from './cut-job.ts'
import { freezeItems, loadCutJob } from './freeze.ts'
import { type IdleCampaignRow, selectIdleCampaigns, thawItems } from './queries.ts'
import { saveBatch } from './save.ts'
import { planCut } from './schedule.ts'
import { createVerifiedBatches, type VerifiedBatches } from './verified.ts'

const RETRY_MILLISECONDS = 30_000

/** Cuts batches of campaigns that are due; remembers those that failed, to try them later. */
export function createCutter(node: Node, signal: AbortSignal): () => Promise<void> {
  const retryAt = new Map<string, number>()
  const thread = { what: 'Cutting a batch', signal }
  const cut = createJobThread<CutJob, CutOutcome>(new URL('./cut-worker.ts', import.meta.url), thread)
  const known = createVerifiedBatches()
  return async () => {
    const now = node.now()
    const rows = await node.db.query<IdleCampaignRow>(selectIdleCampaigns(now))
    for (const row of rows) {
      if (signal.aborted) return
      if ((retryAt.get(row.id) ?? 0) > now.getTime()) continue
      retryAt.delete(row.id)
      const isCut = await cutIfDue(node, row, { signal, cut, known })
      if (!isCut) retryAt.set(row.id, now.getTime() + RETRY_MILLISECONDS)
    }
  }
}

interface Cutting {
  signal: AbortSignal
  cut: JobThread<CutJob, CutOutcome>
  known: VerifiedBatches
}

/** False when the campaign should be left alone for a while. */
async function cutIfDue(node: Node, row: IdleCampaignRow, { signal, cut, known }: Cutting): Promise<boolean> {
  const campaign = toCampaign(row)
  if (campaign.status !== 'open' && campaign.status !== 'closing') return true
  await node.db.query(thawItems(campaign))
  const plan = planCut({
    status: campaign.status,
    batch: campaign.spec.batch,
    readyItems: row.ready_items,
    leastItems: await leastItemsOf(node, campaign),
    runningLeases: row.running_leases,
    lastCutAt: row.last_cut_at,
    openedAt: row.opened_at,
    silentFrom: campaign.terms.deadline + campaign.terms.grace + row.disputed_time,
    now: node.now().getTime() / 1000,
  })
  if (!plan) return true
  const alarm = `cut:${campaign.id}`
  try {
    const items = await freezeItems(node, campaign, plan)
    if (items.length < (plan.closing ? 0 : campaign.spec.batch.minItems)) {
      await node.db.query(thawItems(campaign))
      return true
    }
    const job = await loadCutJob(node, campaign, plan, items, known)
    const outcome = await cut(job)
    known.remember(campaign.id, [
      [job.previous, outcome.before],
      [outcome.hash, outcome.verified],
    ])
    const bundle = createHash('sha256').update(outcome.car).digest('hex')
    await node.blobs.put(bundle, outcome.car)
    await saveBatch(node, { campaign, job, outcome, bundle })
    node.log.info('Batch cut', { campaign: campaign.id, batch: outcome.hash, items: outcome.items.length })
    await clearAlarm(node, alarm)
    return true
  } catch (error) {
    if (signal.aborted) return true
    await node.db.query(thawItems(campaign))
    const code = error instanceof TaggerError ? error.code : 'internal'
    // The ledger moved or certainty is not there yet: both are ordinary.
    if (code === 'conflict') return true
    if (code === 'nothing-to-settle') return false
    await raiseAlarm(node, {
      id: alarm,
      message: `A batch of campaign ${campaign.id} could not be cut: ${(error as Error).message}`,
      data: { code },
    })
    return false
  }
}

async function leastItemsOf(node: Node, { spec, terms }: SettlingCampaign): Promise<number> {
  const least = leastsOf(node.config, node.chain).batchFee
  if (Number(least) === 0) return 0
  const { decimals } = await tokenDocument(node, terms.token)
  return leastItems({ spec, terms, leastFee: parseUnits(least, decimals) })
}
