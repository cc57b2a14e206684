import type { Hex } from '@tagger/protocol'
import type { ChainEvent } from './event.ts'

/** What the chain says of a batch. */
export interface BatchOnChain {
  status: 'proposed' | 'final' | 'void'
  finalAt: number
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
        proposeTransaction: event.transactionHash,
        finalizeTransaction: null,
      }
    case 'BatchFinal':
      return batch && { ...batch, status: 'final', finalizeTransaction: event.transactionHash }
    case 'BatchVoid':
      return batch && { ...batch, status: 'void' }
    default:
      return batch
  }
}
