import type { Spec, Terms } from '@tagger/protocol'

/** What the operator is sure to earn and asks for at the least, in a token's smallest unit. */
export interface BatchWorth {
  spec: Pick<Spec, 'kind' | 'redundancy' | 'review'>
  terms: Pick<Terms, 'floorPay' | 'operatorFeeBps'>
  /** Least fee of a batch. */
  leastFee: bigint
}

/** Records a settled item has at the least: its answers, or a submission and its reviews. */
export function leastRecords({ kind, redundancy, review }: BatchWorth['spec']): number {
  return kind === 'collect' ? 1 + review.reviews : redundancy.min
}

/**
 * Items of which a batch brings the operator its least fee even if every record earns only the floor;
 * Infinity when no number of them does. A batch costs two transactions however little is in it.
 */
export function leastItems({ spec, terms, leastFee }: BatchWorth): number {
  if (leastFee <= 0n) return 0
  const perItem = BigInt(leastRecords(spec)) * terms.floorPay * BigInt(terms.operatorFeeBps)
  if (perItem === 0n) return Number.POSITIVE_INFINITY
  return Number((leastFee * 10_000n + perItem - 1n) / perItem)
}
