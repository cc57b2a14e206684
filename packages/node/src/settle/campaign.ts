import { type Address, decodeSpec, type Hex, type Spec, type Terms } from '@tagger/protocol'
import { TermsDocument } from '@tagger/protocol/wire'

/** A campaign as settlement sees it. */
export interface SettlingCampaign {
  id: Hex
  draftId: string
  kind: 'collect' | 'annotate'
  requester: Address
  status: 'open' | 'closing' | 'silent' | 'closed'
  terms: Terms
  spec: Spec
  /** Canonical bytes of the spec, as hashed in the terms. */
  specBytes: Uint8Array
  payoutsTotal: bigint
  feesPaid: bigint
  finalCount: number
  /** Hash of the last final batch. */
  lastFinal: Hex | null
}

/** Columns of `campaigns` that {@link toCampaign} reads. */
export interface CampaignRow {
  id: Hex
  draft_id: string
  kind: 'collect' | 'annotate'
  requester: Address
  status: 'open' | 'closing' | 'silent' | 'closed'
  terms: unknown
  spec: Uint8Array
  payouts_total: string
  fees_paid: string
  final_count: number
  last_final: Hex | null
}

/** Reads a row of `campaigns`. */
export function toCampaign(row: CampaignRow): SettlingCampaign {
  return {
    id: row.id,
    draftId: row.draft_id,
    kind: row.kind,
    requester: row.requester,
    status: row.status,
    terms: TermsDocument.parse(row.terms),
    spec: decodeSpec(row.spec),
    specBytes: row.spec,
    payoutsTotal: BigInt(row.payouts_total),
    feesPaid: BigInt(row.fees_paid),
    finalCount: row.final_count,
    lastFinal: row.last_final,
  }
}
