import { TaggerError } from '../errors.ts'

/** Lower-case, 0x-prefixed bytes. */
export type Hex = `0x${string}`
/** A 20-byte account, always lower case inside Tagger; checksummed only on screen. */
export type Address = Hex

export const ZERO32: Hex = `0x${'00'.repeat(32)}`

/** Character codes of the sixteen digits, and the digit each character code stands for (−1 for none). */
const CODES = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const DIGITS = new Int8Array(128).fill(-1)
CODES.forEach((code, digit) => {
  DIGITS[code] = digit
  DIGITS['0123456789ABCDEF'.charCodeAt(digit)] = digit
})

/** Bytes per piece of a long string: a call takes only so many arguments. */
const PIECE = 4096

/** Bytes to lower-case hex. */
export function toHex(bytes: Uint8Array): Hex {
  if (bytes.length <= PIECE) return textOf(bytes, '0x') as Hex
  let hex = '0x'
  for (let at = 0; at < bytes.length; at += PIECE) hex += textOf(bytes.subarray(at, at + PIECE), '')
  return hex as Hex
}

/** In one call: a string put together digit by digit is a tree of its parts, which verifying cannot afford. */
function textOf(bytes: Uint8Array, prefix: '0x' | ''): string {
  const codes = new Array<number>(prefix.length + 2 * bytes.length)
  let at = 0
  for (; at < prefix.length; at++) codes[at] = prefix.charCodeAt(at)
  for (let i = 0; i < bytes.length; i++) {
    codes[at++] = CODES[bytes[i]! >> 4]!
    codes[at++] = CODES[bytes[i]! & 15]!
  }
  return String.fromCharCode.apply(null, codes)
}

/** Hex to bytes; `size` in bytes when it must be exact. Throws `bad-hex`. */
export function fromHex(hex: string, size?: number): Uint8Array {
  const length = (hex.length - 2) / 2
  const bytes = Number.isInteger(length) && length >= 0 ? new Uint8Array(length) : null
  if (bytes === null || (size !== undefined && length !== size) || !readHex(hex, bytes)) {
    throw new TaggerError('bad-hex', `Expected ${size ?? 'whole'} bytes as 0x-hex, got "${hex.slice(0, 80)}"`)
  }
  return bytes
}

/** Reads as many bytes as `into` has room for from the hex of exactly as many; false for anything else. */
function readHex(hex: string, into: Uint8Array): boolean {
  if (hex.charCodeAt(0) !== 0x30 || hex.charCodeAt(1) !== 0x78) return false
  let sign = 0
  for (let i = 0; i < into.length; i++) {
    const high = digitAt(hex, 2 * i + 2)
    const low = digitAt(hex, 2 * i + 3)
    sign |= high | low
    into[i] = (high << 4) | low
  }
  return sign >= 0
}

function digitAt(hex: string, at: number): number {
  const code = hex.charCodeAt(at)
  return code < 128 ? DIGITS[code]! : -1
}

/** Whether lower-case hex says exactly these bytes (`size` of them from `at`), without making a string of them. */
export function isHexOf(hex: Hex, bytes: Uint8Array, at = 0, size = bytes.length): boolean {
  if (hex.length !== 2 + 2 * size) return false
  for (let i = 0; i < size; i++) {
    const byte = bytes[at + i]!
    if (hex.charCodeAt(2 * i + 2) !== CODES[byte >> 4]) return false
    if (hex.charCodeAt(2 * i + 3) !== CODES[byte & 15]) return false
  }
  return true
}

/** An address in the one form used inside Tagger: lower case. Throws `bad-hex`. */
export function toAddress(value: string): Address {
  return toHex(fromHex(value, 20))
}
