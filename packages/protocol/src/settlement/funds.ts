import type { Spec } from '../spec/spec.ts'
import { feesOn, type Terms } from '../spec/terms.ts'
import { expectedPay } from './expected-pay.ts'
import { type PayRates, topPay } from './pay.ts'

type FeeRates = Pick<Terms, 'operatorFeeBps' | 'protocolFeeBps'>

export interface Cost {
  items: number
  /** Records at most. */
  records: number
  payMost: bigint
  payLeast: bigint
  operatorFee: bigint
  protocolFee: bigint
  /** Covers every record at top pay and the fees on it. */
  deposit: bigint
}

/** What a campaign may cost before it is opened. `items` counts submissions for a collect campaign. */
export function costOf(campaign: { spec: Spec; items: number } & PayRates & FeeRates): Cost {
  const { spec, items } = campaign
  const isCollect = spec.kind === 'collect'
  const first = isCollect ? 'submission' : 'annotation'
  const [fewest, most] = isCollect ? [1, 1] : [spec.redundancy.min, spec.redundancy.max]
  const reviews = BigInt(spec.review.reviews)
  const count = BigInt(items)
  const payMost =
    count * (BigInt(most) * topPay(campaign, spec, first) + reviews * topPay(campaign, spec, 'review'))
  const reviewsLeast = isCollect ? reviews * expectedPay(campaign, spec, 'review') : 0n
  const payLeast = count * (BigInt(fewest) * expectedPay(campaign, spec, first) + reviewsLeast)
  const fees = feesOn(campaign, payMost)
  return {
    items,
    records: items * (most + spec.review.reviews),
    payMost,
    payLeast,
    operatorFee: fees.operator,
    protocolFee: fees.protocol,
    deposit: payMost + fees.operator + fees.protocol,
  }
}

/** Unsettled records and running leases by kind. */
export interface OpenWork {
  annotations: number
  reviews: number
  submissions: number
}

/** What must stay in escrow if all open work earned top pay; `withFees` is compared with the funds before a lease. */
export function reserveOf(campaign: { terms: Terms; spec: Spec; payoutsTotal: bigint } & OpenWork): {
  reserved: bigint
  withFees: bigint
} {
  const { terms, spec } = campaign
  const reserved =
    BigInt(campaign.annotations) * topPay(terms, spec, 'annotation') +
    BigInt(campaign.reviews) * topPay(terms, spec, 'review') +
    BigInt(campaign.submissions) * topPay(terms, spec, 'submission')
  const total = campaign.payoutsTotal + reserved
  const fees = feesOn(terms, total)
  return { reserved, withFees: total + fees.operator + fees.protocol }
}
