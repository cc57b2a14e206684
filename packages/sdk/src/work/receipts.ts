import {
  type Address,
  type Crypto,
  type Deployment,
  type Head,
  type Hex,
  isReceiptSigned,
  type SignedReceipt,
  TaggerError,
} from '@tagger/protocol'

/** Throws unless this receipt is the operator's word for exactly this head, and owes what it has to. */
export function requireReceipt(
  receipt: SignedReceipt,
  expected: { campaignId: Hex; account: Address; head: Head; owedLeast: bigint },
  by: { receiptKey: Address; deployment: Deployment },
  crypto: Crypto,
): void {
  const isForHead =
    receipt.campaignId === expected.campaignId &&
    receipt.account === expected.account &&
    receipt.count === expected.head.count &&
    receipt.link === expected.head.link
  const isGood =
    isForHead &&
    receipt.owedAtLeast >= expected.owedLeast &&
    isReceiptSigned(receipt, by.receiptKey, by.deployment, crypto)
  if (!isGood) {
    throw new TaggerError('receipt-invalid', 'The node accepted the work without a valid receipt for it', {
      hints: ['The work is kept here and not counted as accepted.'],
      data: { count: expected.head.count },
    })
  }
}
