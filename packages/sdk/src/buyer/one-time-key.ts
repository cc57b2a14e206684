import { type Hex, toHex } from '@tagger/protocol'

/** A P-256 pair used for one purchase: the dataset's key is sealed to its public half. */
export interface OneTimeKey {
  /** 32 bytes. Whoever holds it can open the dataset's key; without it the purchase is worthless. */
  secret: Hex
  /** 65-byte uncompressed point. */
  publicKey: Hex
}

/** A fresh pair. */
export async function createOneTimeKey(): Promise<OneTimeKey> {
  const { subtle } = globalThis.crypto
  const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  const [raw, jwk] = await Promise.all([
    subtle.exportKey('raw', pair.publicKey),
    subtle.exportKey('jwk', pair.privateKey),
  ])
  return { secret: toHex(fromBase64Url(jwk.d ?? '')), publicKey: toHex(new Uint8Array(raw)) }
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}
