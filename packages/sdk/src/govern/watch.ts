import { campaignsAbi, disputesAbi } from '@tagger/contracts/abi'
import {
  type Address,
  type BatchHeader,
  batchHashOf,
  type ChainFacts,
  type Crypto,
  campaignIdOf,
  type Hex,
  TaggerError,
  type Terms,
  toAddress,
  ZERO32,
} from '@tagger/protocol'
import { getAbiItem } from 'viem'
import type { Chain } from '../chain/chain.ts'
import { BLOCKS, toHeader, toTerms } from '../chain/facts.ts'

/** Blocks that may still be replaced by others: they are read again each time. */
const UNSETTLED_BLOCKS = 64n

const EVENTS = [
  getAbiItem({ abi: campaignsAbi, name: 'CampaignOpened' }),
  getAbiItem({ abi: campaignsAbi, name: 'BatchProposed' }),
  getAbiItem({ abi: campaignsAbi, name: 'BatchFinal' }),
  getAbiItem({ abi: campaignsAbi, name: 'BatchVoid' }),
  getAbiItem({ abi: disputesAbi, name: 'Challenged' }),
  getAbiItem({ abi: disputesAbi, name: 'VoteCommitted' }),
  getAbiItem({ abi: disputesAbi, name: 'DisputeResolved' }),
  getAbiItem({ abi: disputesAbi, name: 'VoteSettled' }),
] as const

/** A batch that waits to become final, as its proposal says. Times in seconds since epoch. */
export interface ProposedBatch {
  campaignId: Hex
  batch: Hex
  header: BatchHeader
  terms: Terms
  proposedAt: number
  finalAt: number
  /** The dispute about this proposal, running or over. */
  disputeId: Hex | null
}

/** A dispute as its events tell it; what it stands at is read when it is needed. */
export interface WatchedDispute {
  id: Hex
  campaignId: Hex
  batch: Hex
  challenger: Address
  /** In the challenger's words. */
  reason: string
  isResolved: boolean
  /** Who committed a vote, and whether it is settled. */
  voters: ReadonlyMap<Address, { isSettled: boolean }>
}

/**
 * What the chain's own events say of batches and disputes. Nothing is taken from a node's index: terms and headers are
 * hashed again here, and the batches before one are those its header names.
 */
export interface Watch {
  /** Reads what is new. Blocks that may be replaced are read again; what they said meanwhile is harmless. */
  read(): Promise<void>
  /** Batches that are neither final nor void. */
  pending(): ProposedBatch[]
  /** A batch that was ever proposed. */
  find(batch: Hex): ProposedBatch | null
  disputes(): WatchedDispute[]
  /** What `verify` compares the evidence of a batch and all before it with. */
  factsOf(batch: ProposedBatch): ChainFacts
}

interface Dispute extends WatchedDispute {
  voters: Map<Address, { isSettled: boolean }>
}

/** Watches the chain from a block on; nothing is read before the first call. */
export function createWatch(chain: Chain, crypto: Crypto, from = 0n): Watch {
  const { deployment, client, network } = chain
  const terms = new Map<Hex, Terms>()
  const batches = new Map<Hex, ProposedBatch>()
  const pending = new Set<Hex>()
  const disputes = new Map<Hex, Dispute>()
  const disputeOf = new Map<Hex, Hex>()
  let next = from

  const propose = (campaignId: Hex, batch: Hex, header: BatchHeader, finalAt: number) => {
    const agreed = terms.get(campaignId)
    if (agreed === undefined) return
    if (batchHashOf(header, crypto) !== batch) throw notItself(`The header of batch ${batch}`)
    const proposedAt = finalAt - agreed.challengeWindow
    batches.set(batch, { campaignId, batch, header, terms: agreed, proposedAt, finalAt, disputeId: null })
    pending.add(batch)
    disputeOf.delete(batch)
  }

  const take = (log: Log) => {
    switch (log.eventName) {
      case 'CampaignOpened': {
        const opened = toTerms(log.args.terms)
        if (campaignIdOf(opened, deployment, crypto) !== log.args.id) {
          throw notItself(`The terms of campaign ${log.args.id}`)
        }
        terms.set(log.args.id, opened)
        return
      }
      case 'BatchProposed': {
        const { id, batch, header, finalAt } = log.args
        return propose(id, batch, toHeader(header), Number(finalAt))
      }
      case 'BatchFinal':
      case 'BatchVoid':
        pending.delete(log.args.batch)
        return
      case 'Challenged': {
        const { id, campaignId, batch, challenger, reason } = log.args
        const known = { id, campaignId, batch, challenger: toAddress(challenger), reason }
        disputes.set(id, { ...known, isResolved: false, voters: new Map() })
        disputeOf.set(batch, id)
        return
      }
      case 'VoteCommitted':
        disputes.get(log.args.id)?.voters.set(toAddress(log.args.voter), { isSettled: false })
        return
      case 'VoteSettled':
        disputes.get(log.args.id)?.voters.set(toAddress(log.args.voter), { isSettled: true })
        return
      case 'DisputeResolved': {
        const dispute = disputes.get(log.args.id)
        if (dispute !== undefined) dispute.isResolved = true
      }
    }
  }

  const logsBetween = (fromBlock: bigint, toBlock: bigint) => {
    const { campaigns, disputes } = network.contracts
    return client.getLogs({
      address: [campaigns, disputes],
      events: EVENTS,
      fromBlock,
      toBlock,
      strict: true,
    })
  }
  type Log = Awaited<ReturnType<typeof logsBetween>>[number]

  const find = (batch: Hex): ProposedBatch | null => {
    const known = batches.get(batch)
    return known === undefined ? null : { ...known, disputeId: disputeOf.get(batch) ?? null }
  }
  return {
    async read() {
      const latest = await client.getBlockNumber({ cacheTime: 0 })
      for (let first = next; first <= latest; first += BLOCKS) {
        const last = first + BLOCKS - 1n
        for (const log of await logsBetween(first, last < latest ? last : latest)) take(log)
        const settled = (last < latest ? last : latest) - UNSETTLED_BLOCKS
        if (settled >= next) next = settled + 1n
      }
    },
    pending: () => [...pending].map((batch) => find(batch)!),
    find,
    disputes: () => [...disputes.values()],
    factsOf({ header, terms: agreed }) {
      const headers = [header]
      for (let { previous } = header; previous !== ZERO32; previous = headers[0]!.previous) {
        const before = batches.get(previous)
        if (before === undefined) throw new TaggerError('not-found', `Nobody proposed batch ${previous}`)
        headers.unshift(before.header)
      }
      return { deployment, terms: agreed, headers }
    },
  }
}

function notItself(what: string): TaggerError {
  return new TaggerError('batch-invalid', `${what} does not hash to its name`, {
    hints: ['The chain that answers is not the one of these contracts, or it lies.'],
  })
}
