import type { Address } from '@tagger/protocol'

// Each parses what one environment variable says and throws a plain sentence about what is wrong with it.

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    throw new Error(`"${value}" is not a whole number from ${least} to ${most}`)
  }
}

/** A port; 0 is any. */
export function port(value: string): number {
  return whole(0, 65_535)(value)
}

/** true or false. */
export function flag(value: string): boolean {
  return oneOf(['true', 'false'])(value) === 'true'
}

/** One of these words. */
export function oneOf(names: readonly string[]): (value: string) => string {
  return (value) => {
    if (names.includes(value)) return value
    throw new Error(`"${value}" is none of ${names.join(', ')}`)
  }
}

/** An amount of whole tokens, kept as text: it has more digits than a double. */
export function decimal(value: string): string {
  if (/^\d{1,20}(?:\.\d{1,18})?$/.test(value)) return value
  throw new Error(`"${value}" is not a decimal number as 0.01`)
}

/** Addresses by commas. */
export function addresses(value: string): Address[] {
  return value.split(',').map((part) => {
    const address = part.trim().toLowerCase()
    if (/^0x[0-9a-f]{40}$/.test(address)) return address as Address
    throw new Error(`"${part.trim()}" is not an address`)
  })
}

/** An HTTP address without its last slash. */
export function url(value: string): string {
  if (URL.canParse(value) && /^https?:/.test(value)) return value.replace(/\/$/, '')
  throw new Error('expected a URL that begins with http:// or https://')
}

/** A database address as it should look. */
export const DATABASE_EXAMPLE = 'postgresql://tagger:secret@127.0.0.1:5432/tagger'

/** The address of a PostgreSQL server. What is wrong is told without repeating the value: it holds a password. */
export function postgresUrl(value: string): string {
  if (!/^postgres(?:ql)?:\/\//.test(value)) throw new Error(`expected a URL as ${DATABASE_EXAMPLE}`)
  if (URL.canParse(value)) return value
  throw new Error(
    `expected a URL as ${DATABASE_EXAMPLE}; in a password write %23 for #, %2F for /, %3F for ? and %40 for @`,
  )
}
