import type { Address } from '../bytes/hex.ts'
import type { State } from '../settlement/state.ts'
import type { Terms } from '../spec/terms.ts'
import type { Statement } from './campaign.ts'
import { Fault } from './verdict.ts'

/**
 * Checks that nobody gets less than a receipt promised: cumulative pay, plus the floor for records still open,
 * reaches the largest `owedAtLeast` seen so far. Returns those, this batch's included.
 */
export function verifyReceiptsPaid(
  statement: Statement,
  owedBefore: ReadonlyMap<Address, bigint>,
  terms: Terms,
  state: State,
): ReadonlyMap<Address, bigint> {
  const owed = new Map(owedBefore)
  for (const { account, receipt } of statement.workers) {
    if (receipt.owedAtLeast < (owed.get(account) ?? 0n)) {
      throw new Fault('receipt-invalid', 'A later receipt promises less than an earlier one', { account })
    }
    owed.set(account, receipt.owedAtLeast)
  }
  const openCount = new Map<Address, bigint>()
  for (const { account } of state.open) openCount.set(account, (openCount.get(account) ?? 0n) + 1n)
  const paid = new Map(statement.payouts.map(({ account, amount }) => [account, amount]))
  for (const [account, least] of owed) {
    const pending = terms.floorPay * (openCount.get(account) ?? 0n)
    if ((paid.get(account) ?? 0n) + pending < least) {
      throw new Fault('payout-below-receipt', `Receipts promise at least ${least}`, { account })
    }
  }
  return owed
}
