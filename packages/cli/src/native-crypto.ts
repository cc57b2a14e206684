import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { type Crypto, pureCrypto } from '@tagger/protocol'

/** DER in front of a 65-byte uncompressed P-256 point: SubjectPublicKeyInfo of an EC key. */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')

/** The protocol's primitives with Node's own hashing and P-256, where all the time goes. */
export const nativeCrypto: Crypto = {
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  keccak256: pureCrypto.keccak256,
  verifyP256(publicKey, message, signature) {
    const key = readKey(publicKey)
    if (key === null || signature.length !== 64) return false
    return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)
  },
  recoverAddress: pureCrypto.recoverAddress,
}

function readKey(point: Uint8Array): KeyObject | null {
  if (point.length !== 65) return null
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, point]), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}
