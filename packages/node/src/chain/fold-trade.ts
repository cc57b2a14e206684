import type { Address, Hex } from '@tagger/protocol'
import { amountOf, type ChainEvent, type EventValue, hexOf } from './event.ts'

const NOBODY = `0x${'0'.repeat(40)}`

/** What the chain says of a passport. */
export interface PassportOnChain {
  owner: Address
  /** Oldest first, numbered from 1. All of them: whoever bought one keeps it. */
  versions: readonly VersionOnChain[]
}

/** One version of a passport, with the transaction that brought it. */
export interface VersionOnChain {
  /** What it says; on chain only its hash stays. */
  document: { contentRoot: Hex; sources: EventValue; [field: string]: EventValue }
  transactionHash: Hex
}

/** A passport after one more event of its own; null before it is minted. */
export function foldPassport(passport: PassportOnChain | null, event: ChainEvent): PassportOnChain | null {
  switch (event.name) {
    case 'PassportMinted':
      return { owner: hexOf(event, 'owner'), versions: [versionOf(event)] }
    case 'PassportVersion':
      return passport && { ...passport, versions: [...passport.versions, versionOf(event)] }
    case 'Transfer':
      return passport && { ...passport, owner: hexOf(event, 'to') }
    default:
      return passport
  }
}

/** What the chain says of an offer. */
export interface OfferOnChain {
  passportId: string
  offer: EventValue
  isOpen: boolean
}

/** An offer after one more event of its own; null before it is created. */
export function foldOffer(offer: OfferOnChain | null, event: ChainEvent): OfferOnChain | null {
  switch (event.name) {
    case 'OfferCreated':
      return { passportId: String(event.args.passportId), offer: event.args.offer!, isOpen: true }
    case 'OfferWithdrawn':
      return offer && { ...offer, isOpen: false }
    default:
      return offer
  }
}

/** What the chain says of a license. */
export interface LicenseOnChain {
  offerId: Hex
  passportId: string
  version: number
  owner: Address
  price: bigint
  buyerPublicKey: Hex
  sealedKey: Hex | null
  status: 'paid' | 'delivered' | 'refunded'
  purchasedAt: number
  deliveredAt: number | null
  inspectUntil: number | null
  releasedAt: number | null
  /** Seconds; 0 before the delivery and for one that never ends. */
  expiresAt: number
  /** What its price and renewals brought. */
  revenue: bigint
  purchaseTransaction: Hex
}

/** ERC-5643's end of what never ends. */
const NEVER = (1n << 64n) - 1n

/** A license after one more event of its own; null before it is bought. */
export function foldLicense(license: LicenseOnChain | null, event: ChainEvent): LicenseOnChain | null {
  switch (event.name) {
    case 'Purchased':
      return {
        offerId: hexOf(event, 'offerId'),
        passportId: String(event.args.passportId),
        version: Number(event.args.version),
        owner: hexOf(event, 'buyer'),
        price: amountOf(event, 'price'),
        buyerPublicKey: hexOf(event, 'buyerPublicKey'),
        sealedKey: null,
        status: 'paid',
        purchasedAt: event.time,
        deliveredAt: null,
        inspectUntil: null,
        releasedAt: null,
        expiresAt: 0,
        revenue: 0n,
        purchaseTransaction: event.transactionHash,
      }
    case 'Delivered':
      return (
        license && {
          ...license,
          status: 'delivered',
          sealedKey: hexOf(event, 'sealedKey'),
          deliveredAt: event.time,
          inspectUntil: Number(event.args.inspectUntil),
        }
      )
    case 'Released':
      return license && { ...license, releasedAt: event.time, revenue: license.revenue + splitOf(event) }
    case 'Renewed':
      return license && { ...license, revenue: license.revenue + splitOf(event) }
    case 'SubscriptionUpdate': {
      const expiration = amountOf(event, 'expiration')
      return license && { ...license, expiresAt: expiration === NEVER ? 0 : Number(expiration) }
    }
    case 'LicenseRefunded':
      return license && { ...license, status: 'refunded' }
    case 'Transfer':
      // Burning a refunded license leaves its row with the buyer who had it.
      return license && event.args.to !== NOBODY ? { ...license, owner: hexOf(event, 'to') } : license
    default:
      return license
  }
}

function versionOf(event: ChainEvent): VersionOnChain {
  return {
    document: event.args.version as VersionOnChain['document'],
    transactionHash: event.transactionHash,
  }
}

/** All parts of a price that was split. */
function splitOf(event: ChainEvent): bigint {
  return amountOf(event, 'protocolFee') + amountOf(event, 'contributors') + amountOf(event, 'rest')
}
