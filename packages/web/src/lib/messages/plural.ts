import { formatCount } from '../format.ts'
import { locale } from '../locale.ts'

const rules = new Intl.PluralRules(locale)

/** A counted noun: the number in the reader's grouping, the word in its form. */
export function plural(count: number, one: string, other: string): string {
  return `${formatCount(count)} ${rules.select(count) === 'one' ? one : other}`
}
