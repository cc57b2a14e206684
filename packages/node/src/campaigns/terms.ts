import { type Address, type Hex, type Spec, TaggerError, type Terms } from '@tagger/protocol'
import type { TermsDocument } from '@tagger/protocol/wire'
import { formatUnits } from 'viem'
import type { z } from 'zod'
import { leastItems, leastRecords } from './least-batch.ts'

const DAY = 24 * 60 * 60
const SOONEST_DEADLINE = 60
const LATEST_DEADLINE = 2 * 365 * DAY
/** The escrow counts in 96 bits. */
const LARGEST_AMOUNT = (1n << 96n) - 1n

/** What a requester chooses. */
export interface TermsRequest {
  token: Address
  basePay: bigint
  floorPay: bigint
  contributorsBps: number
  deadline: number
}

/** What the operator and the network add. */
export interface OperatorSide {
  operator: Address
  receiptKey: Address
  operatorFeeBps: number
  protocolFeeBps: number
  challengeWindow: number
  /** The only tokens this operator runs campaigns in. */
  tokens: readonly Address[]
  /** Least fee of a batch, in the token's smallest unit. */
  leastFee: bigint
  now: number
}

/** Whether the operator runs a campaign on such terms. Throws `terms-invalid` saying why not. */
export function checkTerms(requester: Address, request: TermsRequest, side: OperatorSide): void {
  const { token, basePay, floorPay, deadline } = request
  if (requester === side.operator) throw invalid('the requester may not be the operator')
  // A token nobody knows could carry the name of one that everybody trusts.
  if (!side.tokens.includes(token)) {
    throw invalid(`this node runs no campaigns in the token ${token}`, [
      `It does in: ${side.tokens.join(', ')}.`,
    ])
  }
  if (basePay > LARGEST_AMOUNT) throw invalid('the base pay is larger than the escrow can hold')
  if (floorPay > basePay) throw invalid('the floor pay is above the base pay')
  if (deadline < side.now + SOONEST_DEADLINE) throw invalid('the deadline is less than a minute away')
  if (deadline > side.now + LATEST_DEADLINE) throw invalid('the deadline is more than two years away')
}

/**
 * Whether batches of this campaign can pay for the operator's transactions, in smallest unit of `token`. Throws
 * `terms-invalid` saying how much pay or how many items do.
 */
export function checkWorth(
  { spec, items, token }: { spec: Spec; items: number; token: { symbol: string; decimals: number } },
  request: Pick<TermsRequest, 'floorPay'>,
  { operatorFeeBps, leastFee }: OperatorSide,
): void {
  const terms = { floorPay: request.floorPay, operatorFeeBps }
  const least = leastItems({ spec, terms, leastFee })
  const most = Math.min(items, spec.batch.maxItems)
  if (least <= most) return
  const records = BigInt(most * leastRecords(spec) * operatorFeeBps)
  const floor = (leastFee * 10_000n + records - 1n) / records
  const amount = (units: bigint) => `${formatUnits(units, token.decimals)} ${token.symbol}`
  const hints = [`Pay a floor of at least ${amount(floor)} a record; it is ${amount(request.floorPay)} now.`]
  if (Number.isFinite(least)) {
    const place = spec.batch.maxItems < items ? 'Let a batch hold (batch.maxItems)' : 'Or have'
    hints.push(`${place} at least ${least} items; there are ${most} now.`)
  }
  throw new TaggerError(
    'terms-invalid',
    `These terms are not accepted: of a whole batch at the floor pay the operator would earn less than ${amount(leastFee)}, which its transactions cost`,
    { hints, data: { leastFee, leastFloorPay: floor, leastItems: Number.isFinite(least) ? least : null } },
  )
}

/** Terms of a campaign; `nonce` tells apart those that are equal otherwise. */
export function composeTerms(
  requester: Address,
  request: TermsRequest,
  side: OperatorSide,
  { specHash, nonce }: { specHash: Hex; nonce: bigint },
): Terms {
  const { token, basePay, floorPay, contributorsBps, deadline } = request
  const { operator, receiptKey, operatorFeeBps, protocolFeeBps, challengeWindow } = side
  return {
    requester,
    operator,
    receiptKey,
    token,
    specHash,
    basePay,
    floorPay,
    operatorFeeBps,
    protocolFeeBps,
    contributorsBps,
    deadline,
    // Two windows for the closing batch and one spare, and never less than a day to notice.
    grace: Math.max(DAY, 3 * challengeWindow),
    challengeWindow,
    nonce,
  }
}

/** Terms as JSON carries them. */
export function termsDocument(terms: Terms): z.input<typeof TermsDocument> {
  return {
    ...terms,
    basePay: terms.basePay.toString(),
    floorPay: terms.floorPay.toString(),
    nonce: terms.nonce.toString(),
  }
}

function invalid(why: string, hints: string[] = []): TaggerError {
  return new TaggerError('terms-invalid', `These terms are not accepted: ${why}`, { hints })
}
