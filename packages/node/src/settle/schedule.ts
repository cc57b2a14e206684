import type { Spec } from '@tagger/protocol'

/** When a batch is cut and whether it is the campaign's last. */
export interface CutPlan {
  /** Seconds since epoch; records received later wait for the next batch. */
  cutAt: number
  closing: boolean
}

// Receipts carry whole seconds and are written a moment after their time was taken.
const RECEIPTS_WRITTEN_SECONDS = 2
/** Workers wait no longer for a batch that does not pay for its transactions. */
const PATIENCE_SECONDS = 7 * 86_400

/**
 * Decides whether a campaign without a pending batch is due for one. A closing campaign waits for running leases only;
 * an open one for enough ready items, and for at most
 * a week until they pay for the batch. From `silentFrom` on the chain takes no batch any more. No two batches share a `cutAt`: a void one must not come back under its own hash.
 */
export function planCut(campaign: {
  status: 'open' | 'closing'
  batch: Spec['batch']
  readyItems: number
  /** Items of which a batch pays for its transactions. */
  leastItems: number
  runningLeases: number
  /** Of the campaign's latest batch, void ones included; null before the first. */
  lastCutAt: number | null
  /** When the campaign was opened, seconds since epoch. */
  openedAt: number
  /** The end of deadline and grace, with the time that disputes took. */
  silentFrom: number
  /** Seconds since epoch. */
  now: number
}): CutPlan | null {
  const { status, batch, now } = campaign
  if (now >= campaign.silentFrom) return null
  const closing = status === 'closing'
  const isPatient = now - (campaign.lastCutAt ?? campaign.openedAt) < PATIENCE_SECONDS
  const enough = Math.max(batch.minItems, isPatient ? Math.min(campaign.leastItems, batch.maxItems) : 0)
  if (closing ? campaign.runningLeases > 0 : campaign.readyItems < enough) return null
  const { periodSeconds } = batch
  const cutAt = closing
    ? Math.floor(now)
    : Math.floor((now - RECEIPTS_WRITTEN_SECONDS) / periodSeconds) * periodSeconds
  return cutAt > (campaign.lastCutAt ?? 0) ? { cutAt, closing } : null
}
