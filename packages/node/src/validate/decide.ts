import { type Estimate, isSettleable, type Spec } from '@tagger/protocol'
import type { NextStep } from '@tagger/protocol/classification'

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
 * Decides whether an item has enough answers, gets one more, goes to review or is ready. `step` is what the answers of the
 * crowd suggest: another answer while it helps, review where more of them would not. Scheduling only: whether the item may
 * be settled is decided again by the batch's own fit, so an item of which that is not sure is asked on.
 */
export function decideItem(
  spec: Spec,
  item: ItemProgress,
  estimate: Estimate | undefined,
  step: NextStep,
): Decision {
  if (spec.kind === 'collect') return decideSubmission(spec, item)
  const { wanted } = item
  const stay = (status: Decision['status']): Decision => ({ status, wanted, proposed: null })
  if (estimate === undefined || item.annotations < wanted) {
    return stay(item.annotations === 0 ? 'waiting' : 'open')
  }
  const mayAsk = item.annotations < spec.redundancy.max
  const asksReview = spec.review.reviews > 0
  const isReviewed = asksReview && item.reviews >= spec.review.reviews
  const isSure = estimate.confidence >= spec.redundancy.targetConfidence && isSettleable(spec, estimate)
  // Whoever holds a lease may finish it: an item in a batch would refuse the answer.
  const settle = () => stay(item.leases === 0 ? 'ready' : item.status)
  if (isReviewed || (isSure && !(step === 'ask' && mayAsk))) return settle()
  const review: Decision = { status: 'review', wanted, proposed: estimate.label }
  if (asksReview && (item.status === 'review' || step === 'review')) return review
  if (mayAsk) {
    return { status: 'open', wanted: Math.min(item.annotations + 1, spec.redundancy.max), proposed: null }
  }
  return asksReview ? review : settle()
}

function decideSubmission(spec: Spec, item: ItemProgress): Decision {
  const { reviews, wanted } = item
  const isReady = reviews >= spec.review.reviews && item.leases === 0
  return { status: isReady ? 'ready' : reviews > 0 ? 'review' : 'waiting', wanted, proposed: null }
}
