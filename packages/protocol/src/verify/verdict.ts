import type { Address, Hex } from '../bytes/hex.ts'
import { TaggerError } from '../errors.ts'

/** Everything that can be wrong with a campaign's evidence. */
export type FaultCode =
  | 'bundle-malformed'
  | 'bundle-foreign'
  | 'bundle-missing'
  | 'terms-mismatch'
  | 'spec-mismatch'
  | 'batch-order'
  | 'delegation-invalid'
  | 'session-key-expired'
  | 'chain-gap'
  | 'link-mismatch'
  | 'head-mismatch'
  | 'head-signature-invalid'
  | 'receipt-invalid'
  | 'payload-mismatch'
  | 'record-invalid'
  | 'record-left-out'
  | 'gold-not-committed'
  | 'batch-invalid'
  | 'result-mismatch'
  | 'score-mismatch'
  | 'payout-mismatch'
  | 'payout-below-receipt'
  | 'total-mismatch'
  | 'state-mismatch'
  | 'root-mismatch'
  | 'header-mismatch'
  | 'bundle-digest-mismatch'

/** Where it is wrong: as exact as the evidence allows. */
export interface Place {
  /** Index of the batch. */
  batch: number
  account?: Address
  seq?: number
  item?: Hex
  /** Name of a root or header field. */
  root?: string
}

export interface Sound {
  ok: true
  batches: number
  records: number
  /** Settled records whose payload is gone; above 0, fits could not be repeated from then on. */
  erased: number
  workers: number
  items: number
  payoutsTotal: bigint
}

export interface Unsound {
  ok: false
  code: FaultCode
  message: string
  at: Place
}

export type Verdict = Sound | Unsound

/** Thrown inside verification at the first fault, returned as a verdict at its edge. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly at: Omit<Place, 'batch'>

  constructor(code: FaultCode, message: string, at: Omit<Place, 'batch'> = {}) {
    super(message)
    this.code = code
    this.at = at
  }
}

/** What the rules of settling refuse is a fault of the bundle. */
export function refusing<T>(run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (!(cause instanceof TaggerError) || cause.code !== 'batch-invalid') throw cause
    const item = cause.data.item as Hex | undefined
    throw new Fault('batch-invalid', cause.message, item === undefined ? {} : { item })
  }
}
