import { CID } from 'multiformats/cid'
import { cidDigest, decodeCanonical } from '../bytes/canonical.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Hex, toHex } from '../bytes/hex.ts'
import { readCar } from './car.ts'

/**
 * What keeps a file from being the bundle anchored under `digest`, whole and unchanged; null when nothing does. Of the
 * bundle itself this says nothing: what is wrong with the very bytes that were anchored is for `verify` to name.
 * Erased payloads are not missed: nothing but the batch tells which there were.
 */
export function whatIsNotWhole(car: Uint8Array, digest: Hex, crypto: Crypto = pureCrypto): string | null {
  let read: ReturnType<typeof readCar>
  try {
    read = readCar(car)
  } catch {
    return 'It is not a CAR file'
  }
  const { root, blocks } = read
  if (root === null || toHex(crypto.sha256(root)) !== digest) return 'It is not what was anchored'
  for (const [name, bytes] of blocks) {
    if (toHex(crypto.sha256(bytes)) !== name) return `The block ${name} does not hash to its name`
  }
  for (const [name, part] of partsOf(root)) {
    const cid = CID.asCID(part)
    const named = cid && cidDigest(cid)
    if (named !== null && !blocks.has(named)) return `The block "${name}" is missing`
  }
  return null
}

/** None where the root is not as it should be, which `verify` says. */
function partsOf(root: Uint8Array): [string, unknown][] {
  try {
    const { parts } = decodeCanonical(root) as { parts?: Record<string, unknown> }
    return Object.entries(parts ?? {})
  } catch {
    return []
  }
}
