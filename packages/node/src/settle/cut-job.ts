import type { Address, BatchHeader, CutInput, Hex, Settlement } from '@tagger/protocol'

/** What the cutting thread gets: the protocol's input with documents as bytes, which cross threads cheaply. */
export interface CutJob extends Omit<CutInput, 'spec' | 'state' | 'earlier'> {
  specBytes: Uint8Array
  stateBytes: Uint8Array
  earlierPayloads: Uint8Array[]
  /** Every worker's head by `cutAt`, moved since the last batch or not. */
  heads: { account: Address; count: number }[]
  /** Final batches so far; a bundle is null when its bytes are lost. */
  before: { header: BatchHeader; car: Uint8Array | null }[]
}

/** What it answers: a batch that passed the same check everyone else will run. */
export interface CutOutcome {
  header: BatchHeader
  hash: Hex
  car: Uint8Array
  settlement: Settlement
  stateBytes: Uint8Array
  items: Hex[]
}

/** Why there is no batch, as data: errors lose their class between threads. */
export interface CutRefusal {
  code: string
  message: string
}
