import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '../bytes/concat.ts'
import { type Hex, toHex } from '../bytes/hex.ts'
import { TaggerError } from '../errors.ts'

const INFO = utf8ToBytes('tagger/seal/2')
const PUBLIC_KEY_BYTES = 65
const KEY_BYTES = 32
/** ANSI X9.63 derives 32 bytes in one round, counted from one. */
const ROUND = Uint8Array.of(0, 0, 0, 1)

/**
 * Seals a content key (32 bytes) to a buyer's one-time P-256 key: ephemeral public key (65 bytes) ‖ key xor mask, where
 * the mask is ANSI X9.63's key derivation by SHA-256 from the shared x coordinate. There is no tag: what is opened is
 * right if it has the hash the passport names, and the contract opens it alike when a delivery is disputed.
 * `ephemeralSecret` must be fresh random bytes.
 */
export function sealKey(input: {
  publicKey: Uint8Array
  contentKey: Uint8Array
  ephemeralSecret: Uint8Array
}): Uint8Array {
  const { publicKey, contentKey, ephemeralSecret } = input
  const ephemeral = p256.getPublicKey(ephemeralSecret, false)
  return concatBytes(ephemeral, flip(contentKey, maskOf(ephemeralSecret, publicKey, ephemeral, publicKey)))
}

/**
 * Opens a sealed content key with the buyer's one-time secret. Throws `not-delivered` when what comes out is not the
 * key with SHA-256 `keyHash`: it was sealed to another key, or another key was sealed.
 */
export function openSealedKey(input: { secret: Uint8Array; sealed: Uint8Array; keyHash: Hex }): Uint8Array {
  const { secret, sealed, keyHash } = input
  const key = opened(secret, sealed)
  if (key !== null && toHex(sha256(key)) === keyHash) return key
  throw new TaggerError('not-delivered', 'The delivered key is not the one the passport names', {
    hints: [
      'It was sealed to another one-time key, or what was sealed is not the key of this dataset.',
      'While there is time to look, the one-time key shows that to the contract, and the price comes back.',
    ],
    data: { expected: keyHash },
  })
}

/** Null for bytes that are no sealed key. */
function opened(secret: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length !== PUBLIC_KEY_BYTES + KEY_BYTES) return null
  const ephemeral = sealed.subarray(0, PUBLIC_KEY_BYTES)
  try {
    const mask = maskOf(secret, ephemeral, ephemeral, p256.getPublicKey(secret, false))
    return flip(sealed.subarray(PUBLIC_KEY_BYTES), mask)
  } catch {
    return null
  }
}

function maskOf(secret: Uint8Array, other: Uint8Array, ephemeral: Uint8Array, buyer: Uint8Array): Uint8Array {
  const shared = p256.getSharedSecret(secret, other, false).subarray(1, 33)
  return sha256(concatBytes(shared, ROUND, INFO, ephemeral, buyer.subarray(1, 33)))
}

function flip(bytes: Uint8Array, mask: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => byte ^ mask[i]!)
}
