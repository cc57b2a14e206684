import type { Address, Hex } from '@tagger/protocol'
import { amountOf, type ChainEvent, type EventValue, hexOf } from './event.ts'

const NOBODY = `0x${'0'.repeat(40)}`

/** What the chain says of a passport. */
export interface PassportOnChain {
  owner: Address
  contentRoot: Hex
  version: number
  sources: EventValue
  transactionHash: Hex
}

/** A passport after one more event of its own; null before it is minted. */
export function foldPassport(passport: PassportOnChain | null, event: ChainEvent): PassportOnChain | null {
  switch (event.name) {
    case 'PassportMinted':
      return {
        owner: hexOf(event, 'owner'),
        ...contentOf(event.args.version!),
        version: 1,
        sources: event.args.sources!,
        transactionHash: event.transactionHash,
      }
    case 'PassportVersion':
      return (
        passport && {
          ...passport,
          ...contentOf(event.args.input!),
          version: Number(event.args.version),
          sources: event.args.sources!,
        }
      )
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
  purchaseTransaction: Hex
}

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
        purchaseTransaction: event.transactionHash,
      }
    case 'Delivered':
      return (
        license && {
          ...license,
          status: 'delivered',
          sealedKey: hexOf(event, 'sealedKey'),
          deliveredAt: event.time,
        }
      )
    case 'LicenseRefunded':
      return license && { ...license, status: 'refunded' }
    case 'Transfer':
      // Burning a refunded license leaves its row with the buyer who had it.
      return license && event.args.to !== NOBODY ? { ...license, owner: hexOf(event, 'to') } : license
    default:
      return license
  }
}

function contentOf(version: EventValue): { contentRoot: Hex } {
  return { contentRoot: (version as { contentRoot: Hex }).contentRoot }
}
