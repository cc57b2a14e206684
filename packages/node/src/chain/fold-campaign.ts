import type { Hex } from '@tagger/protocol'
import { amountOf, type ChainEvent, hexOf } from './event.ts'

/** What the chain says of a campaign's money and state. */
export interface CampaignLedger {
  status: 'open' | 'closing' | 'silent' | 'closed'
  funded: bigint
  /** Of the last final batch. */
  payoutsTotal: bigint
  claimed: bigint
  feesPaid: bigint
  refunded: bigint
  finalCount: number
  lastFinal: Hex | null
  /** Seconds its clock stood still for disputes that are over. */
  disputedTime: number
  openedAt: number
  openTransaction: Hex
}

/** The ledger after one more event of its campaign; null before the campaign is opened. */
export function foldCampaign(ledger: CampaignLedger | null, event: ChainEvent): CampaignLedger | null {
  if (event.name === 'CampaignOpened') {
    return {
      status: 'open',
      funded: amountOf(event, 'amount'),
      payoutsTotal: 0n,
      claimed: 0n,
      feesPaid: 0n,
      refunded: 0n,
      finalCount: 0,
      lastFinal: null,
      disputedTime: 0,
      openedAt: event.time,
      openTransaction: event.transactionHash,
    }
  }
  if (ledger === null) return null
  switch (event.name) {
    case 'CampaignToppedUp':
      return { ...ledger, funded: ledger.funded + amountOf(event, 'amount') }
    case 'CampaignClosing':
      return { ...ledger, status: 'closing' }
    case 'BatchFinal':
      return {
        ...ledger,
        status: event.args.closing === true ? 'closed' : ledger.status,
        payoutsTotal: amountOf(event, 'payoutsTotal'),
        finalCount: ledger.finalCount + 1,
        lastFinal: hexOf(event, 'batch'),
      }
    case 'DisputeEnded':
      return { ...ledger, disputedTime: ledger.disputedTime + Number(event.args.stoodStill) }
    case 'CampaignSilent':
      return { ...ledger, status: 'silent' }
    case 'CampaignClosed':
      return { ...ledger, status: 'closed' }
    case 'Claimed':
    // What was paid for a receipt and a final batch owes too counts as claimed from then on.
    case 'ReceiptOffset':
      return { ...ledger, claimed: ledger.claimed + amountOf(event, 'amount') }
    case 'FeesPaid': {
      const paid = amountOf(event, 'operatorFee') + amountOf(event, 'protocolFee')
      return { ...ledger, feesPaid: ledger.feesPaid + paid }
    }
    case 'Refunded':
      return { ...ledger, refunded: ledger.refunded + amountOf(event, 'amount') }
    default:
      return ledger
  }
}
