import { licensesAbi } from '@tagger/contracts/abi'
import { type Hex, TaggerError } from '@tagger/protocol'
import { parseEventLogs } from 'viem'
import { allow } from '../chain/permit.ts'
import { versionHash } from '../chain/structs.ts'
import type { Link } from '../connection.ts'
import type { DatasetDocument } from '../requester/publish.ts'
import { createOneTimeKey } from './one-time-key.ts'

/** A license just bought; the seller's node delivers the sealed key next. */
export interface Purchase {
  licenseId: bigint
  offerId: Hex
  transaction: Hex
  gasUsed: bigint
}

/**
 * Buys a license of exactly this dataset at its open offer, or at the one named. Refused, with nothing paid, when its
 * passport carries another version by then.
 */
export async function purchase(
  link: Link,
  dataset: Pick<DatasetDocument, 'title' | 'offers' | 'minted'>,
  options: { offerId?: Hex; maxPrice?: bigint } = {},
): Promise<Purchase> {
  const offer = dataset.offers.find(({ id, isOpen }) =>
    options.offerId === undefined ? isOpen : id === options.offerId,
  )
  if (offer === undefined || dataset.minted === null) {
    throw new TaggerError('not-found', `"${dataset.title}" has no open offer`, {
      hints: ['Its owner may have withdrawn it, or replaced this version by a newer one.'],
    })
  }
  const [chain, key] = await Promise.all([link.chain(), createOneTimeKey()])
  // Kept before anything is paid: a license whose secret is lost opens nothing.
  await link.store.set(secretKeyOf(key.publicKey), key.secret)
  const { licenses } = chain.network.contracts
  const wallet = link.requireWallet()
  const token = offer.token.address
  const permit = await allow({ chain, wallet, token, spender: licenses, value: offer.price })
  const receipt = await chain.write({
    what: 'Buying the license',
    address: licenses,
    abi: licensesAbi,
    functionName: 'purchase',
    args: [
      {
        passportId: BigInt(offer.passportId),
        token,
        duration: BigInt(offer.duration),
        seats: offer.seats,
        price: offer.price,
        deliverer: offer.deliverer,
        deliverWithin: BigInt(offer.deliverWithin),
        isExclusive: offer.isExclusive,
        isTransferable: offer.isTransferable,
        mayDerive: offer.mayDerive,
        rightsHash: offer.rightsHash,
        nonce: offer.nonce,
      },
      versionHash(dataset.minted),
      options.maxPrice ?? offer.price,
      key.publicKey,
      permit,
    ],
  })
  const [bought] = parseEventLogs({ abi: licensesAbi, logs: receipt.logs, eventName: 'Purchased' })
  if (bought === undefined) throw new TaggerError('transaction-failed', 'The purchase left no license behind')
  return {
    licenseId: bought.args.licenseId,
    offerId: offer.id,
    transaction: receipt.transactionHash,
    gasUsed: receipt.gasUsed,
  }
}

/** Where the one-time secret of a purchase is kept. */
export function secretKeyOf(publicKey: Hex): string {
  return `one-time-key:${publicKey}`
}
