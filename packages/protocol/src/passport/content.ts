import { gcm } from '@noble/ciphers/aes.js'
import { concatBytes } from '../bytes/concat.ts'
import { TaggerError } from '../errors.ts'

const IV_BYTES = 12

/** Encrypts content with AES-256-GCM: iv (12 random bytes) ‖ cipher ‖ tag. */
export function encryptContent(key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array {
  return concatBytes(iv, gcm(key, iv).encrypt(bytes))
}

/** Opens what {@link encryptContent} made. Throws `not-delivered` when key and bytes do not belong together. */
export function decryptContent(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  try {
    return gcm(key, sealed.subarray(0, IV_BYTES)).decrypt(sealed.subarray(IV_BYTES))
  } catch (cause) {
    throw new TaggerError('not-delivered', 'The content does not open with the delivered key', { cause })
  }
}
