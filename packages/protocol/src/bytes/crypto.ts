import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Address, toHex } from './hex.ts'
import { keccak256 } from './keccak.ts'

/**
 * The four primitives everything rests on. They come in as an argument so that a server can pass native ones
 * and a browser WebCrypto; {@link pureCrypto} is the reference, and a test proves the others equal to it.
 */
export interface Crypto {
  sha256(bytes: Uint8Array): Uint8Array
  keccak256(bytes: Uint8Array): Uint8Array
  /** ES256 over the message's SHA-256: 65-byte uncompressed key, 64-byte r‖s. High-s is *not* refused here. */
  verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>
  /** Signer of a 32-byte digest from a 65-byte r‖s‖v signature, or null when there is none. */
  recoverAddress(digest: Uint8Array, signature: Uint8Array): Address | null
}

/** Reference implementation in plain JavaScript; runs anywhere. */
export const pureCrypto: Crypto = {
  sha256: (bytes) => sha256(bytes),
  keccak256,
  verifyP256(publicKey, message, signature) {
    try {
      return p256.verify(signature, message, publicKey, { lowS: false })
    } catch {
      return false
    }
  },
  recoverAddress(digest, signature) {
    try {
      const recovery = recoveryBit(signature)
      if (recovery === null) return null
      const recoverable = new Uint8Array([recovery, ...signature.subarray(0, 64)])
      const compressed = secp256k1.recoverPublicKey(recoverable, digest, { prehash: false })
      return addressOfPublicKey(secp256k1.Point.fromBytes(compressed).toBytes(false), pureCrypto)
    } catch {
      return null
    }
  },
}

/** 0 or 1 from the last byte of an Ethereum signature (27/28 or 0/1), null for anything else. */
export function recoveryBit(signature: Uint8Array): 0 | 1 | null {
  if (signature.length !== 65) return null
  const v = signature[64]
  if (v === 0 || v === 27) return 0
  if (v === 1 || v === 28) return 1
  return null
}

/** Ethereum address of a 65-byte uncompressed secp256k1 key. */
export function addressOfPublicKey(publicKey: Uint8Array, crypto: Pick<Crypto, 'keccak256'>): Address {
  return toHex(crypto.keccak256(publicKey.subarray(1)).subarray(12))
}
