import type { Address } from '../bytes/hex.ts'
import type { RecordKind } from '../records/work-record.ts'
import type { Spec } from './spec.ts'
import type { Terms } from './terms.ts'

/** Whether a campaign is open to this account's work of this kind; its requester and operator never judge their own money. */
export function isEligible(
  campaign: { terms: Pick<Terms, 'requester' | 'operator'>; spec: Pick<Spec, 'kind' | 'eligibility'> },
  account: Address,
  kind: RecordKind,
): boolean {
  const { terms, spec } = campaign
  if (account === terms.requester || account === terms.operator) return false
  if (kind !== 'review' && kind !== (spec.kind === 'collect' ? 'submission' : 'annotation')) return false
  const { accounts, reviewers } = spec.eligibility
  const named = kind === 'review' && reviewers.length > 0 ? reviewers : accounts
  return named.length === 0 || named.includes(account)
}
