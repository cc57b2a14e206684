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
import type { Store } from '../store.ts'

/** Throws unless this receipt is the operator's word for exactly this head. */
export function requireReceipt(
  receipt: SignedReceipt,
  expected: { campaignId: Hex; account: Address; head: Head; owedBefore: bigint },
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
    receipt.owedAtLeast >= expected.owedBefore &&
    isReceiptSigned(receipt, by.receiptKey, by.deployment, crypto)
  if (!isGood) {
    throw new TaggerError('receipt-invalid', 'The node accepted the work without a valid receipt for it', {
      hints: ['The work is kept here and not counted as accepted.'],
      data: { count: expected.head.count },
    })
  }
}

/** Keeps the newest receipt of a chain: what the worker holds against the operator. */
export async function keepReceipt(store: Store, receipt: SignedReceipt): Promise<void> {
  await store.set(
    receiptKeyOf(receipt),
    JSON.stringify({ ...receipt, owedAtLeast: receipt.owedAtLeast.toString() }),
  )
}

/** The newest receipt kept here, null when there is none. */
export async function readReceipt(
  store: Store,
  chain: { campaignId: Hex; account: Address },
): Promise<SignedReceipt | null> {
  const text = await store.get(receiptKeyOf(chain))
  if (text === null) return null
  const receipt = JSON.parse(text)
  return { ...receipt, owedAtLeast: BigInt(receipt.owedAtLeast) }
}

function receiptKeyOf({ campaignId, account }: { campaignId: Hex; account: Address }): string {
  return `receipt:${campaignId}:${account}`
}
