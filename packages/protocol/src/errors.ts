/** Every way Tagger says no. One code per reason; the same on chain screens, in the API, in the CLI and in tests. */
export type ErrorCode =
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'unsupported-type'
  | 'rate-limited'
  | 'quota-reached'
  | 'internal'
  | 'unavailable'
  // bytes and documents
  | 'not-canonical'
  | 'bad-document'
  | 'bad-hex'
  | 'spec-invalid'
  | 'terms-invalid'
  | 'labeling-config-invalid'
  | 'labeling-config-unsupported'
  // records and chains
  | 'record-invalid'
  | 'answer-invalid'
  | 'chain-conflict'
  | 'chain-broken'
  | 'record-foreign'
  | 'record-after-settlement'
  | 'revision-required'
  | 'revision-invalid'
  | 'head-signature-invalid'
  | 'head-signature-high-s'
  | 'session-key-unknown'
  | 'session-key-expired'
  | 'session-key-invalid'
  | 'receipt-invalid'
  // work
  | 'lease-expired'
  | 'lease-missing'
  | 'already-assigned'
  | 'not-eligible'
  | 'no-work'
  | 'campaign-not-open'
  | 'campaign-underfunded'
  // items
  | 'item-empty'
  | 'item-too-large'
  | 'item-wrong-type'
  | 'item-truncated'
  | 'item-duplicate'
  | 'item-bad-name'
  | 'gold-invalid'
  // settlement and chain
  | 'batch-invalid'
  | 'batch-pending'
  | 'nothing-to-settle'
  | 'chain-unreachable'
  | 'transaction-failed'
  | 'ledger-mismatch'
  // trade
  | 'license-missing'
  | 'license-expired'
  | 'not-delivered'
  // verification
  | 'bundle-malformed'

export interface ErrorDetails {
  /** What to do about it, one line each. */
  hints?: readonly string[]
  /** Machine-readable context: expected head, limits, offending row… */
  data?: Readonly<Record<string, unknown>>
  cause?: unknown
}

/** The one error type of Tagger: a stable code, a sentence, and hints that say what to do. */
export class TaggerError extends Error {
  override readonly name = 'TaggerError'
  readonly code: ErrorCode
  readonly hints: readonly string[]
  readonly data: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hints = details.hints ?? []
    this.data = details.data ?? {}
  }
}
