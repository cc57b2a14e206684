import { feesOn, type OpenWork, reserveOf, type Spec, type Terms } from '@tagger/protocol'
import type { MoneyDocument } from '@tagger/protocol/wire'
import type { z } from 'zod'
import { selectOpenWork } from '../assign/queries.ts'
import type { Database } from '../db/database.ts'
import type { Hex } from '../node.ts'

/** What the chain says of a campaign's money. */
export interface Ledger {
  funded: bigint
  payoutsTotal: bigint
  claimed: bigint
  refunded: bigint
}

/** Where every unit of a campaign's funds is: funded = payoutsTotal + fees + reserved + available + refunded. */
export interface Money extends Ledger {
  /** On what final batches pay. */
  fees: bigint
  reserved: bigint
  available: bigint
}

/** Divides a campaign's funds. Warning: funds short of what is promised show as nothing available. */
export function divideMoney(campaign: { terms: Terms; spec: Spec; ledger: Ledger }, open: OpenWork): Money {
  const { terms, spec, ledger } = campaign
  const { payoutsTotal, funded, refunded } = ledger
  const due = feesOn(terms, payoutsTotal)
  const fees = due.operator + due.protocol
  const { withFees } = reserveOf({ terms, spec, payoutsTotal, ...open })
  const left = funded - withFees - refunded
  const reserved = withFees - payoutsTotal - fees
  return { ...ledger, fees, reserved, available: left > 0n ? left : 0n }
}

/** A campaign's money now. */
export async function loadMoney(
  db: Database,
  campaign: { id: Hex; status: string; terms: Terms; spec: Spec; ledger: Ledger },
): Promise<Money> {
  // A closed campaign owes nothing more to open work: its closing batch settled every record.
  const none = { annotations: 0, reviews: 0, submissions: 0 }
  const [open] = campaign.status === 'closed' ? [none] : await db.query<OpenWork>(selectOpenWork(campaign.id))
  return divideMoney(campaign, open ?? none)
}

/** Money as JSON carries it. */
export function moneyDocument(money: Money): z.input<typeof MoneyDocument> {
  return {
    funded: money.funded.toString(),
    payoutsTotal: money.payoutsTotal.toString(),
    claimed: money.claimed.toString(),
    fees: money.fees.toString(),
    refunded: money.refunded.toString(),
    reserved: money.reserved.toString(),
    available: money.available.toString(),
  }
}
