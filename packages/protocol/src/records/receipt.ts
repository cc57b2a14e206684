import { padWord, word } from '../bytes/concat.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Address, fromHex, type Hex } from '../bytes/hex.ts'
import type { Deployment } from '../spec/terms.ts'
import { typedDigest } from './eip712.ts'

/** The operator's word that it holds a chain up to a head, with the least pay owed for it. */
export interface WorkReceipt {
  campaignId: Hex
  account: Address
  link: Hex
  count: number
  /** Cumulative, in the token's smallest unit; never falls. */
  owedAtLeast: bigint
  /** Seconds since epoch, the operator's clock. */
  issuedAt: number
}

/** A receipt with the receipt key's signature. */
export interface SignedReceipt extends WorkReceipt {
  signature: Hex
}

const ENCODE_TYPE =
  'WorkReceipt(bytes32 campaignId,address account,bytes32 link,uint64 count,uint256 owedAtLeast,uint64 issuedAt)'

/** EIP-712 digest the receipt key signs. */
export function receiptDigest(
  receipt: WorkReceipt,
  deployment: Deployment,
  crypto: Crypto = pureCrypto,
): Uint8Array {
  return typedDigest(
    deployment,
    ENCODE_TYPE,
    [
      fromHex(receipt.campaignId, 32),
      padWord(fromHex(receipt.account, 20)),
      fromHex(receipt.link, 32),
      word(receipt.count),
      word(receipt.owedAtLeast),
      word(receipt.issuedAt),
    ],
    crypto,
  )
}

/** Whether `receiptKey` signed this receipt. */
export function isReceiptSigned(
  receipt: SignedReceipt,
  receiptKey: Address,
  deployment: Deployment,
  crypto: Crypto = pureCrypto,
): boolean {
  return (
    crypto.recoverAddress(receiptDigest(receipt, deployment, crypto), fromHex(receipt.signature)) ===
    receiptKey
  )
}
