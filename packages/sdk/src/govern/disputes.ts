import { campaignsAbi, disputesAbi, parametersAbi } from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import {
  type ContractFunctionArgs,
  encodeAbiParameters,
  keccak256,
  parseEventLogs,
  type TransactionReceipt,
  toHex,
} from 'viem'
import { readCampaignLogs } from '../chain/facts.ts'
import { allow } from '../chain/permit.ts'
import type { Link } from '../connection.ts'
import { keepVote, readKeptVote } from './kept-votes.ts'
import { CHECKPOINT_GAS } from './stake.ts'

const OUTCOMES = ['none', 'open', 'upheld', 'void', 'undecided'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Where a dispute stands; weights and amounts in TAG's smallest unit, times in seconds since epoch. */
export interface DisputeState {
  campaignId: Hex
  batch: Hex
  challenger: Address
  outcome: Outcome
  round: number
  commitEnds: number
  revealEnds: number
  bond: bigint
  totalWeight: bigint
  validWeight: bigint
  invalidWeight: bigint
  pool: bigint
}

/** Challenges of batches, and votes on them. */
export interface Disputes {
  /** Challenges the campaign's pending batch; `reason` is for people to read. */
  challenge(campaignId: Hex, reason: string): Promise<{ disputeId: Hex; transaction: Hex }>
  read(disputeId: Hex): Promise<DisputeState>
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

type Writes = 'challenge' | 'commitVote' | 'revealVote' | 'resolve' | 'settle' | 'collect'

/** The disputes of a client. */
export function createDisputes(link: Link): Disputes {
  const self = () => link.requireWallet().account

  async function write<name extends Writes>(
    what: string,
    functionName: name,
    args: ContractFunctionArgs<typeof disputesAbi, 'nonpayable', name>,
  ): Promise<TransactionReceipt> {
    const chain = await link.chain()
    const address = chain.network.contracts.disputes
    const call = { what, address, abi: disputesAbi, functionName, args, moreGas: CHECKPOINT_GAS }
    return await chain.write(call as never)
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
      const { campaignId, batch, challenger, round, bond, pool } = dispute
      const { totalWeight, validWeight, invalidWeight } = dispute
      return {
        ...{ campaignId, batch, challenger, round, bond, pool, totalWeight, validWeight, invalidWeight },
        outcome: OUTCOMES[dispute.outcome]!,
        commitEnds: Number(dispute.commitEnds),
        revealEnds: Number(dispute.revealEnds),
      }
    },
    async commit(disputeId, isValid) {
      await refuseSecondVote(link, disputeId)
      const salt = toHex(globalThis.crypto.getRandomValues(new Uint8Array(32)))
      await keepVote(link.store, { disputeId, account: self() }, { isValid, salt })
      const commitment = keccak256(
        encodeAbiParameters(
          [{ type: 'bytes32' }, { type: 'address' }, { type: 'bool' }, { type: 'bytes32' }],
          [disputeId, self(), isValid, salt],
        ),
      )
      return await write('Committing the vote', 'commitVote', [disputeId, commitment])
    },
    async reveal(disputeId) {
      const kept = await readKeptVote(link.store, { disputeId, account: self() })
      if (kept === null) {
        throw new TaggerError('not-found', 'The vote to reveal is not kept here', {
          hints: ['Reveal it where it was committed.'],
        })
      }
      return await write('Revealing the vote', 'revealVote', [disputeId, kept.isValid, kept.salt])
    },
    resolve: (disputeId) => write('Counting the votes', 'resolve', [disputeId]),
    settle: async (disputeId, voter = self()) => write('Settling the vote', 'settle', [disputeId, voter]),
    collect: async (account = self()) => write('Collecting', 'collect', [account]),
  }
}

/** What is kept reveals the vote that was committed: no other may take its place. */
async function refuseSecondVote(link: Link, disputeId: Hex): Promise<void> {
  const { client, network } = await link.chain()
  const { weight } = await client.readContract({
    address: network.contracts.disputes,
    abi: disputesAbi,
    functionName: 'ballots',
    args: [disputeId, link.requireWallet().account],
  })
  if (weight !== 0n) throw new TaggerError('conflict', 'This account has voted in this dispute already')
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
