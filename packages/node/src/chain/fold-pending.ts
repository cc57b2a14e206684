import type { Hex } from '@tagger/protocol'
import { type ChainEvent, type EventValue, hexOf } from './event.ts'

/** The batch of a campaign that waits to become final. Times in seconds since epoch. */
export interface PendingBatch {
  batch: Hex
  header: EventValue
  proposedAt: number
  /** Earliest time it can become final, disputes that are over included. */
  finalAt: number
  /** A dispute runs: the clock stands still. */
  isDisputed: boolean
}

/** What is pending after one more event of the campaign; null when nothing is. */
export function foldPending(pending: PendingBatch | null, event: ChainEvent): PendingBatch | null {
  switch (event.name) {
    case 'BatchProposed':
      return {
        batch: hexOf(event, 'batch'),
        header: event.args.header!,
        proposedAt: event.time,
        finalAt: Number(event.args.finalAt),
        isDisputed: false,
      }
    case 'BatchFinal':
    case 'BatchVoid':
      return null
    default:
      return pending && foldClock(pending, event)
  }
}

/** A batch's clock after one more event: it stands still while a dispute runs. */
export function foldClock<B extends { finalAt: number; isDisputed: boolean }>(
  batch: B,
  event: ChainEvent,
): B {
  switch (event.name) {
    case 'DisputeBegan':
      return { ...batch, isDisputed: true }
    case 'DisputeEnded':
      return {
        ...batch,
        isDisputed: false,
        finalAt: batch.finalAt + Number(event.args.stoodStill),
      }
    default:
      return batch
  }
}
