import { licensesAbi, passportsAbi } from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError, toHex } from '@tagger/protocol'
import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'
import { parseEventLogs } from 'viem'
import type { Chain } from '../chain/chain.ts'
import { onChainProof } from '../chain/structs.ts'
import { waitUntil } from '../clock.ts'
import type { Link } from '../connection.ts'
import { tokenOf } from '../network.ts'

export type DatasetDocument = ResponseOf<Endpoints['getDataset']>

export interface PublishInput {
  title: string
  description?: string
  /** In the token's smallest unit. */
  price: bigint
  /** Symbol or address; the network's first token when left out. */
  token?: string
  /** Seconds a license lasts, and by how much one renewal prolongs it; 0 never ends. */
  duration?: number
  /** Accounts that may use a license besides its owner; none when left out. */
  seats?: number
  /** Nobody else may hold a license while one of these runs. */
  isExclusive?: boolean
  /** Whether licenses may change hands; they may when left out. */
  isTransferable?: boolean
  /** Whether licensees may make new datasets of it. */
  mayDerive?: boolean
  onStep?: (step: 'made' | 'minted' | 'offered' | 'listed', detail: string) => void
}

const DELIVER_WITHIN_SECONDS = 86_400
const LISTED_SECONDS = 60

/** Makes the dataset, mints its passport and offers licenses that the operator delivers. */
export async function publishDataset(
  link: Link,
  campaignId: Hex,
  input: PublishInput,
): Promise<{ dataset: DatasetDocument; passportId: bigint; offerId: Hex }> {
  const { title, description = '', onStep } = input
  const made = await link.api.createDataset({ params: { id: campaignId }, body: { title, description } })
  onStep?.('made', made.id)
  const chain = await link.chain()
  const passportId = made.passportId === null ? await mint(chain, made) : BigInt(made.passportId)
  onStep?.('minted', passportId.toString())
  const { operator } = await link.network()
  const offerId = await createOffer(chain, { ...made, passportId, deliverer: operator }, input)
  onStep?.('offered', offerId)
  const dataset = await waitUntil(
    async () => {
      const document = await link.api.getDataset({ params: { id: made.id } })
      return document.offers.some(({ id }) => id === offerId) ? document : null
    },
    {
      seconds: LISTED_SECONDS,
      onTimeout: () =>
        new TaggerError('unavailable', 'The offer is on chain, but the node does not list it yet', {
          data: { datasetId: made.id, offerId },
        }),
    },
  )
  onStep?.('listed', dataset.id)
  return { dataset, passportId, offerId }
}

async function mint(chain: Chain, { mint: { version, proofs } }: DatasetDocument): Promise<bigint> {
  const receipt = await chain.write({
    what: 'Minting the passport',
    address: chain.network.contracts.passports,
    abi: passportsAbi,
    functionName: 'mint',
    args: [version, proofs.map(onChainProof)],
  })
  const [minted] = parseEventLogs({ abi: passportsAbi, logs: receipt.logs, eventName: 'PassportMinted' })
  if (minted === undefined) throw new TaggerError('transaction-failed', 'Minting left no passport behind')
  return minted.args.passportId
}

async function createOffer(
  chain: Chain,
  { passportId, deliverer, mint }: { passportId: bigint; deliverer: Address; mint: DatasetDocument['mint'] },
  input: PublishInput,
): Promise<Hex> {
  const { price, token, duration = 0, seats = 0, isExclusive = false, isTransferable = true } = input
  const { network } = chain
  const receipt = await chain.write({
    what: 'Offering licenses',
    address: network.contracts.licenses,
    abi: licensesAbi,
    functionName: 'createOffer',
    args: [
      {
        passportId,
        token: tokenOf(network, token).address,
        price,
        duration: BigInt(duration),
        seats,
        deliverer,
        deliverWithin: BigInt(DELIVER_WITHIN_SECONDS),
        isExclusive,
        isTransferable,
        mayDerive: input.mayDerive ?? false,
        rightsHash: mint.version.rightsHash,
        nonce: BigInt(toHex(globalThis.crypto.getRandomValues(new Uint8Array(8)))),
      },
    ],
  })
  const [created] = parseEventLogs({ abi: licensesAbi, logs: receipt.logs, eventName: 'OfferCreated' })
  if (created === undefined) throw new TaggerError('transaction-failed', 'No offer was created')
  return created.args.offerId
}
