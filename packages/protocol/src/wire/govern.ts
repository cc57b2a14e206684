import { z } from 'zod'
import { HeaderDocument, TermsDocument } from './documents.ts'
import { endpoint } from './endpoint.ts'
import { AddressText, Amount, Hash, HexText, Page, PageQuery, Time } from './primitives.ts'

/** A dispute as the chain has it. Amounts and weights are in TAG's smallest unit. */
export const DisputeSummary = z.object({
  id: Hash,
  campaignId: Hash,
  /** Null for campaigns of other operators. */
  campaignTitle: z.string().nullable(),
  batch: Hash,
  /** Of the batch in its campaign. */
  index: z.int(),
  challenger: AddressText,
  operator: AddressText,
  /** Neither it nor the two above have a vote. */
  requester: AddressText,
  /** What the challenger found, in its own words. */
  reason: z.string(),
  /** 1, or 2 when too few voted in the first. */
  round: z.int(),
  /** `counting`: the votes are in, and anyone may call `resolve`. The last three are how it ended. */
  state: z.enum(['committing', 'revealing', 'counting', 'upheld', 'void', 'undecided']),
  /** Of the round. */
  commitEnds: Time,
  revealEnds: Time,
  bond: Amount,
  /** What a lost or unrevealed vote costs, in basis points of its weight. */
  slashBps: z.int(),
  /** The part of `totalWeight` that must vote, in basis points. */
  quorumBps: z.int(),
  /** Of all validators but the parties, in the second before the batch was proposed. */
  totalWeight: Amount,
  /** Revealed so far. */
  validWeight: Amount,
  invalidWeight: Amount,
  proposedAt: Time,
  challengedAt: Time,
  endedAt: Time.nullable(),
  /** Of the challenge. */
  transaction: Hash,
})

export const VoteDocument = z.object({
  voter: AddressText,
  weight: Amount,
  round: z.int(),
  /** `committed` is a vote that has not been revealed, or never was. */
  state: z.enum(['committed', 'valid', 'invalid']),
  /** What the voter lost; null until it is settled. */
  slashed: Amount.nullable(),
  /** Paid to it from the pool so far. */
  rewarded: Amount,
})

export const DisputeDocument = DisputeSummary.extend({
  /** Heaviest first. */
  votes: z.array(VoteDocument),
})

/** A batch that waits to become final, of any operator, with what `Disputes.challenge` takes. */
export const PendingBatchDocument = z.object({
  campaignId: Hash,
  /** Null for campaigns of other operators, whose bundles this node does not have. */
  campaignTitle: z.string().nullable(),
  batch: Hash,
  index: z.int(),
  operator: AddressText,
  requester: AddressText,
  proposedAt: Time,
  /** Until then it may be challenged, and after it final; null while a dispute stops the clock. */
  finalAt: Time.nullable(),
  payoutsTotal: Amount,
  closing: z.boolean(),
  /** The dispute about this proposal, running or over: there is one at most. */
  disputeId: Hash.nullable(),
  terms: TermsDocument,
  /** Null when its `cutAt` is no time there could be: the contract takes any, `verify` does not. */
  header: HeaderDocument.nullable(),
})

/** What an account has at stake, in TAG's smallest unit. `bonded + validating` are parts of `staked`. */
export const StakeDocument = z.object({
  account: AddressText,
  /** Everything that is not cooling. */
  staked: Amount,
  /** On its way out; a slash still reaches it. */
  cooling: Amount,
  /** When all that is cooling may be withdrawn; null when nothing is. */
  coolingUntil: Time.nullable(),
  /** Locked behind the campaigns this account runs as their operator. */
  bonded: Amount,
  /** Locked by its owner as a validator: its weight in disputes. */
  validating: Amount,
  /** The part of `validating` that is at risk in disputes voted on. */
  engaged: Amount,
  /** Could be taken out or locked now. */
  free: Amount,
  /** What slashes have taken so far. */
  slashed: Amount,
  /** In the governor, with what others delegate to it. */
  votes: Amount,
  /** Who votes with its stake; itself unless delegated. */
  delegate: AddressText,
})

export const ProposalCall = z.object({
  target: AddressText,
  /** Our contract's name, null for others. */
  contract: z.string().nullable(),
  /** The function's name, null where it is unknown. */
  name: z.string().nullable(),
  arguments: z.array(z.object({ name: z.string(), type: z.string(), value: z.string() })),
  /** In the chain's own coin. */
  value: Amount,
  calldata: HexText,
})

/** A proposal to the governor; votes in TAG's smallest unit. */
export const ProposalSummary = z.object({
  /** A decimal number, as the governor has it. */
  id: z.string(),
  proposer: AddressText,
  /** First line of the description, without heading marks. */
  title: z.string(),
  /** All of it: its hash is part of what is queued and executed. */
  description: z.string(),
  calls: z.array(ProposalCall),
  /** As OpenZeppelin's governor names them; with a timelock nothing expires. */
  state: z.enum(['pending', 'active', 'canceled', 'defeated', 'succeeded', 'queued', 'executed']),
  createdAt: Time,
  /** Votes count as they were at this moment. */
  voteStart: Time,
  voteEnd: Time,
  forVotes: Amount,
  againstVotes: Amount,
  abstainVotes: Amount,
  /** For and abstaining together must reach it. */
  quorum: Amount,
  /** When a queued one may be executed; null before it is queued. */
  eta: Time.nullable(),
  transaction: Hash,
})

export const ProposalDocument = ProposalSummary.extend({
  /** Heaviest first. */
  votes: z.array(
    z.object({
      voter: AddressText,
      choice: z.enum(['against', 'for', 'abstain']),
      weight: Amount,
      reason: z.string(),
    }),
  ),
})

/** One of the network's numbers. `Parameters` has a setter of the same name, for proposals. */
export const ParameterDocument = z.object({
  name: z.string(),
  /** A whole number, or an address where the unit is `account`. */
  value: z.string(),
  /** Bounds fixed in code, some by other parameters; null where there are none. */
  least: Amount.nullable(),
  most: Amount.nullable(),
  /** `tag` is TAG's smallest unit. */
  unit: z.enum(['tag', 'seconds', 'bps', 'account']),
})

const disputeParams = z.object({ id: Hash })
const accountParams = z.object({ account: AddressText })
const proposalParams = z.object({ id: z.string().regex(/^\d{1,78}$/, 'expected a whole number') })

export const govern = {
  listDisputes: endpoint({
    method: 'GET',
    path: '/disputes',
    access: 'public',
    summary: 'Disputes about batches, newest first.',
    query: PageQuery.extend({ state: z.enum(['open', 'ended']).optional() }),
    response: Page(DisputeSummary),
  }),
  getDispute: endpoint({
    method: 'GET',
    path: '/disputes/{id}',
    access: 'public',
    summary: 'A dispute with its votes.',
    params: disputeParams,
    response: DisputeDocument,
  }),
  listPendingBatches: endpoint({
    method: 'GET',
    path: '/batches',
    access: 'public',
    summary: 'Batches on the network that wait to become final, oldest first, with what a challenge takes.',
    query: PageQuery.extend({ status: z.enum(['proposed']).default('proposed') }),
    response: Page(PendingBatchDocument),
  }),
  listStakes: endpoint({
    method: 'GET',
    path: '/stakes',
    access: 'public',
    summary: 'Who has TAG at stake or votes with it, most first.',
    query: PageQuery.extend({ role: z.enum(['operator', 'validator']).optional() }),
    response: Page(StakeDocument),
  }),
  getStake: endpoint({
    method: 'GET',
    path: '/stakes/{account}',
    access: 'public',
    summary: 'What an account has at stake; zeros when it has none.',
    params: accountParams,
    response: StakeDocument,
  }),
  listProposals: endpoint({
    method: 'GET',
    path: '/proposals',
    access: 'public',
    summary: 'Proposals to the governor, newest first.',
    query: PageQuery,
    response: Page(ProposalSummary),
  }),
  getProposal: endpoint({
    method: 'GET',
    path: '/proposals/{id}',
    access: 'public',
    summary: 'A proposal with its votes.',
    params: proposalParams,
    response: ProposalDocument,
  }),
  listParameters: endpoint({
    method: 'GET',
    path: '/parameters',
    access: 'public',
    summary: "The network's numbers with the bounds nobody can move them out of.",
    response: z.object({ data: z.array(ParameterDocument) }),
  }),
}
