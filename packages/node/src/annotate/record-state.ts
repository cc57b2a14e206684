import type { endpoints, WorkRecordState } from '@tagger/protocol/wire'
import type { z } from 'zod'
import type { OwnRecordRow } from './outcome-queries.ts'

export type RecordState = z.infer<typeof WorkRecordState>
export type OwnRecords = z.input<(typeof endpoints)['listOwnRecords']['response']>

/** How far a record has come: answered → agreed → in-batch → final → claimable → paid, or replaced. */
export function recordStateOf(
  row: Pick<OwnRecordRow, 'is_replaced' | 'batch_status' | 'item_status' | 'payout' | 'claimed'>,
): RecordState {
  if (row.is_replaced) return 'replaced'
  if (row.batch_status === 'cut' || row.batch_status === 'proposed') return 'in-batch'
  if (row.batch_status === null) {
    // Batched without a batch yet: it is being cut this moment.
    return row.item_status === 'ready' || row.item_status === 'batched' ? 'agreed' : 'answered'
  }
  const payout = BigInt(row.payout ?? '0')
  if (payout === 0n) return 'final'
  return BigInt(row.claimed) >= payout ? 'paid' : 'claimable'
}
