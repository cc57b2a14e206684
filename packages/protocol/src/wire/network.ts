import { z } from 'zod'
import { TokenDocument } from './documents.ts'
import { endpoint } from './endpoint.ts'
import { AddressText, Amount, Hash, HexText, Time } from './primitives.ts'

export const NetworkDocument = z.object({
  name: z.string(),
  version: z.string(),
  chainId: z.int(),
  /** For wallets and for reading the chain oneself; null when the operator publishes none. */
  rpcUrl: z.string().nullable(),
  /** Chain id 31337: faucet, demo crowd and assignment by id exist. */
  isLocal: z.boolean(),
  contracts: z.object({
    campaigns: AddressText,
    parameters: AddressText,
    passports: AddressText,
    licenses: AddressText,
    tagToken: AddressText,
    staking: AddressText,
    disputes: AddressText,
    timelock: AddressText,
    tagGovernor: AddressText,
    testUsd: AddressText.nullable(),
  }),
  tokens: z.array(TokenDocument),
  operator: AddressText,
  receiptKey: AddressText,
  fees: z.object({ operatorFeeBps: z.int(), protocolFeeBps: z.int(), operatorFeeCapBps: z.int() }),
  challengeWindowSeconds: z.int(),
  /** Least price of a license whose key this operator delivers, in whole tokens. */
  leastPrice: z.string(),
  totals: z.object({
    campaignsOpen: z.int(),
    records: z.int(),
    itemsSettled: z.int(),
    workers: z.int(),
    datasets: z.int(),
    /** Claimed by workers, per token address. */
    paid: z.record(z.string(), Amount),
  }),
  demoCrowd: z.object({ isRunning: z.boolean(), bots: z.int() }).nullable(),
})

export const HealthDocument = z.object({
  ok: z.boolean(),
  database: z.enum(['pglite', 'postgresql']),
  chain: z.object({ reachable: z.boolean(), block: z.int(), indexedBlock: z.int() }),
  outbox: z.object({ waiting: z.int(), failed: z.int() }),
  uptimeSeconds: z.int(),
})

const LedgerSide = z.object({
  funded: Amount,
  payoutsTotal: Amount,
  claimed: Amount,
  fees: Amount,
  refunded: Amount,
})

export const ReconciliationDocument = z.object({
  ok: z.boolean(),
  checkedAt: Time,
  campaigns: z.array(z.object({ id: Hash, isEqual: z.boolean(), ledger: LedgerSide, chain: LedgerSide })),
  /** All stake of the network, in TAG's smallest unit. */
  stakes: z.object({
    staked: Amount,
    cooling: Amount,
    /** Slashed and not collected yet. */
    credited: Amount,
    /** What the contract holds. Anyone may send it more than it owes, nobody may take it below. */
    held: Amount,
    isCovered: z.boolean(),
  }),
})

const DecodedValue = z.object({ name: z.string(), type: z.string(), value: z.string() })

/** Any transaction of this chain, in words: calls and events of our contracts are decoded. */
export const TransactionDocument = z.object({
  hash: Hash,
  status: z.enum(['pending', 'success', 'reverted']),
  block: z.int().nullable(),
  time: Time.nullable(),
  from: AddressText,
  to: AddressText.nullable(),
  contract: z.string().nullable(),
  call: z.object({ name: z.string(), arguments: z.array(DecodedValue) }).nullable(),
  events: z.array(
    z.object({
      contract: z.string(),
      address: AddressText,
      name: z.string(),
      arguments: z.array(DecodedValue),
    }),
  ),
  gasUsed: z.string().nullable(),
})

/** What is announced over server-sent events; `data` names what changed, the client fetches it anew. */
export const ActivityDocument = z.object({
  id: z.string(),
  time: Time,
  type: z.enum([
    'campaign-opened',
    'campaign-funded',
    'campaign-closing',
    'campaign-closed',
    'records-accepted',
    'item-ready',
    'batch-proposed',
    'batch-final',
    'batch-void',
    'claimed',
    'passport-minted',
    'offer-created',
    'license-purchased',
    'license-delivered',
    'share-claimed',
    'stake-changed',
    'batch-challenged',
    'dispute-voted',
    'dispute-changed',
    'dispute-ended',
    'proposal-created',
    'proposal-voted',
    'proposal-changed',
    'parameter-changed',
  ]),
  campaignId: Hash.nullable(),
  data: z.record(z.string(), z.string()),
})

export const network = {
  getNetwork: endpoint({
    method: 'GET',
    path: '/network',
    access: 'public',
    summary: 'What this node is: chain, contracts, operator, fees, totals.',
    response: NetworkDocument,
  }),
  getHealth: endpoint({
    method: 'GET',
    path: '/health',
    access: 'public',
    summary: 'Whether the node, its database and its chain are well.',
    response: HealthDocument,
  }),
  getReconciliation: endpoint({
    method: 'GET',
    path: '/reconciliation',
    access: 'public',
    summary: "The node's ledger beside the chain, campaign by campaign and all stake, compared now.",
    response: ReconciliationDocument,
  }),
  getTransaction: endpoint({
    method: 'GET',
    path: '/transactions/{hash}',
    access: 'public',
    summary: 'A transaction in words.',
    params: z.object({ hash: Hash }),
    response: TransactionDocument,
  }),
  listActivity: endpoint({
    method: 'GET',
    path: '/activity',
    access: 'public',
    summary: 'What happened lately, newest first.',
    query: z.object({
      campaignId: Hash.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(30),
    }),
    response: z.object({ data: z.array(ActivityDocument) }),
  }),
  streamActivity: endpoint({
    method: 'GET',
    path: '/events',
    access: 'public',
    summary: 'The same as server-sent events; each event carries one activity.',
    query: z.object({ campaignId: Hash.optional() }),
    download: 'text/event-stream',
  }),
  createFaucetDrop: endpoint({
    method: 'POST',
    path: '/faucet-drops',
    access: 'local',
    summary: 'Gas, TAG and test dollars for an account of the local network.',
    body: z.object({ account: AddressText }),
    response: z.object({
      account: AddressText,
      wei: Amount,
      tag: Amount,
      testUsd: Amount,
      transactions: z.array(HexText),
    }),
  }),
  setDemoCrowd: endpoint({
    method: 'PUT',
    path: '/demo-crowd',
    access: 'local',
    summary: 'Switches the demo crowd of the local network on or off.',
    body: z.object({ isRunning: z.boolean() }),
    response: z.object({ isRunning: z.boolean(), bots: z.int() }),
  }),
}
