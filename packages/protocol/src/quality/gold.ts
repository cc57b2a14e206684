import type { GoldCheck } from '../consensus/classification/gold-check.ts'
import { MILLION } from '../math/fixed.ts'
import type { Evidence } from './beta.ts'

export * from '../consensus/classification/gold-check.ts'

/** What the checks say of the requester's care: one observation per answer that was confirmed or contradicted. */
export function goldEvidence(checks: readonly GoldCheck[]): Evidence {
  const count = (wanted: GoldCheck['verdict']) => checks.filter(({ verdict }) => verdict === wanted).length
  return { good: count('confirmed') * MILLION, bad: count('contradicted') * MILLION }
}
