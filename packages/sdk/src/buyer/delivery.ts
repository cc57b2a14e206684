import { passportsAbi } from '@tagger/contracts/abi'
import {
  type Crypto,
  decryptContent,
  fromHex,
  type Hex,
  openSealedKey,
  TaggerError,
  toHex,
} from '@tagger/protocol'
import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'
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
  const secret = await link.store.get(secretKeyOf(license.buyerPublicKey))
  if (secret === null) {
    throw new TaggerError('not-delivered', 'The one-time key of this purchase is not on this device', {
      hints: ['Open the license where it was bought.'],
    })
  }
  const params = { id: license.datasetId }
  const [dataset, response, version] = await Promise.all([
    link.api.getDataset({ params }),
    link.api.getContent({ params }),
    versionOf(link, license),
  ])
  const sealed = new Uint8Array(await response.arrayBuffer())
  const contentKey = openSealedKey({ secret: fromHex(secret, 32), sealed: fromHex(license.sealedKey) })
  const content = openContent({ sealed, contentKey, version }, link.crypto)
  return { content, dataset, license }
}

/** What a license is of, from the passport itself: the node only delivers. */
async function versionOf(link: Link, { passportId, version }: LicenseDocument) {
  const { client, network } = await link.chain()
  return await client.readContract({
    address: network.contracts.passports,
    abi: passportsAbi,
    functionName: 'versionOf',
    args: [BigInt(passportId), BigInt(version)],
  })
}

/** Decrypts content and compares all three hashes of the passport: key, cipher and content. */
export function openContent(
  delivered: {
    sealed: Uint8Array
    contentKey: Uint8Array
    version: Pick<DatasetDocument['mint']['version'], 'contentRoot' | 'cipherRoot' | 'keyHash'>
  },
  crypto: Crypto,
): Uint8Array {
  const { sealed, contentKey, version } = delivered
  requireHash('key', crypto.sha256(contentKey), version.keyHash)
  requireHash('encrypted content', crypto.sha256(sealed), version.cipherRoot)
  const content = decryptContent(contentKey, sealed)
  requireHash('content', crypto.sha256(content), version.contentRoot)
  return content
}

function requireHash(what: string, actual: Uint8Array, expected: Hex): void {
  if (toHex(actual) === expected) return
  throw new TaggerError('not-delivered', `The delivered ${what} is not the one the passport names`, {
    data: { expected, actual: toHex(actual) },
  })
}
