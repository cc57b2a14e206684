import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { type Hex, TaggerError, toHex } from '@tagger/protocol'
import type { Node } from '../node.ts'

const IV_BYTES = 12
const TAG_BYTES = 16

/** An item's bytes as they rest: encrypted under a key of their own, named by the hash of the cipher. */
export interface SealedItem {
  id: Hex
  /** iv ‖ cipher ‖ tag. */
  sealed: Uint8Array
  /** The data key under the node's key: without it the bytes are noise. */
  wrappedKey: Uint8Array
}

/** Encrypts an item (AES-256-GCM) under a fresh key. */
export function sealItem(node: Pick<Node, 'keys' | 'crypto'>, bytes: Uint8Array): SealedItem {
  const random = randomBytes(32 + IV_BYTES)
  const dataKey = random.subarray(0, 32)
  const iv = random.subarray(32)
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(dataKey), iv)
  const sealed = Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  return { id: toHex(node.crypto.sha256(sealed)), sealed, wrappedKey: node.keys.wrap(dataKey) }
}

/** Opens what {@link sealItem} made. Throws `internal` when bytes and key do not belong together. */
export function openItem(node: Pick<Node, 'keys'>, { id, sealed, wrappedKey }: SealedItem): Uint8Array {
  const end = sealed.length - TAG_BYTES
  const dataKey = createSecretKey(node.keys.unwrap(wrappedKey))
  const decipher = createDecipheriv('aes-256-gcm', dataKey, sealed.subarray(0, IV_BYTES))
  try {
    decipher.setAuthTag(sealed.subarray(end))
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, end)), decipher.final()])
  } catch (cause) {
    throw new TaggerError('internal', `Item ${id} does not open: its bytes were changed`, { cause })
  }
}
