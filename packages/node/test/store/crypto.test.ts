import { p256 } from '@noble/curves/nist.js'
import { fromHex, pureCrypto } from '@tagger/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nativeCrypto } from '../../src/store/crypto.ts'
import { createKeys, randomSecrets } from '../../src/store/keys.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const word = (n: bigint) => fromHex(`0x${n.toString(16).padStart(64, '0')}`)
/** Numbers at the edges of a group of this order. */
const edge = (order: bigint) =>
  fc.oneof(fc.constantFrom(0n, 1n, order - 1n, order, order + 1n, 2n ** 256n - 1n).map(word), bytes(32))

function samples() {
  const secret = p256.utils.randomSecretKey()
  const message = new Uint8Array([1, 2, 3])
  return {
    secret,
    message,
    publicKey: p256.getPublicKey(secret, false),
    signature: p256.sign(message, secret),
  }
}

test('hashes like the reference', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
      expect(new Uint8Array(nativeCrypto.sha256(input))).toEqual(pureCrypto.sha256(input))
      expect(nativeCrypto.keccak256(input)).toEqual(pureCrypto.keccak256(input))
    }),
  )
})

test('accepts good P-256 signatures, also high-s ones, and nothing else', () => {
  const { message, publicKey, signature } = samples()
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
  const mirrored = new Uint8Array([...signature.subarray(0, 32), ...word(P256_ORDER - s)])
  for (const crypto of [nativeCrypto, pureCrypto]) {
    expect(crypto.verifyP256(publicKey, message, signature)).toBe(true)
    expect(crypto.verifyP256(publicKey, message, mirrored)).toBe(true)
    expect(crypto.verifyP256(publicKey, new Uint8Array([9]), signature)).toBe(false)
  }
})

test('judges hostile P-256 keys and signatures like the reference', () => {
  const { message, publicKey, signature } = samples()
  const same = (key: Uint8Array, text: Uint8Array, signed: Uint8Array) =>
    expect(nativeCrypto.verifyP256(key, text, signed)).toBe(pureCrypto.verifyP256(key, text, signed))
  const flipped = (target: Uint8Array, at: number) => target.map((byte, i) => (i === at ? byte ^ 1 : byte))
  fc.assert(
    fc.property(edge(P256_ORDER), edge(P256_ORDER), fc.nat(63), fc.nat(64), (r, s, inSignature, inKey) => {
      same(publicKey, message, new Uint8Array([...r, ...s]))
      same(publicKey, message, flipped(signature, inSignature))
      same(flipped(publicKey, inKey), message, signature)
      same(new Uint8Array([4, ...r, ...s]), message, signature)
    }),
    { numRuns: 60 },
  )
  for (const length of [0, 1, 63, 65, 128]) same(publicKey, message, new Uint8Array(length))
  for (const length of [0, 1, 33, 64, 66]) same(new Uint8Array(length).fill(4), message, signature)
  for (const prefix of [0, 5, 6, 7])
    same(new Uint8Array([prefix, ...publicKey.subarray(1)]), message, signature)
})

test('recovers signers like the reference, from hostile signatures too', () => {
  const keys = createKeys(randomSecrets())
  fc.assert(
    fc.property(bytes(32), fc.nat(64), edge(K1_ORDER), edge(K1_ORDER), fc.nat(255), (digest, at, r, s, v) => {
      const signature = fromHex(keys.signReceipt(digest))
      expect(nativeCrypto.recoverAddress(digest, signature)).toBe(keys.receiptKey)
      const broken = [
        signature.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        new Uint8Array([...r, ...s, v]),
        new Uint8Array([...signature.subarray(0, 32), ...s, 27]),
        new Uint8Array([...r, ...signature.subarray(32)]),
        signature.subarray(0, 64),
      ]
      for (const hostile of broken) {
        expect(nativeCrypto.recoverAddress(digest, hostile)).toBe(pureCrypto.recoverAddress(digest, hostile))
      }
    }),
    { numRuns: 60 },
  )
})

test('wraps data keys so that only this node opens them', () => {
  const keys = createKeys(randomSecrets())
  const dataKey = new Uint8Array(32).fill(5)
  const wrapped = keys.wrap(dataKey)
  expect(keys.unwrap(wrapped)).toEqual(dataKey)
  expect(keys.wrap(dataKey)).not.toEqual(wrapped)
  expect(() => createKeys(randomSecrets()).unwrap(wrapped)).toThrow('does not open')
  expect(() => keys.unwrap(wrapped.map((byte, i) => (i === 20 ? byte ^ 1 : byte)))).toThrow('does not open')
  expect(() => keys.unwrap(new Uint8Array(3))).toThrow('does not open')
})
