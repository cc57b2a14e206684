/** How tests make passports and licenses. */
import { createECDH, createHash } from 'node:crypto'
import {
  type Address,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseEventLogs,
  stringToHex,
  toHex,
} from 'viem'
import { licensesAbi, passportsAbi } from '../abi/index.ts'
import { type Batch, type Campaign, noPermit } from './campaign.ts'
import { address, as, chain, type Name, newWorld, usd, type World } from './world.ts'

export type Version = Parameters<World['passports']['read']['versionHash']>[0][0]
export type Offer = Parameters<World['licenses']['read']['offerId']>[0][0]
export type Origin = { campaign: Campaign; batch: Batch; weight?: number }

/** What every dataset here is encrypted with. */
export const contentKey = createHash('sha256').update('content key').digest()

/** A dataset made from these batches, but for what a test changes. */
export function newVersion(origins: readonly Origin[] = [], changes: Partial<Version> = {}): Version {
  return {
    contentRoot: keccak256(stringToHex('content')),
    cipherRoot: keccak256(stringToHex('cipher')),
    keyHash: toHex(createHash('sha256').update(contentKey).digest()),
    rightsHash: keccak256(stringToHex('rights')),
    manifest: keccak256(stringToHex('manifest')),
    sources: origins.map(sourceOf),
    ...changes,
  }
}

export const sourceOf = ({ campaign, batch, weight = 10_000 }: Origin) => ({
  campaignId: campaign.id,
  batch: batch.hash,
  weight,
  contributorsBps: batch.header.payoutsTotal === 0n ? 0 : campaign.terms.contributorsBps,
})
export const proofOf = ({ campaign, batch }: Origin) => ({ terms: campaign.terms, header: batch.header })

/** Computed here, not asked from the contract. */
export function versionHashOf(version: Version): Hex {
  const inputs = passportsAbi.find((item) => item.type === 'function' && item.name === 'versionHash')!.inputs
  return keccak256(encodeAbiParameters(inputs, [version]))
}

/** The arguments of `mint` for a dataset made from these batches. */
export const mintArguments = (origins: readonly Origin[], changes: Partial<Version> = {}) =>
  [newVersion(origins, changes), origins.map(proofOf)] as const

export async function mintPassport(
  world: World,
  origins: readonly Origin[],
  changes: Partial<Version> = {},
): Promise<bigint> {
  const hash = await world.passports.write.mint(mintArguments(origins, changes), as('requester'))
  const { logs } = await chain.getTransactionReceipt({ hash })
  const [minted] = parseEventLogs({ abi: passportsAbi, logs, eventName: 'PassportMinted' })
  return minted!.args.passportId
}

export function newOffer(world: World, passportId: bigint, changes: Partial<Offer> = {}): Offer {
  return {
    passportId,
    token: world.testUsd.address,
    duration: 0n,
    seats: 0,
    price: usd(100),
    deliverer: address.operator,
    deliverWithin: 3_600n,
    isExclusive: false,
    isTransferable: true,
    mayDerive: false,
    rightsHash: keccak256(stringToHex('rights')),
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

/** A one-time pair as a buyer's browser makes it. */
export function newKey(): { secret: bigint; publicKey: Hex } {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  return keyOf(ecdh.getPrivateKey())
}

function keyOf(secret: Uint8Array): { secret: bigint; publicKey: Hex } {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(secret)
  return { secret: BigInt(toHex(secret)), publicKey: toHex(ecdh.getPublicKey()) }
}

/** The next point on P-256 from this coordinate on, as hex of both coordinates. */
export function pointFrom(from: bigint): string {
  const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
  const power = (base: bigint, exponent: bigint) => {
    let [result, factor] = [1n, base % p]
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = (result * factor) % p
      factor = (factor * factor) % p
    }
    return result
  }
  for (let x = from; ; x++) {
    const square = (((x * x - 3n) * x + b) % p) + p
    const y = power(square, (p + 1n) / 4n)
    if ((y * y - square) % p === 0n) return [x, y].map((v) => v.toString(16).padStart(64, '0')).join('')
  }
}

/** What `ben` buys with, the same in every run: what a product on the curve costs follows from its bits. */
export const buyerKey = keyOf(createHash('sha256').update('buyer').digest())

/** A key sealed to a public key, written here from the form the interface gives; `secret` is the sealer's, if not chance. */
export function seal(
  key: Uint8Array = contentKey,
  publicKey: Hex = buyerKey.publicKey,
  secret?: Uint8Array,
): Hex {
  const once = createECDH('prime256v1')
  if (secret === undefined) once.generateKeys()
  else once.setPrivateKey(secret)
  const point = once.getPublicKey()
  const buyer = Buffer.from(publicKey.slice(2), 'hex')
  const mask = createHash('sha256')
    .update(once.computeSecret(buyer))
    .update(Buffer.from([0, 0, 0, 1]))
    .update('tagger/seal/2')
    .update(point)
    .update(buyer.subarray(1, 33))
    .digest()
  return toHex(Buffer.concat([point, mask.map((byte, i) => byte ^ key[i]!)]))
}

/** The arguments of `purchase` for a passport of `newVersion()` at the offered price. */
export const purchaseArguments = (offer: Offer, version: Version = newVersion()) =>
  [offer, versionHashOf(version), offer.price, buyerKey.publicKey, noPermit] as const

/** Buys a license of the newest version. */
export async function buy(world: World, offer: Offer, buyer: Name = 'ben'): Promise<bigint> {
  const { hash: version } = await world.passports.read.newest([offer.passportId])
  const args = [offer, version, offer.price, buyerKey.publicKey, noPermit] as const
  const hash = await world.licenses.write.purchase(args, as(buyer))
  const { logs } = await chain.getTransactionReceipt({ hash })
  const [purchased] = parseEventLogs({ abi: licensesAbi, logs, eventName: 'Purchased' })
  return purchased!.args.licenseId
}

/** A license Ben has paid for, of a dataset without sources, and how it came about. */
export async function newSale() {
  const world = await newWorld()
  const passportId = await mintPassport(world, [])
  const offer = await createOffer(world, passportId)
  return { world, passportId, offer, licenseId: await buy(world, offer) }
}

export const deliver = (world: World, licenseId: bigint, sealedKey: Hex = seal()) =>
  world.licenses.write.deliver([licenseId, sealedKey], as('operator'))

/** Delivers and has the buyer content with it. */
export async function complete(world: World, licenseId: bigint, buyer: Name = 'ben') {
  await deliver(world, licenseId)
  return await world.licenses.write.release([licenseId], as(buyer))
}

/** A license bought, delivered and paid for. */
export async function sell(world: World, offer: Offer, buyer: Name = 'ben'): Promise<bigint> {
  const licenseId = await buy(world, offer, buyer)
  await complete(world, licenseId, buyer)
  return licenseId
}

/** What `claimShare` takes for one account of one source. */
export const shareArguments = (sold: {
  token: Address
  passportId: bigint
  number?: bigint
  version: Version
  batch: Batch
  account: Address
}) =>
  [
    sold.token,
    sold.passportId,
    sold.number ?? 1n,
    sold.version,
    sold.batch.header,
    sold.batch.payouts.claim(sold.account),
  ] as const
