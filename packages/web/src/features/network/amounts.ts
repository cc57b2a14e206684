import { formatExact, fromDecimal, type Token, toDecimal } from '../../lib/format.ts'
import { formatLocale } from '../../lib/locale.ts'

/** TAG as people read it; its address is the network's business. */
export const TAG = { address: '0x', symbol: 'TAG', decimals: 18 } as const satisfies Token

/** An amount of TAG with two digits at most, and with all of them where two would hide it. */
export function formatTag(amount: bigint, locale = formatLocale): string {
  if (amount > 0n && amount < 10n ** 16n) return formatExact(amount, TAG, locale)
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  return `${number.format(toDecimal(amount, TAG.decimals) as `${number}`)} ${TAG.symbol}`
}

/** What is wrong with an amount somebody typed; null when nothing is. */
export type AmountFault = 'empty' | 'no-amount' | 'too-much' | 'too-little' | 'leaves-too-little' | null

/**
 * An amount of TAG as typed, against what there is. `least`: what there must be of it together with `before`;
 * `leave`: what must remain of `most`, unless nothing does.
 */
export function readAmount(
  text: string,
  bounds: { most: bigint; before?: bigint; least?: bigint; leave?: bigint },
): { amount: bigint; fault: AmountFault } {
  const { most, before = 0n, least = 0n, leave = 0n } = bounds
  if (text.trim() === '') return { amount: 0n, fault: 'empty' }
  const amount = fromDecimal(text, TAG.decimals) ?? 0n
  if (amount === 0n) return { amount, fault: 'no-amount' }
  if (amount > most) return { amount, fault: 'too-much' }
  if (before + amount < least) return { amount, fault: 'too-little' }
  if (amount < most && most - amount < leave) return { amount, fault: 'leaves-too-little' }
  return { amount, fault: null }
}

/** What may be released of validator stake: all of it, or down to what a validator needs and what is at risk. */
export function releaseBounds(
  stake: { validating: bigint; engaged: bigint },
  least: bigint,
): { most: bigint; leave: bigint } {
  const { validating, engaged } = stake
  if (engaged === 0n) return { most: validating, leave: least }
  const kept = engaged > least ? engaged : least
  return { most: validating > kept ? validating - kept : 0n, leave: 0n }
}
