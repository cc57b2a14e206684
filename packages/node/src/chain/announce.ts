import type { Activity } from '../activity.ts'
import type { Node } from '../node.ts'
import type { ChainEvent } from './event.ts'

const TYPES: Record<string, Activity['type']> = {
  CampaignOpened: 'campaign-opened',
  CampaignToppedUp: 'campaign-funded',
  CampaignClosing: 'campaign-closing',
  BatchProposed: 'batch-proposed',
  BatchFinal: 'batch-final',
  BatchVoid: 'batch-void',
  Claimed: 'claimed',
  PassportMinted: 'passport-minted',
  OfferCreated: 'offer-created',
  Purchased: 'license-purchased',
  Delivered: 'license-delivered',
  ShareClaimed: 'share-claimed',
}

/** Arguments worth telling; clients fetch the rest. */
const TOLD = [
  ...['batch', 'account', 'amount', 'requester', 'passportId', 'offerId', 'licenseId', 'buyer', 'price'],
  ...['owner', 'payoutsTotal', 'token'],
]

/** Tells what the chain said. */
export function announceEvents(node: Pick<Node, 'activity'>, events: readonly ChainEvent[]): void {
  for (const event of events) {
    const type = TYPES[event.name]
    if (type === undefined) continue
    const { campaignId, transactionHash } = event
    const told = TOLD.flatMap((name) =>
      event.args[name] === undefined ? [] : [[name, String(event.args[name])]],
    )
    const data = { ...Object.fromEntries(told), transaction: transactionHash }
    node.activity.announce({ type, campaignId, data })
    if (event.name === 'BatchFinal' && event.args.closing === true) {
      node.activity.announce({ type: 'campaign-closed', campaignId, data: { transaction: transactionHash } })
    }
  }
}
