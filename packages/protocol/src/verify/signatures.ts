import type { Crypto } from '../bytes/crypto.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import { isHeadSigned, type SignedHead } from '../records/chain.ts'
import { isReceiptSigned, type SignedReceipt } from '../records/receipt.ts'
import { type Delegation, isDelegationSigned, isKeyValidAt } from '../records/session-key.ts'
import type { Deployment } from '../spec/terms.ts'
import { Fault, type FaultCode } from './verdict.ts'

/** What was signed of one worker's segment. */
export interface SignedSegment {
  account: Address
  delegation: Delegation
  /** Whether this very delegation was checked before. */
  isKnown: boolean
  head: SignedHead
  receipt: SignedReceipt
}

/** Signatures to be checked. Plain data: they may be checked in another thread. */
export interface SignatureTask {
  campaignId: Hex
  deployment: Deployment
  receiptKey: Address
  cutAt: number
  segments: readonly SignedSegment[]
}

/** The first segment that is not signed as it should be, and why not. */
export interface Unsigned {
  segment: number
  code: FaultCode
  message: string
}

/** Checks who signed what; null when every segment is delegated, signed and receipted as it should be. */
export async function findUnsigned(task: SignatureTask, crypto: Crypto): Promise<Unsigned | null> {
  for (const [segment, signed] of task.segments.entries()) {
    const wrong = await whatIsWrong(signed, task, crypto)
    if (wrong !== null) return { segment, code: wrong[0], message: wrong[1] }
  }
  return null
}

/** The fault of such a segment. */
export function unsignedFault({ segments }: SignatureTask, { segment, code, message }: Unsigned): Fault {
  const { account, head } = segments[segment]!
  return new Fault(code, message, { account, seq: head.count })
}

const UNCOMPRESSED_POINT = /^0x04[0-9a-f]{128}$/

async function whatIsWrong(
  { account, delegation, isKnown, head, receipt }: SignedSegment,
  { campaignId, deployment, receiptKey, cutAt }: SignatureTask,
  crypto: Crypto,
): Promise<[FaultCode, string] | null> {
  const isPoint = UNCOMPRESSED_POINT.test(delegation.publicKey)
  if (!isKnown && !(isPoint && isDelegationSigned(delegation, deployment, crypto))) {
    return ['delegation-invalid', 'The delegation is not signed by the account']
  }
  if (!(await isHeadSigned(campaignId, head, crypto))) {
    return ['head-signature-invalid', 'The head is not signed by the session key']
  }
  if (receipt.campaignId !== campaignId || receipt.account !== account) {
    return ['receipt-invalid', 'The receipt is for other work']
  }
  if (receipt.count !== head.count || receipt.link !== head.link || receipt.issuedAt > cutAt) {
    return ['receipt-invalid', 'The receipt does not answer this head in time']
  }
  if (!isReceiptSigned(receipt, receiptKey, deployment, crypto)) {
    return ['receipt-invalid', 'The receipt is not signed by the receipt key']
  }
  if (!isKeyValidAt(delegation, campaignId, receipt.issuedAt)) {
    return ['session-key-expired', 'The session key was not valid when the receipt was issued']
  }
  return null
}
