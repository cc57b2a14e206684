import { type Hex, normalizeLowS, TaggerError, toHex } from '@tagger/protocol'

/** A P-256 key that signs heads for its account. */
export interface SessionSigner {
  /** 65-byte uncompressed point. */
  publicKey: Hex
  /** ES256 over the message: 64 bytes r‖s, low-s. */
  sign(message: Uint8Array): Promise<Uint8Array>
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** A signer on a WebCrypto key pair, which may be non-extractable. */
export async function webCryptoSigner(pair: CryptoKeyPair): Promise<SessionSigner> {
  const { subtle } = globalThis.crypto
  const publicKey = toHex(new Uint8Array(await subtle.exportKey('raw', pair.publicKey)))
  return {
    publicKey,
    async sign(message) {
      const signature = await subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        pair.privateKey,
        message as BufferSource,
      )
      return normalizeLowS(new Uint8Array(signature))
    },
  }
}

/** A fresh key pair; its secret half never leaves the browser unless `isExtractable`. */
export async function generateSessionKeyPair(isExtractable = false): Promise<CryptoKeyPair> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new TaggerError('unavailable', 'This browser offers no cryptography here', {
      hints: ['Open the app over https or on 127.0.0.1.'],
    })
  }
  return await globalThis.crypto.subtle.generateKey(P256, isExtractable, ['sign', 'verify'])
}

/** A key pair from its JWK (an agent's key file). */
export async function importSessionKeyPair(jwk: JsonWebKey): Promise<CryptoKeyPair> {
  const { subtle } = globalThis.crypto
  const { d: _, ...publicJwk } = jwk
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey('jwk', { ...jwk, key_ops: ['sign'] }, P256, false, ['sign']),
    subtle.importKey('jwk', { ...publicJwk, key_ops: ['verify'] }, P256, true, ['verify']),
  ])
  return { privateKey, publicKey }
}
