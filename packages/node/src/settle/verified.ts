import type { Hex, Verified } from '@tagger/protocol'

const CAMPAIGNS_KEPT = 50

/**
 * What this process has verified of campaigns, by the hash of the batch it reaches. A batch hash names its evidence and
 * all batches before it, so what is known under a hash is true of no other history: after a reorg to other batches, as
 * after a start, nothing is known and everything is verified anew.
 */
export interface VerifiedBatches {
  /** What is known up to this batch, null when it is not known here. */
  upTo(campaignId: Hex, batch: Hex): Verified | null
  /** Remembers a batch and the one before it, which stays the last one when the new one is voided. */
  remember(campaignId: Hex, batches: readonly (readonly [Hex, Verified])[]): void
}

/** Nothing known yet. */
export function createVerifiedBatches(): VerifiedBatches {
  const known = new Map<Hex, ReadonlyMap<Hex, Verified>>()
  return {
    upTo: (campaignId, batch) => known.get(campaignId)?.get(batch) ?? null,
    remember(campaignId, batches) {
      known.delete(campaignId)
      if (known.size >= CAMPAIGNS_KEPT) known.delete(known.keys().next().value!)
      known.set(campaignId, new Map(batches))
    },
  }
}
