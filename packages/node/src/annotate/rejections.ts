import { decodeRecord, type Hex } from '@tagger/protocol'
import type { Node } from '../node.ts'
import { type OwnRecordRow, type ReviewRow, selectReviews } from './outcome-queries.ts'

/** Why reviewers rejected these records' items, in their words and never who: rejected items of final batches only. */
export async function rejectionReasons(
  node: Node,
  campaignId: Hex,
  rows: readonly OwnRecordRow[],
): Promise<Map<Hex, string[]>> {
  const rejected = rows.filter((row) => row.result_status === 'rejected').map((row) => row.item)
  const reasons = new Map<Hex, string[]>(rejected.map((item) => [item, []]))
  if (reasons.size === 0) return reasons
  const reviews = await node.db.query<ReviewRow>(selectReviews(campaignId, [...reasons.keys()]))
  for (const { item, payload } of reviews) {
    const record = decodeRecord(payload)
    if (record.kind !== 'review' || record.body.verdict !== 'reject') continue
    reasons.get(item)?.push(record.body.reason)
  }
  return reasons
}
