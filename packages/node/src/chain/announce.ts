import type { Hex } from '@tagger/protocol'
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
  Staked: 'stake-changed',
  CoolingStarted: 'stake-changed',
  Withdrawn: 'stake-changed',
  ValidatorStakeSet: 'stake-changed',
  Slashed: 'stake-changed',
  Challenged: 'batch-challenged',
  VoteCommitted: 'dispute-voted',
  VoteRevealed: 'dispute-voted',
  RoundStarted: 'dispute-changed',
  DisputeEnded: 'dispute-changed',
  DisputeResolved: 'dispute-ended',
  VoteSettled: 'dispute-changed',
  RewardPaid: 'dispute-changed',
  ProposalCreated: 'proposal-created',
  VoteCast: 'proposal-voted',
  VoteCastWithParams: 'proposal-voted',
  ProposalQueued: 'proposal-changed',
  ProposalExecuted: 'proposal-changed',
  ProposalCanceled: 'proposal-changed',
  ParameterSet: 'parameter-changed',
}

/** Arguments worth telling; clients fetch the rest. */
const TOLD = [
  ...['batch', 'account', 'amount', 'requester', 'passportId', 'offerId', 'licenseId', 'buyer', 'price'],
  ...['owner', 'payoutsTotal', 'token', 'voter', 'proposalId'],
]

/** Tells what the chain said. */
export function announceEvents(node: Pick<Node, 'activity'>, events: readonly ChainEvent[]): void {
  const decided = new Set(events.filter(isDecision).map(({ transactionHash }) => transactionHash))
  for (const event of events) {
    const type = TYPES[event.name]
    if (type === undefined || !isNews(event, decided)) continue
    const { transactionHash } = event
    const campaignId = event.campaignId ?? campaignOf(event)
    const told = TOLD.flatMap((name) =>
      event.args[name] === undefined ? [] : [[name, String(event.args[name])]],
    )
    if (event.contract === 'disputes') told.push(['disputeId', String(event.args.id)])
    const data = { ...Object.fromEntries(told), transaction: transactionHash }
    node.activity.announce({ type, campaignId, data })
    if (event.name === 'BatchFinal' && event.args.closing === true) {
      node.activity.announce({ type: 'campaign-closed', campaignId, data: { transaction: transactionHash } })
    }
  }
}

function isDecision({ contract, name }: ChainEvent): boolean {
  return contract === 'timelock' && name === 'CallExecuted'
}

/** The network's first numbers are no decision of anyone, and a first round is told with its challenge. */
function isNews({ name, args, transactionHash }: ChainEvent, decided: ReadonlySet<Hex>): boolean {
  if (name === 'ParameterSet') return decided.has(transactionHash)
  return name !== 'RoundStarted' || Number(args.round) > 1
}

function campaignOf({ name, args }: ChainEvent): Hex | null {
  return name === 'Challenged' ? (args.campaignId as Hex) : null
}
