import type { Address, BatchHeader, CutInput, Hex, Settlement, Verified } from '@tagger/protocol'

/** What the cutting thread gets: the protocol's input with documents as bytes, which cross threads cheaply. */
export interface CutJob extends Omit<CutInput, 'spec' | 'state' | 'settled'> {
  specBytes: Uint8Array
  stateBytes: Uint8Array
  /** Every worker's head by `cutAt`, moved since the last batch or not. */
  heads: { account: Address; count: number }[]
  /** Headers of the final batches so far. */
  headers: BatchHeader[]
  /** What this process verified up to the last of them; null when it has to begin at the first bundle. */
  verified: Verified | null
  /** Their bundles where `verified` is null; one is null when its bytes are lost. */
  bundles: (Uint8Array | null)[]
}

/** What it answers: a batch that passed the same check everyone else will run. */
export interface CutOutcome {
  header: BatchHeader
  hash: Hex
  car: Uint8Array
  settlement: Settlement
  stateBytes: Uint8Array
  items: Hex[]
  /** What is verified before this batch, and with it. */
  before: Verified
  verified: Verified
}
