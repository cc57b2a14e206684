import { gcm } from '@noble/ciphers/aes.js'
import { p256 } from '@noble/curves/nist.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '../bytes/concat.ts'
import { TaggerError } from '../errors.ts'

const INFO = utf8ToBytes('tagger/seal/1')
const PUBLIC_KEY_BYTES = 65
// The AES key is used once, so a fixed nonce never repeats under it.
const NONCE = new Uint8Array(12)

/**
 * Seals a content key to a buyer's one-time P-256 key: ephemeral public key (65 bytes) ‖ AES-256-GCM of the key
 * under HKDF-SHA-256 of the shared point. `ephemeralSecret` must be fresh random bytes.
 */
export function sealKey(input: {
  publicKey: Uint8Array
  contentKey: Uint8Array
  ephemeralSecret: Uint8Array
}): Uint8Array {
  const ephemeral = p256.getPublicKey(input.ephemeralSecret, false)
  const wrapping = wrappingKey(input.ephemeralSecret, input.publicKey, ephemeral, input.publicKey)
  return concatBytes(ephemeral, gcm(wrapping, NONCE).encrypt(input.contentKey))
}

/** Opens a sealed content key with the buyer's one-time secret. Throws `not-delivered` when it was sealed to another key. */
export function openSealedKey(input: { secret: Uint8Array; sealed: Uint8Array }): Uint8Array {
  const ephemeral = input.sealed.subarray(0, PUBLIC_KEY_BYTES)
  try {
    const own = p256.getPublicKey(input.secret, false)
    const wrapping = wrappingKey(input.secret, ephemeral, ephemeral, own)
    return gcm(wrapping, NONCE).decrypt(input.sealed.subarray(PUBLIC_KEY_BYTES))
  } catch (cause) {
    throw new TaggerError('not-delivered', 'The delivered key does not open with this one-time key', {
      cause,
      hints: ['The license was sealed to another key, or what was delivered is not a key.'],
    })
  }
}

function wrappingKey(
  secret: Uint8Array,
  other: Uint8Array,
  ephemeral: Uint8Array,
  recipient: Uint8Array,
): Uint8Array {
  const shared = p256.getSharedSecret(secret, other, false).subarray(1, 33)
  return hkdf(sha256, shared, concatBytes(ephemeral, recipient), INFO, 32)
}
