import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

export { concatBytes, utf8ToBytes }

/** An unsigned integer as eight big-endian bytes. */
export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

/** An unsigned integer as one 32-byte EVM word. */
export function word(value: bigint | number): Uint8Array {
  const bytes = new Uint8Array(32)
  let rest = BigInt(value)
  for (let i = 31; i >= 0 && rest > 0n; i--) {
    bytes[i] = Number(rest & 255n)
    rest >>= 8n
  }
  return bytes
}

/** Bytes (at most 32) left-padded to one EVM word: how `abi.encode` lays out an address. */
export function padWord(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(32)
  out.set(bytes, 32 - bytes.length)
  return out
}
