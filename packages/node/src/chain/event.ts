import type { Address, Hex } from '@tagger/protocol'
import { decodeEventLog, type Log } from 'viem'
import type { Contracts } from '../node.ts'
import { abis, type ContractName, contractAt } from './contracts.ts'

/** What an argument may be in a stored event: whole numbers above 48 bits are decimal strings, hex is lower case. */
export type EventValue = string | number | boolean | EventValue[] | { [name: string]: EventValue }

/** One event of our contracts, as it is stored and folded. */
export interface ChainEvent {
  blockNumber: number
  logIndex: number
  /** Seconds, of its block. */
  time: number
  transactionHash: Hex
  contract: ContractName
  name: string
  campaignId: Hex | null
  /** What it is about: a passport, offer, license, dispute, proposal, an account's stake, or the network's numbers. */
  subject: string | null
  args: Record<string, EventValue>
}

/** Reads a log of one of our contracts; null for events the ledger does not follow. */
export function readEvent(
  log: Log<bigint, number, false>,
  time: number,
  contracts: Contracts,
): ChainEvent | null {
  const contract = contractAt(contracts, log.address)
  if (contract === null) return null
  const decoded = decode(contract, log)
  if (decoded === null) return null
  const { name, args } = decoded
  return {
    blockNumber: Number(log.blockNumber),
    logIndex: log.logIndex,
    time,
    transactionHash: log.transactionHash,
    contract,
    name,
    campaignId: contract === 'campaigns' && typeof args.id === 'string' ? (args.id as Hex) : null,
    subject: subjectOf(contract, name, args),
    args,
  }
}

function decode(contract: ContractName, log: Pick<Log, 'data' | 'topics'>) {
  try {
    const { eventName, args } = decodeEventLog({ abi: abis[contract], data: log.data, topics: log.topics })
    return { name: String(eventName), args: plain(args ?? {}) as ChainEvent['args'] }
  } catch {
    return null
  }
}

function subjectOf(contract: ContractName, name: string, args: ChainEvent['args']): string | null {
  const subject = (kind: string, id: EventValue | undefined) => (id === undefined ? null : `${kind}:${id}`)
  switch (contract) {
    case 'passports':
      return subject('passport', args.passportId ?? args.tokenId)
    case 'licenses':
      return subject('license', args.licenseId ?? args.tokenId) ?? subject('offer', args.offerId)
    case 'staking':
      return subject('account', args.account ?? args.delegate ?? args.delegator)
    case 'disputes':
      return subject('dispute', args.id)
    case 'tagGovernor':
      return name === 'QuorumNumeratorUpdated' ? 'quorum' : subject('proposal', args.proposalId)
    case 'parameters':
      return name === 'ParameterSet' ? 'parameters' : null
    default:
      return null
  }
}

function plain(value: unknown): EventValue {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : value
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value as object).map(([name, entry]) => [name, plain(entry)]))
}

/** An argument that is an amount. */
export function amountOf(event: ChainEvent, name: string): bigint {
  return BigInt(event.args[name] as string)
}

/** An argument that is an address or a hash. */
export function hexOf(event: ChainEvent, name: string): Hex & Address {
  return event.args[name] as Hex & Address
}

/** An argument that is a text anyone wrote: PostgreSQL holds no zero character. */
export function textOf(event: ChainEvent, name: string): string {
  return String(event.args[name]).replaceAll('\0', '\ufffd')
}
