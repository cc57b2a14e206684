import type { Address } from '../bytes/hex.ts'
import { sortByCodePoints } from '../bytes/order.ts'
import { MILLION } from '../math/fixed.ts'
import { addEvidence, type Evidence, NO_EVIDENCE, type Posterior, posteriorOf } from './beta.ts'

/** One verdict on a piece of work. */
export interface ReviewCheck {
  readonly reviewer: Address
  /** `fix` and `reject` both say that the work was not good as it was. */
  readonly accepted: boolean
  /**
   * How sure it is that the work was good, in millionths: 10⁶ for a known-good and 0 for a known-bad one mixed in, else
   * its posterior under everything but this review.
   */
  readonly good: number
}

/** What a reviewer is worth, from truth and not from agreement with the vote. Shares in millionths. */
export interface ReviewerScore {
  readonly reviewer: Address
  /** Chance to accept good work. */
  readonly acceptsGood: Posterior
  /** Chance to catch bad work. */
  readonly catchesBad: Posterior
  /** Mean of the two. Who accepts all, rejects all or tosses a coin has ½. */
  readonly score: number
  /** Mean of their low ends: what is safe to build on. */
  readonly low: number
  /** Reviews counted, in millionths of one. */
  readonly evidence: number
}

/**
 * Scores reviewers by how they judge work that is good and work that is bad, apart: in a campaign with little bad work
 * a blind `accept` agrees with nearly every vote. Work counts as what it more likely is, as much as that is sure
 * (|2 × good − 10⁶|): known items fully, a toss-up not at all. By code point of the reviewer; order of checks is free.
 */
export function scoreReviewers(checks: readonly ReviewCheck[]): ReviewerScore[] {
  const seen = new Map<Address, { ofGood: Evidence; ofBad: Evidence }>()
  for (const { reviewer, accepted, good } of checks) {
    const { ofGood, ofBad } = seen.get(reviewer) ?? { ofGood: NO_EVIDENCE, ofBad: NO_EVIDENCE }
    const certainty = Math.abs(2 * good - MILLION)
    const isGood = 2 * good >= MILLION
    const isRight = accepted === isGood
    const one: Evidence = { good: isRight ? certainty : 0, bad: isRight ? 0 : certainty }
    seen.set(
      reviewer,
      isGood ? { ofGood: addEvidence(ofGood, one), ofBad } : { ofGood, ofBad: addEvidence(ofBad, one) },
    )
  }
  return sortByCodePoints(seen, ([reviewer]) => reviewer).map(([reviewer, { ofGood, ofBad }]) => {
    const [acceptsGood, catchesBad] = [posteriorOf(ofGood), posteriorOf(ofBad)]
    return {
      reviewer,
      acceptsGood,
      catchesBad,
      score: Math.floor((acceptsGood.mean + catchesBad.mean) / 2),
      low: Math.floor((acceptsGood.low + catchesBad.low) / 2),
      evidence: ofGood.good + ofGood.bad + ofBad.good + ofBad.bad,
    }
  })
}
