import type { Hex } from '@tagger/protocol'
import type { ChainEvent } from './event.ts'
import { foldClock } from './fold-pending.ts'

/** What the chain says of a batch. */
export interface BatchOnChain {
  status: 'proposed' | 'final' | 'void'
  /** Earliest time it can become final, disputes that are over included. */
  finalAt: number
  /** A dispute runs: the clock stands still. */
  isDisputed: boolean
  proposeTransaction: Hex
  finalizeTransaction: Hex | null
}

/** A batch after one more event that names it; null before it is proposed. */
export function foldBatch(batch: BatchOnChain | null, event: ChainEvent): BatchOnChain | null {
  switch (event.name) {
    case 'BatchProposed':
      return {
        status: 'proposed',
        finalAt: Number(event.args.finalAt),
        isDisputed: false,
        proposeTransaction: event.transactionHash,
        finalizeTransaction: null,
      }
    case 'BatchFinal':
      return batch && { ...batch, status: 'final', finalizeTransaction: event.transactionHash }
    case 'BatchVoid':
      return batch && { ...batch, status: 'void' }
    default:
      return batch && foldClock(batch, event)
  }
}
