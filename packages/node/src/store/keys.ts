import type { Address, Hex } from '@tagger/protocol'

/** The node's secrets. They leave this room only as signatures and wrapped keys. */
export interface Keys {
  operator: Address
  receiptKey: Address
  /** 65-byte r‖s‖v by the receipt key; native, thousands a second. */
  signReceipt(digest: Uint8Array): Hex
  /** 65-byte signature of an EIP-712 digest by the operator. */
  signAsOperator(digest: Uint8Array): Hex
  /** Encrypts a 32-byte data key under the node's key (AES-256-GCM, iv ‖ cipher ‖ tag). */
  wrap(dataKey: Uint8Array): Uint8Array
  unwrap(wrapped: Uint8Array): Uint8Array
  /** HMAC-SHA-256 under the node's key, hex: duplicate search without keeping plain hashes. */
  hmac(bytes: Uint8Array): string
}
