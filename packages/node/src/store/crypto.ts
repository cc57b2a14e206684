import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { addressOfPublicKey, type Crypto, pureCrypto, recoveryBit } from '@tagger/protocol'
import secp256k1 from 'secp256k1'

/** DER in front of a 65-byte uncompressed P-256 point: SubjectPublicKeyInfo of an EC key. */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')
const CACHED_KEYS = 10_000

/** Native implementations of the protocol's primitives; a test proves them equal to the reference. */
export const nativeCrypto: Crypto = {
  sha256: (bytes) => fromLatin1(hash('sha256', bytes, 'binary')),
  keccak256: pureCrypto.keccak256,
  verifyP256(publicKey, message, signature) {
    const key = keyOf(publicKey)
    if (key === null || signature.length !== 64) return false
    return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)
  },
  recoverAddress(digest, signature) {
    const recovery = recoveryBit(signature)
    if (recovery === null || digest.length !== 32) return null
    try {
      const publicKey = secp256k1.ecdsaRecover(signature.subarray(0, 64), recovery, digest, false)
      return addressOfPublicKey(publicKey, nativeCrypto)
    } catch {
      return null
    }
  },
}

/** By way of a string: making a buffer takes Node longer than hashing. */
function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

const keys = new Map<string, KeyObject | null>()

/** Parsing a key costs as much as a verification, and a worker signs with the same one all day. */
function keyOf(publicKey: Uint8Array): KeyObject | null {
  const name = Buffer.from(publicKey).toString('latin1')
  const known = keys.get(name)
  if (known !== undefined) return known
  const key = parseKey(publicKey)
  if (keys.size >= CACHED_KEYS) keys.delete(keys.keys().next().value!)
  keys.set(name, key)
  return key
}

function parseKey(publicKey: Uint8Array): KeyObject | null {
  if (publicKey.length !== 65 || publicKey[0] !== 4) return null
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}
