import { campaignsAbi } from '@tagger/contracts/abi'
import {
  type Address,
  type BatchHeader,
  type Crypto,
  campaignIdOf,
  type Hex,
  TaggerError,
  type Terms,
  toAddress,
} from '@tagger/protocol'
import { parseEventLogs } from 'viem'
import type { Chain } from '../chain/chain.ts'
import { readCampaignLogs, toHeader, toTerms } from '../chain/facts.ts'
import { onChainTerms } from '../chain/structs.ts'

const STATUSES = ['none', 'open', 'closing', 'silent', 'closed'] as const
const RECEIPTS = ['none', 'registered', 'paid'] as const

/** The batch that waits to become final. */
export interface PendingBatch {
  batch: Hex
  header: BatchHeader
  /** Seconds since epoch. */
  proposedAt: number
  /** Seconds it has been pending, leaving out a dispute. */
  elapsed: number
  /** A dispute has stopped its clock. */
  isStopped: boolean
  contests: readonly Contest[]
}

/** What was shown that the batch must hold of an account, all contests of it taken together. */
export interface Contest {
  account: Address
  count: number
  amount: bigint
  isAnswered: boolean
}

/** What the escrow knows of a campaign and one account; amounts in the token's smallest unit, times in seconds. */
export interface EscrowFacts {
  campaignId: Hex
  account: Address
  terms: Terms
  /** The chain's clock. */
  now: number
  status: Exclude<(typeof STATUSES)[number], 'none'>
  /** When it fell silent, 0 if it did not. */
  silentAt: number
  /** For how long disputes have stopped the clock. */
  disputedTime: number
  pending: PendingBatch | null
  /** What payouts, fees, receipts and earlier refunds leave of the funds. */
  unspent: bigint
  /** Fees on what is final that were not paid yet. */
  feesDue: bigint
  /** What registered receipts are due in all, and what is set aside for them. */
  receiptsDue: bigint
  receiptsPool: bigint
  /** What the account claimed of final batches. */
  claimed: bigint
  /** What its registered receipt is worth, cumulative like `claimed`; once paid, what was paid for it. */
  worth: bigint
  receiptStatus: (typeof RECEIPTS)[number]
}

/** The chain's clock, in seconds since epoch. */
export async function readChainTime({ client, network }: Chain): Promise<number> {
  // A local chain mines when there is something to mine: the time of its last block may be long ago.
  const { timestamp } = await client.getBlock({ blockTag: network.isLocal ? 'pending' : 'latest' })
  return Number(timestamp)
}

/** Whether a campaign may have been left by its operator: much less to ask than all the facts. */
export async function mayBeSilent(chain: Chain, campaignId: Hex, terms: Terms): Promise<boolean> {
  if ((await readChainTime(chain)) < terms.deadline + terms.grace) return false
  const { status, silentAt } = await chain.client.readContract({
    address: chain.network.contracts.campaigns,
    abi: campaignsAbi,
    functionName: 'campaigns',
    args: [campaignId],
  })
  return STATUSES[status] !== 'closed' || silentAt !== 0n
}

/** Reads them from the chain alone. Throws `not-found` when no such campaign was opened there. */
export async function readEscrowFacts(
  chain: Chain,
  campaignId: Hex,
  account: Address,
  crypto: Crypto,
): Promise<EscrowFacts> {
  const { client, network, deployment } = chain
  const escrow = { address: network.contracts.campaigns, abi: campaignsAbi } as const
  const [now, campaign, known, raw] = await Promise.all([
    readChainTime(chain),
    client.readContract({ ...escrow, functionName: 'campaigns', args: [campaignId] }),
    client.readContract({ ...escrow, functionName: 'accounts', args: [campaignId, account] }),
    readCampaignLogs(client, escrow.address, campaignId),
  ])
  const logs = parseEventLogs({ abi: campaignsAbi, logs: raw })
  const opened = logs.find(({ eventName }) => eventName === 'CampaignOpened')
  const status = STATUSES[campaign.status]!
  if (opened?.eventName !== 'CampaignOpened' || status === 'none') {
    throw new TaggerError('not-found', `No campaign ${campaignId} was ever opened at ${escrow.address}`, {
      hints: ['It may belong to another network: check which chain is asked.'],
    })
  }
  const terms = toTerms(opened.args.terms)
  if (campaignIdOf(terms, deployment, crypto) !== campaignId) {
    throw new TaggerError('terms-invalid', 'The chain shows other terms than the campaign was opened with', {
      hints: ['Ask another RPC address.'],
    })
  }
  const fees = await client.readContract({
    ...escrow,
    functionName: 'feesOn',
    args: [onChainTerms(terms), campaign.payoutsTotal],
  })
  const feesTotal = fees[0] + fees[1]
  return {
    campaignId,
    account,
    terms,
    now,
    status,
    silentAt: Number(campaign.silentAt),
    disputedTime: Number(campaign.disputedTime),
    pending: campaign.proposedAt === 0n ? null : pendingOf(logs, terms, now),
    unspent: campaign.funded - campaign.payoutsTotal - feesTotal - campaign.receiptsTotal - campaign.refunded,
    feesDue: feesTotal - campaign.operatorFeePaid - campaign.protocolFeePaid,
    receiptsDue: campaign.receiptsDue,
    receiptsPool: campaign.receiptsPool,
    claimed: known.claimed,
    worth: known.receipt,
    receiptStatus: RECEIPTS[known.receiptStatus]!,
  }
}

type Logs = ReturnType<typeof parseEventLogs<typeof campaignsAbi, true, undefined>>

/** What events tell of the batch proposed last. */
function pendingOf(logs: Logs, { challengeWindow }: Terms, now: number): PendingBatch | null {
  const start = logs.findLastIndex(({ eventName }) => eventName === 'BatchProposed')
  const proposed = logs[start]
  if (proposed?.eventName !== 'BatchProposed') return null
  const { batch, header, finalAt } = proposed.args
  const proposedAt = Number(finalAt) - challengeWindow
  const contests = new Map<Address, Contest>()
  let stoodStill = 0
  let isStopped = false
  for (const log of logs.slice(start + 1)) {
    if (log.eventName === 'BatchContested') {
      const account = toAddress(log.args.account)
      const { count, amount } = log.args
      contests.set(account, { account, count: Number(count), amount, isAnswered: false })
    }
    if (log.eventName === 'ContestAnswered') {
      const contest = contests.get(toAddress(log.args.account))
      if (contest !== undefined) contest.isAnswered = true
    }
    if (log.eventName === 'DisputeBegan') isStopped = true
    if (log.eventName === 'DisputeEnded') {
      isStopped = false
      stoodStill = Number(log.args.stoodStill)
    }
  }
  return {
    batch,
    header: toHeader(header),
    proposedAt,
    elapsed: now - proposedAt - stoodStill,
    isStopped,
    contests: [...contests.values()],
  }
}
