import type { ChainFacts } from '@tagger/protocol'

/** A batch to be checked with all that it builds on; its header is the last of the facts. */
export interface CheckJob {
  facts: ChainFacts
  /** Nodes to ask for evidence, in this order. */
  urls: readonly string[]
  /** Where bundles are kept. */
  folder: string
  /** Largest bundle taken. */
  mostBytes: number
}

/** What came of it. `unchecked`: the bytes could not be had, or not be checked. */
export type Checked =
  | { kind: 'sound'; records: number }
  | { kind: 'unsound'; reason: string }
  | { kind: 'unchecked'; reason: string }
