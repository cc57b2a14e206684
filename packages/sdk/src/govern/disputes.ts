import { campaignsAbi, disputesAbi, parametersAbi } from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError, toAddress } from '@tagger/protocol'
import { parseEventLogs, type TransactionReceipt, toHex } from 'viem'
import { readCampaignLogs } from '../chain/facts.ts'
import { allow } from '../chain/permit.ts'
import type { Link } from '../connection.ts'
import { commitmentOf, keepVote, readKeptVotes } from './kept-votes.ts'
import { CHECKPOINT_GAS, contractWriter } from './write.ts'

const OUTCOMES = ['none', 'open', 'upheld', 'void', 'undecided'] as const
export type Outcome = (typeof OUTCOMES)[number]
const CHOICES = ['none', 'valid', 'invalid'] as const

/** Where a dispute stands; weights and amounts in TAG's smallest unit, times in seconds since epoch. */
export interface DisputeState {
  campaignId: Hex
  batch: Hex
  challenger: Address
  operator: Address
  requester: Address
  /** Weights are those of the second before. */
  proposedAt: number
  outcome: Outcome
  round: number
  /** When the commits of this round began. */
  commitStarts: number
  commitEnds: number
  revealEnds: number
  bond: bigint
  totalWeight: bigint
  validWeight: bigint
  invalidWeight: bigint
  pool: bigint
}

/** What is remembered of a vote; all zero and `none` where there is none. */
export interface BallotState {
  commitment: Hex
  weight: bigint
  atRisk: bigint
  round: number
  choice: (typeof CHOICES)[number]
  isSettled: boolean
  paid: bigint
}

/** Challenges of batches, and votes on them. */
export interface Disputes {
  /** Challenges the campaign's pending batch; `reason` is for people to read. */
  challenge(campaignId: Hex, reason: string): Promise<{ disputeId: Hex; transaction: Hex }>
  read(disputeId: Hex): Promise<DisputeState>
  ballot(disputeId: Hex, voter?: Address): Promise<BallotState>
  /** What a challenge puts at risk now, in TAG's smallest unit. */
  bond(): Promise<bigint>
  /** Commits to a vote. What it takes to reveal it is kept in the store before anything is sent. */
  commit(disputeId: Hex, isValid: boolean): Promise<TransactionReceipt>
  /** Reveals what was committed with this store. */
  reveal(disputeId: Hex): Promise<TransactionReceipt>
  /** Counts the votes, or starts the second round when too few voted. */
  resolve(disputeId: Hex): Promise<TransactionReceipt>
  /** Releases what a voter had at risk, less what it lost, and pays its share so far. */
  settle(disputeId: Hex, voter?: Address): Promise<TransactionReceipt>
  /** Pays what bonds have credited to an account. */
  collect(account?: Address): Promise<TransactionReceipt>
}

/** The disputes of a client. */
export function createDisputes(link: Link): Disputes {
  const self = () => link.requireWallet().account

  const write = contractWriter(link, 'disputes', disputesAbi, CHECKPOINT_GAS)
  const voteOf = (disputeId: Hex) => ({ disputeId, account: self() })

  async function ballot(disputeId: Hex, voter = self()): Promise<BallotState> {
    const { client, network } = await link.chain()
    const kept = await client.readContract({
      address: network.contracts.disputes,
      abi: disputesAbi,
      functionName: 'ballots',
      args: [disputeId, voter],
    })
    return { ...kept, choice: CHOICES[kept.choice]! }
  }

  return {
    async challenge(campaignId, reason) {
      const chain = await link.chain()
      const { disputes: spender, tagToken: token } = chain.network.contracts
      const { terms, header } = await pendingBatch(link, campaignId)
      const value = await disputeBond(link)
      const permit = await allow({ chain, wallet: link.requireWallet(), token, spender, value })
      const { logs, transactionHash } = await write('Challenging the batch', 'challenge', [
        terms,
        header,
        reason,
        permit,
      ])
      const [challenged] = parseEventLogs({ abi: disputesAbi, logs, eventName: 'Challenged' })
      if (challenged === undefined) throw new TaggerError('transaction-failed', 'There is no dispute')
      return { disputeId: challenged.args.id, transaction: transactionHash }
    },
    async read(disputeId) {
      const { client, network } = await link.chain()
      const dispute = await client.readContract({
        address: network.contracts.disputes,
        abi: disputesAbi,
        functionName: 'disputes',
        args: [disputeId],
      })
      if (dispute.outcome === 0) throw new TaggerError('not-found', `There is no dispute ${disputeId}`)
      const { campaignId, batch, round, bond, pool, totalWeight, validWeight, invalidWeight } = dispute
      return {
        ...{ campaignId, batch, round, bond, pool, totalWeight, validWeight, invalidWeight },
        challenger: toAddress(dispute.challenger),
        operator: toAddress(dispute.operator),
        requester: toAddress(dispute.requester),
        proposedAt: Number(dispute.proposedAt),
        outcome: OUTCOMES[dispute.outcome]!,
        commitStarts: Number(dispute.commitEnds) - Number(dispute.commitTime) * round,
        commitEnds: Number(dispute.commitEnds),
        revealEnds: Number(dispute.revealEnds),
      }
    },
    ballot,
    bond: () => disputeBond(link),
    async commit(disputeId, isValid) {
      // What is kept reveals the vote that was committed: no other may take its place.
      if ((await ballot(disputeId)).weight !== 0n) {
        throw new TaggerError('conflict', 'This account has voted in this dispute already')
      }
      const kept = await readKeptVotes(link.store, voteOf(disputeId))
      // Said again it is the vote said before: what was sent and never heard of may have arrived.
      const vote = kept.find((one) => one.isValid === isValid) ?? {
        isValid,
        salt: toHex(globalThis.crypto.getRandomValues(new Uint8Array(32))),
      }
      await keepVote(link.store, voteOf(disputeId), vote)
      const commitment = commitmentOf(voteOf(disputeId), vote)
      return await write('Committing the vote', 'commitVote', [disputeId, commitment])
    },
    async reveal(disputeId) {
      const [{ commitment }, kept] = await Promise.all([
        ballot(disputeId),
        readKeptVotes(link.store, voteOf(disputeId)),
      ])
      const vote = kept.find((one) => commitmentOf(voteOf(disputeId), one) === commitment)
      if (vote === undefined) {
        throw new TaggerError('not-found', 'The vote to reveal is not kept here', {
          hints: ['Reveal it where it was committed.'],
        })
      }
      return await write('Revealing the vote', 'revealVote', [disputeId, vote.isValid, vote.salt])
    },
    resolve: (disputeId) => write('Counting the votes', 'resolve', [disputeId]),
    settle: async (disputeId, voter = self()) => write('Settling the vote', 'settle', [disputeId, voter]),
    collect: async (account = self()) => write('Collecting', 'collect', [account]),
  }
}

async function disputeBond(link: Link): Promise<bigint> {
  const { client, network } = await link.chain()
  return await client.readContract({
    address: network.contracts.parameters,
    abi: parametersAbi,
    functionName: 'disputeBond',
  })
}

/** Terms and header of the batch that is pending, from the chain's own events. */
async function pendingBatch(link: Link, campaignId: Hex) {
  const { client, network } = await link.chain()
  const raw = await readCampaignLogs(client, network.contracts.campaigns, campaignId)
  const events = parseEventLogs({ abi: campaignsAbi, logs: raw })
  const opened = events.find(({ eventName }) => eventName === 'CampaignOpened')
  const last = events.findLast(({ eventName }) => /^Batch(Proposed|Final|Void)$/.test(eventName))
  if (opened?.eventName !== 'CampaignOpened' || last?.eventName !== 'BatchProposed') {
    throw new TaggerError('not-found', 'This campaign has no pending batch', {
      hints: ['A batch can be challenged from its proposal until its window is over.'],
    })
  }
  return { terms: opened.args.terms, header: last.args.header }
}
