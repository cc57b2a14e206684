import { formatLocale } from './locale.ts'

/** A token as people read it. */
export interface Token {
  address: string
  symbol: string
  decimals: number
}

const DOLLARS = new Set(['tUSD', 'TestUSD', 'TUSD', 'USDC', 'USDT', 'DAI', 'FDUSD'])

/** Whole units of a token amount as a plain decimal string, nothing rounded. */
export function toDecimal(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** Smallest units from what a person typed, or null when it is not an amount of this token. */
export function fromDecimal(text: string, decimals: number): bigint | null {
  const match = /^(\d{1,30})(?:\.(\d*))?$/.exec(text.trim())
  if (!match) return null
  const fraction = match[2] ?? ''
  if (fraction.length > decimals) return null
  return BigInt(match[1]! + fraction.padEnd(decimals, '0'))
}

/** An amount for reading: cents for money, more digits only while the amount is below ten cents. */
export function formatAmount(amount: bigint, token: Token, locale = formatLocale): string {
  return formatFixed(amount, token, digitsOf(amount, token), locale)
}

/** Digits after the point that an amount needs, 2 to 4. */
function digitsOf(amount: bigint, token: Token): number {
  const value = Math.abs(Number(toDecimal(amount, token.decimals)))
  if (value >= 0.1) return 2
  return Math.max(2, value.toFixed(4).replace(/0+$/, '').length - 2)
}

function formatFixed(amount: bigint, token: Token, digits: number, locale?: string): string {
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(Number(toDecimal(amount, token.decimals)))
  return DOLLARS.has(token.symbol) ? `$${number}` : `${number} ${token.symbol}`
}

/** Amounts of one table or range, all with as many digits as the one that needs most. */
export function formatAmounts(amounts: readonly bigint[], token: Token, locale = formatLocale): string[] {
  const digits = Math.max(2, ...amounts.map((amount) => digitsOf(amount, token)))
  return amounts.map((amount) => formatFixed(amount, token, digits, locale))
}

/** An amount with every digit it has. */
export function formatExact(amount: bigint, token: Token, locale = formatLocale): string {
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: Math.min(2, token.decimals),
    maximumFractionDigits: token.decimals,
  }).format(toDecimal(amount, token.decimals) as `${number}`)
  return `${number} ${token.symbol}`
}

/** Pay per hour at this pace, in smallest units; null when the pace is not known yet. */
export function payPerHour(pay: bigint, secondsPerRecord: number | null): bigint | null {
  if (secondsPerRecord === null || secondsPerRecord <= 0) return null
  return (pay * 3_600_000n) / BigInt(Math.max(1, Math.round(secondsPerRecord * 1000)))
}

/** A count with the locale's grouping. */
export function formatCount(value: number, locale = formatLocale): string {
  return new Intl.NumberFormat(locale).format(value)
}

/** Millionths as a percentage, one digit when it matters. */
export function formatShare(millionths: number, locale = formatLocale): string {
  const value = millionths / 1_000_000
  const digits = value > 0.99 && value < 1 ? 1 : 0
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(value)
}

/** The same, a dash while nothing is known. */
export function formatShareOrNone(millionths: number | null, locale = formatLocale): string {
  return millionths === null ? '–' : formatShare(millionths, locale)
}

/** Basis points as a percentage. */
export function formatBps(bps: number, locale = formatLocale): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(bps / 10_000)
}

/** Bytes with a unit. */
export function formatBytes(bytes: number, locale = formatLocale): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  let value = bytes
  let index = 0
  while (value >= 1000 && index < units.length - 1) {
    value /= 1000
    index += 1
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[index]!,
    unitDisplay: 'short',
    maximumFractionDigits: index === 0 || value >= 100 ? 0 : 1,
  }).format(value)
}

const STEPS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** How long ago or how long until, in the largest fitting unit. */
export function formatRelative(time: number, now: number, locale = formatLocale): string {
  const seconds = Math.round((time - now) / 1000)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  }
  return format.format(seconds, 'second')
}

/** A length of time: seconds, minutes, hours or days. */
export function formatDuration(seconds: number, locale = formatLocale): string {
  const [unit, size] = STEPS.slice(2).find(([, size]) => seconds >= size) ?? (['second', 1] as const)
  const value = seconds / size
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: unit === 'second' || value >= 10 ? 0 : 1,
  }).format(value)
}

/** How much time is left, for a clock that runs: the two largest units, to the second below an hour. */
export function formatCountdown(seconds: number, locale = formatLocale): string {
  const all = [...STEPS.slice(2), ['second', 1] as const]
  const whole = Math.max(0, Math.floor(seconds))
  const first = all.findIndex(([unit, size]) => whole >= size || unit === 'second')
  return all
    .slice(first, first + 2)
    .map(([unit, size], index) => {
      const value = Math.floor((index === 0 ? whole : whole % all[first]![1]) / size)
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
    })
    .join(' ')
}

/** Date and time of day. */
export function formatTime(time: number, locale = formatLocale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(time)
}

/** The time of day. */
export function formatClock(time: number, locale = formatLocale): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(time)
}

/** A weekday name within a week, a date beyond it. */
export function formatDay(time: number, now: number, locale = formatLocale): string {
  const isNear = Math.abs(time - now) < 6.5 * 86_400_000
  return new Intl.DateTimeFormat(locale, isNear ? { weekday: 'long' } : { dateStyle: 'long' }).format(time)
}

/** Start and end of a hash or an address. */
export function shorten(hex: string, start = 6, end = 4): string {
  return hex.length <= start + end + 1 ? hex : `${hex.slice(0, start)}…${hex.slice(-end)}`
}
