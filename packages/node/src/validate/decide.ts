import { type Estimate, isSettleable, type Spec } from '@tagger/protocol'

/** An item as scheduling sees it. */
export interface ItemProgress {
  status: 'waiting' | 'open' | 'review' | 'ready'
  annotations: number
  reviews: number
  /** Running leases. */
  leases: number
  /** Answers asked for so far. */
  wanted: number
}

/** What happens to an item next. */
export interface Decision {
  status: ItemProgress['status']
  wanted: number
  /** Label put before reviewers; null outside review. */
  proposed: string | null
}

/**
 * Decides whether an item has enough answers, gets one more, goes to review or is ready.
 * Scheduling only: whether it may be settled is decided again by the batch's own fit.
 */
export function decideItem(spec: Spec, item: ItemProgress, estimate: Estimate | undefined): Decision {
  if (spec.kind === 'collect') return decideSubmission(spec, item)
  const { wanted } = item
  const stay = (status: Decision['status']): Decision => ({ status, wanted, proposed: null })
  if (estimate === undefined || item.annotations < wanted) {
    return stay(item.annotations === 0 ? 'waiting' : 'open')
  }
  const asksReview = spec.review.reviews > 0
  const isSure = estimate.confidence >= spec.redundancy.targetConfidence
  // Whoever holds a lease may finish it: an item in a batch would refuse the answer.
  if (isSure && isSettleable(spec, estimate)) return stay(item.leases === 0 ? 'ready' : item.status)
  if (item.annotations < spec.redundancy.max) {
    return { status: 'open', wanted: Math.min(item.annotations + 1, spec.redundancy.max), proposed: null }
  }
  if (asksReview && item.reviews < spec.review.reviews) {
    return { status: 'review', wanted, proposed: estimate.label }
  }
  return stay(item.leases === 0 ? 'ready' : item.status)
}

function decideSubmission(spec: Spec, item: ItemProgress): Decision {
  const { reviews, wanted } = item
  const isReady = reviews >= spec.review.reviews && item.leases === 0
  return { status: isReady ? 'ready' : reviews > 0 ? 'review' : 'waiting', wanted, proposed: null }
}
