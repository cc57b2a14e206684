import { licensesAbi } from '@tagger/contracts/abi'
import { type Address, TaggerError, toAddress } from '@tagger/protocol'
import {
  type Hex,
  isAddress,
  pad,
  parseEventLogs,
  type TransactionReceipt,
  toEventSelector,
  toHex,
} from 'viem'
import type { Chain } from '../chain/chain.ts'
import { readLogs } from '../chain/facts.ts'
import type { Link } from '../connection.ts'
import { type Token, tokenOf } from '../network.ts'

/** What a license allows, as the contract has it; times in seconds since epoch. */
export interface LicenseTerms {
  owner: Address
  /** Null for one that never ends, or was not delivered yet. */
  expiresAt: number | null
  /** What one renewal costs and by how much it prolongs; null when there is none now. */
  renewal: { price: bigint; token: Token; seconds: number } | null
  /** How many accounts may use it besides its owner. */
  seats: number
  /** Those its owner has given a seat. */
  taken: Address[]
}

/** Reads them from the chain. Throws `license-missing` when there is no such license. */
export async function readLicenseTerms(link: Link, licenseId: bigint): Promise<LicenseTerms> {
  const chain = await link.chain()
  const { client, network } = chain
  const read = { address: network.contracts.licenses, abi: licensesAbi, args: [licenseId] } as const
  const owner = await client.readContract({ ...read, functionName: 'ownerOf' }).catch((cause) => {
    throw new TaggerError('license-missing', `There is no license ${licenseId}`, {
      cause,
      hints: ['It may have been refunded.'],
    })
  })
  const blockTag = network.isLocal ? ('pending' as const) : ('latest' as const)
  const [expiresAt, isRenewable, { offer }] = await Promise.all([
    client.readContract({ ...read, functionName: 'expiresAt' }),
    client.readContract({ ...read, functionName: 'isRenewable', blockTag }),
    client.readContract({ ...read, functionName: 'offerOf' }),
  ])
  const token = tokenOf(network, offer.token.toLowerCase())
  return {
    owner: toAddress(owner),
    expiresAt: expiresAt === 0n || expiresAt > 2n ** 40n ? null : Number(expiresAt),
    renewal: isRenewable ? { price: offer.price, token, seconds: Number(offer.duration) } : null,
    seats: offer.seats,
    taken: offer.seats === 0 ? [] : await readSeats(chain, licenseId, toAddress(owner)),
  }
}

/** Lets an account use the license too. */
export async function takeSeat(link: Link, licenseId: bigint, account: string): Promise<TransactionReceipt> {
  return await changeSeat(link, 'Giving the seat', 'takeSeat', licenseId, account)
}

/** Takes a seat back. */
export async function freeSeat(link: Link, licenseId: bigint, account: string): Promise<TransactionReceipt> {
  return await changeSeat(link, 'Taking the seat back', 'freeSeat', licenseId, account)
}

async function changeSeat(
  link: Link,
  what: string,
  functionName: 'takeSeat' | 'freeSeat',
  licenseId: bigint,
  account: string,
): Promise<TransactionReceipt> {
  if (!isAddress(account, { strict: false })) {
    throw new TaggerError('bad-request', `"${account}" is not an account`, {
      hints: ['It is 0x and 40 hex digits.'],
    })
  }
  const chain = await link.chain()
  return await chain.write({
    what,
    address: chain.network.contracts.licenses,
    abi: licensesAbi,
    functionName,
    args: [licenseId, toAddress(account)],
  })
}

const SEAT_EVENTS = ['SeatTaken', 'SeatFreed'] as const
const SEAT_TOPICS = SEAT_EVENTS.map((name) => {
  return toEventSelector(licensesAbi.find((item) => item.type === 'event' && item.name === name) as never)
})

/** Seats stay with who gave them, so those of earlier owners do not count. */
async function readSeats({ client, network }: Chain, licenseId: bigint, owner: Address): Promise<Address[]> {
  const id = toHex(licenseId, { size: 32 })
  const raw = await readLogs(client, {
    address: network.contracts.licenses,
    topics: [SEAT_TOPICS, id, pad(owner)] as (Hex | Hex[])[],
  })
  const taken = new Set<Address>()
  for (const { eventName, args } of parseEventLogs({
    abi: licensesAbi,
    logs: raw,
    eventName: [...SEAT_EVENTS],
  })) {
    const account = toAddress(args.account)
    if (eventName === 'SeatTaken') taken.add(account)
    else taken.delete(account)
  }
  return [...taken]
}
