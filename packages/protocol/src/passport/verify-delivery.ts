import type { Crypto } from '../bytes/crypto.ts'
import { type Hex, toHex } from '../bytes/hex.ts'
import { decryptContent } from './content.ts'
import { openSealedKey } from './seal.ts'

/** What a passport's version says of what a buyer gets. */
export interface DeliverableVersion {
  contentRoot: Hex
  cipherRoot: Hex
  keyHash: Hex
}

/** Whether what was delivered is what the passport names; else what is wrong first. */
export type DeliveryVerdict =
  | { ok: true; content: Uint8Array }
  /**
   * `key`: not the key of this dataset, which the contract can see too. `cipher`: other bytes than those encrypted.
   * `content`: the right bytes under the right key hold other content than promised.
   */
  | { ok: false; fault: 'key' | 'cipher' | 'content' }

/**
 * Checks a delivery with the buyer's one-time secret: the sealed key, the encrypted bytes and what they hold. Buyers run
 * it on their own; once a secret is published, so can everyone.
 */
export function verifyDelivery(
  delivery: { secret: Uint8Array; sealed: Uint8Array; cipher: Uint8Array; version: DeliverableVersion },
  crypto: Pick<Crypto, 'sha256'>,
): DeliveryVerdict {
  const { secret, sealed, cipher, version } = delivery
  const key = attempt(() => openSealedKey({ secret, sealed, keyHash: version.keyHash }))
  if (key === null) return { ok: false, fault: 'key' }
  if (toHex(crypto.sha256(cipher)) !== version.cipherRoot) return { ok: false, fault: 'cipher' }
  const content = attempt(() => decryptContent(key, cipher))
  if (content === null || toHex(crypto.sha256(content)) !== version.contentRoot) {
    return { ok: false, fault: 'content' }
  }
  return { ok: true, content }
}

function attempt(open: () => Uint8Array): Uint8Array | null {
  try {
    return open()
  } catch {
    return null
  }
}
