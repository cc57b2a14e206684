import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { type Address, addressOfPublicKey, fromHex, type Hex, TaggerError, toHex } from '@tagger/protocol'
import secp256k1 from 'secp256k1'
import { nativeCrypto } from './crypto.ts'

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

/** What the keys are made from, as kept in `keys.json`; all 32 bytes. */
export interface Secrets {
  operator: Hex
  receiptKey: Hex
  wrapping: Hex
  hmac: Hex
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** Fresh random secrets. */
export function randomSecrets(): Secrets {
  const secret = () => toHex(randomBytes(32))
  return { operator: privateKey(), receiptKey: privateKey(), wrapping: secret(), hmac: secret() }
}

/** Keys that hold their secrets in a closure. */
export function createKeys(secrets: Secrets): Keys {
  const operatorKey = fromHex(secrets.operator, 32)
  const receiptKey = fromHex(secrets.receiptKey, 32)
  // Key objects: from plain bytes Node takes longer to find out what they are than to encrypt.
  const wrapping = createSecretKey(fromHex(secrets.wrapping, 32))
  const hmacKey = createSecretKey(fromHex(secrets.hmac, 32))
  return {
    operator: addressOf(operatorKey),
    receiptKey: addressOf(receiptKey),
    signReceipt: (digest) => sign(digest, receiptKey),
    signAsOperator: (digest) => sign(digest, operatorKey),
    wrap(dataKey) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', wrapping, iv)
      return new Uint8Array(Buffer.concat([iv, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]))
    },
    unwrap(wrapped) {
      const end = wrapped.length - TAG_BYTES
      try {
        const decipher = createDecipheriv('aes-256-gcm', wrapping, wrapped.subarray(0, IV_BYTES))
        decipher.setAuthTag(wrapped.subarray(end))
        return new Uint8Array(
          Buffer.concat([decipher.update(wrapped.subarray(IV_BYTES, end)), decipher.final()]),
        )
      } catch (cause) {
        throw new TaggerError('internal', 'A data key does not open with this node’s key', { cause })
      }
    },
    hmac: (bytes) => createHmac('sha256', hmacKey).update(bytes).digest('hex'),
  }
}

function privateKey(): Hex {
  for (;;) {
    const bytes = randomBytes(32)
    if (secp256k1.privateKeyVerify(bytes)) return toHex(bytes)
  }
}

function addressOf(key: Uint8Array): Address {
  return addressOfPublicKey(secp256k1.publicKeyCreate(key, false), nativeCrypto)
}

function sign(digest: Uint8Array, key: Uint8Array): Hex {
  const { signature, recid } = secp256k1.ecdsaSign(digest, key)
  return toHex(new Uint8Array([...signature, 27 + recid]))
}
