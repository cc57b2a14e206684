import { api } from '../../lib/api.ts'
import { now } from '../../lib/clock.ts'
import { t } from '../../lib/messages.ts'
import type { CampaignSummary } from '../../lib/queries.ts'

const PATIENCE_MS = 60_000
const PAUSE_MS = 500

/** The campaign to try first. A network that has just started opens its demo meanwhile: that is waited for. */
export async function awaitCampaign(options: {
  signal: AbortSignal
  /** How much of the patience is used up, 0 to 1. */
  onWait: (share: number) => void
}): Promise<CampaignSummary> {
  const { signal, onWait } = options
  const start = now()
  for (;;) {
    const { data } = await api.listCampaigns({ query: { status: 'open', kind: 'annotate' } })
    // Of the demo, the first one opened lasts longest.
    const campaign = data.findLast(({ isDemo }) => isDemo) ?? data[0]
    if (campaign !== undefined) return campaign
    const share = (now() - start) / PATIENCE_MS
    const isComing = (await api.getNetwork()).demoCrowd !== null
    if (!isComing || share >= 1 || signal.aborted) throw new Error(t.home.tryNone)
    onWait(share)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
