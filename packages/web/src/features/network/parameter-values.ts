import { formatBps, fromDecimal, toDecimal } from '../../lib/format.ts'
import { formatLocale } from '../../lib/locale.ts'
import { t } from '../../lib/messages.ts'
import { formatTag, TAG } from './amounts.ts'
import type { Parameter } from './queries.ts'

type Unit = Parameter['unit']

/** A parameter in plain words; its own name when it is newer than this app. */
export function nameOf(name: string): string {
  return t.network.parameters.names[name] ?? name
}

/** A parameter's value in words; an address stays what it is. */
export function formatValue(value: string | bigint, unit: Unit, locale = formatLocale): string {
  switch (unit) {
    case 'tag':
      return formatTag(BigInt(value), locale)
    case 'seconds':
      return formatSeconds(Number(value), locale)
    case 'bps':
      return formatBps(Number(value), locale)
    default:
      return String(value)
  }
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** In the largest unit it is whole in. */
function formatSeconds(seconds: number, locale: string): string {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size && seconds % size === 0) ?? UNITS[3]
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size)
}

/** A value as the form shows it: whole TAG, seconds, percent, or an address. */
export function toText(value: string, unit: Unit): string {
  if (unit === 'tag') return toDecimal(BigInt(value), TAG.decimals)
  return unit === 'bps' ? toDecimal(BigInt(value), 2) : value
}

/** What stands in the way of proposing a value; null when nothing does. */
export type ValueFault = 'empty' | 'no-value' | 'too-small' | 'too-big' | 'same' | null

/** The new value of a parameter as typed, checked against its bounds before anybody signs. An address is a number. */
export function readValue(
  text: string,
  parameter: Pick<Parameter, 'value' | 'least' | 'most' | 'unit'>,
): { value: bigint; fault: ValueFault } {
  const { least, most, unit } = parameter
  const trimmed = text.trim()
  if (trimmed === '') return { value: 0n, fault: 'empty' }
  const value = parse(trimmed, unit)
  if (value === null) return { value: 0n, fault: 'no-value' }
  if (least !== null && value < least) return { value, fault: 'too-small' }
  if (most !== null && value > most) return { value, fault: 'too-big' }
  return { value, fault: value === BigInt(parameter.value) ? 'same' : null }
}

function parse(text: string, unit: Unit): bigint | null {
  if (unit === 'account') return /^0x[0-9a-fA-F]{40}$/.test(text) ? BigInt(text) : null
  return fromDecimal(text, unit === 'tag' ? TAG.decimals : unit === 'bps' ? 2 : 0)
}
