import { formatExact, formatTime, type Token } from '../../lib/format.ts'

/** A decoded value as the node tells it; structs and lists are JSON. */
export interface Value {
  name: string
  type: string
  value: string
}

const AMOUNTS =
  /^(?:amount|value|funded|price|maxPrice|basePay|floorPay|payoutsTotal|operatorFee|protocolFee|contributors|rest)$/
const TIMES = /^(?:deadline|finalAt|cutAt|inspectUntil|expiration)$/
const [FIRST_TIME, LAST_TIME] = [1_000_000_000n, 32_503_680_000n]

/** A number in words: a date, or money of a known token; null for any other value. */
export function meaningOf({ name, value }: Value, token: Token | null): string | null {
  if (!/^\d+$/.test(value)) return null
  const number = BigInt(value)
  if (TIMES.test(name)) {
    return number > FIRST_TIME && number < LAST_TIME ? formatTime(Number(number) * 1000) : null
  }
  return token !== null && AMOUNTS.test(name) ? formatExact(number, token) : null
}

/** What tells the token of a call or an event: the token's own address, else the campaign's id. */
export function moneyOf(values: readonly Value[]): { token: string | null; campaignId: string | null } {
  const all = values.flatMap((value) => [value, ...(fieldsOf(value.value) ?? [])])
  const find = (names: RegExp, form: RegExp) =>
    all.find(({ name, value }) => names.test(name) && form.test(value))?.value.toLowerCase() ?? null
  return {
    token: find(/^token$/, /^0x[0-9a-f]{40}$/i),
    campaignId: find(/^(?:id|campaignId)$/, /^0x[0-9a-f]{64}$/i),
  }
}

/**
 * The token a transaction moves: the one its call names, else the only one among those whose contracts spoke. A
 * license's price, say, is told without its token.
 */
export function tokenMoved(
  transaction: { call: { arguments: readonly Value[] } | null; events: readonly { address: string }[] },
  tokens: readonly Token[],
): Token | null {
  const named = transaction.call && moneyOf(transaction.call.arguments).token
  const known = tokens.find(({ address }) => address === named)
  if (known !== undefined) return known
  const spoke = tokens.filter((token) => transaction.events.some(({ address }) => address === token.address))
  return spoke.length === 1 ? spoke[0]! : null
}

/** Fields of a struct or entries of a list, null for a plain value. */
export function fieldsOf(value: string): Value[] | null {
  if (!/^[[{]/.test(value)) return null
  try {
    const parsed: unknown = JSON.parse(value)
    if (typeof parsed !== 'object' || parsed === null) return null
    return Object.entries(parsed).map(([name, field]) => ({
      name: Array.isArray(parsed) ? String(Number(name) + 1) : name,
      type: /^\d+$/.test(String(field)) ? 'uint' : 'bytes',
      value: typeof field === 'string' ? field : JSON.stringify(field),
    }))
  } catch {
    return null
  }
}

/** `claimMany` → `Claim many`. */
export function sentence(name: string): string {
  const spaced = name
    .replace(/_$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
