import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { TaggerError } from '../errors.ts'

/** Lower-case, 0x-prefixed bytes. */
export type Hex = `0x${string}`
/** A 20-byte account, always lower case inside Tagger; checksummed only on screen. */
export type Address = Hex

export const ZERO32: Hex = `0x${'00'.repeat(32)}`

/** Bytes to lower-case hex. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`
}

/** Hex to bytes; `size` in bytes when it must be exact. Throws `bad-hex`. */
export function fromHex(hex: string, size?: number): Uint8Array {
  const well = /^0x(?:[0-9a-fA-F]{2})*$/.test(hex)
  if (!well || (size !== undefined && hex.length !== 2 + 2 * size)) {
    throw new TaggerError('bad-hex', `Expected ${size ?? 'whole'} bytes as 0x-hex, got "${hex.slice(0, 80)}"`)
  }
  return hexToBytes(hex.slice(2))
}

/** An address in the one form used inside Tagger: lower case. Throws `bad-hex`. */
export function toAddress(value: string): Address {
  return toHex(fromHex(value, 20))
}
