import { z } from 'zod'
import type { Address, Hex } from '../bytes/hex.ts'

/** Whether this is what {@link Hash} takes: digit by digit, for lists of a million of them. */
export function isHash(value: unknown): value is Hex {
  if (typeof value !== 'string' || value.length !== 66 || !value.startsWith('0x')) return false
  for (let i = 2; i < 66; i++) {
    const code = value.charCodeAt(i)
    const isDigit = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66)
    if (!isDigit) return false
  }
  return true
}

/** Whether this is what {@link Amount} takes. */
export function isAmount(value: unknown): value is string {
  if (typeof value !== 'string' || value.length < 1 || value.length > 78) return false
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}

const HEX = /^0x(?:[0-9a-f]{2})*$/

/** Lower-cased on the way in: wallets send checksummed addresses. */
export const AddressText = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'expected an address')
  .transform((text) => text.toLowerCase() as Address)
const HASH = /^0x[0-9a-f]{64}$/
export const Hash = z
  .string()
  .regex(HASH, 'expected 32 bytes as 0x-hex')
  .transform((text) => text as Hex)
export const HexText = z
  .string()
  .regex(HEX, 'expected 0x-hex')
  .transform((text) => text as Hex)
/** Smallest unit of a token, as a decimal string. */
export const Amount = z
  .string()
  .regex(/^\d{1,78}$/, 'expected a whole number as a string')
  .transform((text) => BigInt(text))
/** ISO 8601, UTC. */
export const Time = z.iso.datetime()
/** Seconds since epoch: what is signed or on chain. */
export const Seconds = z.int().min(0)
export const Millionths = z.int().min(0).max(1_000_000)
export const Uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'expected an id')

/** A page of a list; pass `nextCursor` back as `cursor` for the next one. */
export function Page<T extends z.ZodType>(entry: T) {
  return z.object({ data: z.array(entry), nextCursor: z.string().nullable() })
}
export const PageQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
