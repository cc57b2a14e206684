import { licensesAbi, passportsAbi } from '@tagger/contracts/abi'
import {
  type Address,
  fromHex,
  type Hex,
  openSealedKey,
  TaggerError,
  toHex,
  verifyDelivery,
} from '@tagger/protocol'
import type { Endpoints, PassportVersion, ResponseOf } from '@tagger/protocol/wire'
import type { TransactionReceipt } from 'viem'
import { allow } from '../chain/permit.ts'
import { versionHash } from '../chain/structs.ts'
import { waitUntil } from '../clock.ts'
import type { Link } from '../connection.ts'
import type { DatasetDocument } from '../requester/publish.ts'
import { secretKeyOf } from './purchase.ts'

export type LicenseDocument = ResponseOf<Endpoints['listLicenses']>['data'][number]

const DELIVERY_SECONDS = 120

/** Waits until the sealed key of a license is on chain. */
export async function waitForDelivery(
  link: Link,
  licenseId: bigint,
  seconds = DELIVERY_SECONDS,
): Promise<LicenseDocument & { sealedKey: Hex }> {
  return await waitUntil(
    async () => {
      const { data } = await link.api.listLicenses()
      const license = data.find(({ id }) => id === licenseId.toString())
      if (license?.status === 'refunded') {
        throw new TaggerError('not-delivered', 'This license was refunded: nothing was delivered in time')
      }
      return license?.sealedKey ? { ...license, sealedKey: license.sealedKey } : null
    },
    {
      seconds,
      onTimeout: () =>
        new TaggerError('not-delivered', `License ${licenseId} was not delivered within ${seconds} seconds`, {
          hints: ['When its delivery time has passed, anyone may have it refunded.'],
        }),
    },
  )
}

/** Downloads what a license opens, decrypts it and checks it against the version it was bought for, as on chain. */
export async function download(
  link: Link,
  licenseId: bigint,
): Promise<{ content: Uint8Array; dataset: DatasetDocument; license: LicenseDocument }> {
  const license = await waitForDelivery(link, licenseId)
  if (license.datasetId === null) {
    throw new TaggerError('not-found', 'This node does not hold the dataset of that license')
  }
  const params = { id: license.datasetId }
  const [secret, dataset, response, version] = await Promise.all([
    secretOf(link, license),
    link.api.getDataset({ params }),
    link.api.getContent({ params }),
    versionOf(link, license),
  ])
  const cipher = new Uint8Array(await response.arrayBuffer())
  const sealed = fromHex(license.sealedKey)
  const verdict = verifyDelivery({ secret, sealed, cipher, version }, link.crypto)
  if (!verdict.ok) {
    throw new TaggerError(
      'not-delivered',
      `The delivered ${WORDS[verdict.fault]} is not the one the passport names`,
      {
        data: { fault: verdict.fault },
        hints:
          verdict.fault === 'key'
            ? [
                'While there is time to look, `disputeDelivery` shows that to the contract and returns the price.',
              ]
            : ['Try again. If it stays so, the seller has not kept what the passport promises.'],
      },
    )
  }
  return { content: verdict.content, dataset, license }
}

const WORDS = { key: 'key', cipher: 'encrypted content', content: 'content' } as const

/** Has the price of a license released before the time to look is over: its owner is content with it. */
export async function releaseLicense(link: Link, licenseId: bigint): Promise<TransactionReceipt> {
  const chain = await link.chain()
  return await chain.write({
    what: 'Releasing the price',
    address: chain.network.contracts.licenses,
    abi: licensesAbi,
    functionName: 'release',
    args: [licenseId],
  })
}

/** Prolongs a running license by its offer's duration, `periods` times, at its offer's price. */
export async function renewLicense(link: Link, licenseId: bigint, periods = 1): Promise<TransactionReceipt> {
  const chain = await link.chain()
  const { licenses } = chain.network.contracts
  const { offer } = await chain.client.readContract({
    address: licenses,
    abi: licensesAbi,
    functionName: 'offerOf',
    args: [licenseId],
  })
  const value = offer.price * BigInt(periods)
  const token = offer.token.toLowerCase() as Address
  const permit = await allow({ chain, wallet: link.requireWallet(), token, spender: licenses, value })
  return await chain.write({
    what: 'Renewing the license',
    address: licenses,
    abi: licensesAbi,
    functionName: 'renew',
    args: [licenseId, BigInt(periods), permit],
  })
}

/**
 * Shows the contract that the delivered key is wrong, by publishing the one-time secret of this purchase: the license is
 * burned, and the price waits to be withdrawn. Refused, with nothing published, when the key is the right one.
 */
export async function disputeDelivery(link: Link, licenseId: bigint): Promise<TransactionReceipt> {
  const license = await waitForDelivery(link, licenseId)
  const [secret, version] = await Promise.all([secretOf(link, license), versionOf(link, license)])
  const { keyHash } = version
  const sealed = fromHex(license.sealedKey)
  // Tried here first: a node asked to try it would learn the secret.
  if (isOpened(() => openSealedKey({ secret, sealed, keyHash }))) {
    throw new TaggerError('conflict', 'The delivered key is the one the passport names', {
      hints: ['Nothing was published. Download the content.'],
    })
  }
  const chain = await link.chain()
  return await chain.write({
    what: 'Disputing the delivery',
    address: chain.network.contracts.licenses,
    abi: licensesAbi,
    functionName: 'disputeDelivery',
    args: [licenseId, version, license.sealedKey, BigInt(toHex(secret))],
  })
}

function isOpened(open: () => Uint8Array): boolean {
  try {
    open()
    return true
  } catch {
    return false
  }
}

async function secretOf(link: Link, { buyerPublicKey }: LicenseDocument): Promise<Uint8Array> {
  const secret = await link.store.get(secretKeyOf(buyerPublicKey))
  if (secret !== null) return fromHex(secret, 32)
  throw new TaggerError('not-delivered', 'The one-time key of this purchase is not on this device', {
    hints: ['Open the license where it was bought.'],
  })
}

/** What a license is of: the node tells it, and the passport itself says whether that is so. */
async function versionOf(
  link: Link,
  { bought, passportId, version }: LicenseDocument,
): Promise<PassportVersion> {
  const { client, network } = await link.chain()
  const hash = await client.readContract({
    address: network.contracts.passports,
    abi: passportsAbi,
    functionName: 'hashOf',
    args: [BigInt(passportId), BigInt(version)],
  })
  if (bought !== null && versionHash(bought) === hash) return bought
  throw new TaggerError(
    'not-delivered',
    'The node tells of another version than the one this license is of',
    {
      data: { passportId, version },
    },
  )
}
