/** How tests make passports and licenses. */
import { createECDH } from 'node:crypto'
import { type Hex, keccak256, parseEventLogs, stringToHex, toHex } from 'viem'
import { licensesAbi, passportsAbi } from '../abi/index.ts'
import { type Batch, type Campaign, noPermit } from './campaign.ts'
import { address, as, chain, usd, type World } from './world.ts'

export const versionInput = {
  contentRoot: keccak256(stringToHex('content')),
  cipherRoot: keccak256(stringToHex('cipher')),
  keyHash: keccak256(stringToHex('key')),
  rightsHash: keccak256(stringToHex('rights')),
  uri: 'ipfs://passport',
}

export type Origin = { campaign: Campaign; batch: Batch; weight?: number }

export const sourceOf = ({ campaign, batch, weight = 10_000 }: Origin) => ({
  campaignId: campaign.id,
  batch: batch.hash,
  weight,
})
export const proofOf = ({ campaign, batch }: Origin) => ({ terms: campaign.terms, header: batch.header })

/** The arguments of `mint` for a dataset made from these batches. */
export const mintArguments = (origins: readonly Origin[]) =>
  [versionInput, origins.map(sourceOf), origins.map(proofOf)] as const

export async function mintPassport(world: World, origins: readonly Origin[]): Promise<bigint> {
  const hash = await world.passports.write.mint(mintArguments(origins), as('requester'))
  const { logs } = await chain.getTransactionReceipt({ hash })
  const [minted] = parseEventLogs({ abi: passportsAbi, logs, eventName: 'PassportMinted' })
  return minted!.args.passportId
}

export type Offer = Parameters<World['licenses']['read']['offerId']>[0][0]

export function newOffer(world: World, passportId: bigint, changes: Partial<Offer> = {}): Offer {
  return {
    passportId,
    token: world.testUsd.address,
    price: usd(100),
    duration: 0n,
    deliverWithin: 3_600n,
    rightsHash: versionInput.rightsHash,
    deliverer: address.operator,
    nonce: 0n,
    ...changes,
  }
}

export async function createOffer(
  world: World,
  passportId: bigint,
  changes: Partial<Offer> = {},
): Promise<Offer> {
  const offer = newOffer(world, passportId, changes)
  await world.licenses.write.createOffer([offer], as('requester'))
  return offer
}

/** A one-time key as a buyer's browser makes it. */
export function newPublicKey(): Hex {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  return toHex(ecdh.getPublicKey())
}

/** The arguments of `purchase` for a passport's first version at the offered price. */
export const purchaseArguments = (offer: Offer, key = newPublicKey()) =>
  [offer, 1n, versionInput.contentRoot, offer.price, key, noPermit] as const

export async function buy(world: World, offer: Offer): Promise<bigint> {
  const hash = await world.licenses.write.purchase(purchaseArguments(offer), as('ben'))
  const { logs } = await chain.getTransactionReceipt({ hash })
  const [purchased] = parseEventLogs({ abi: licensesAbi, logs, eventName: 'Purchased' })
  return purchased!.args.licenseId
}

export const sealedKey = keccak256(stringToHex('sealed'))

export const deliver = (world: World, licenseId: bigint) =>
  world.licenses.write.deliver([licenseId, sealedKey], as('operator'))
