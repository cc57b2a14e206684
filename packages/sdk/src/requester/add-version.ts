import { passportsAbi } from '@tagger/contracts/abi'
import { TaggerError } from '@tagger/protocol'
import { onChainProof } from '../chain/structs.ts'
import { waitUntil } from '../clock.ts'
import type { Link } from '../connection.ts'
import type { DatasetDocument } from './publish.ts'

export interface VersionOptions {
  /** Those of the version before when left out. */
  title?: string
  description?: string
  onStep?: (step: 'made' | 'added' | 'listed', detail: string) => void
}

const LISTED_SECONDS = 60

/**
 * Makes a dataset of the campaign's newer final results and adds it to the passport as its next version: open offers
 * sell it from then on, licenses of the version before go on. Only for the campaign's requester, who owns the passport.
 */
export async function addVersion(
  link: Link,
  before: DatasetDocument,
  { title = before.title, description = before.description, onStep }: VersionOptions = {},
): Promise<DatasetDocument> {
  const { passportId, minted } = before
  if (passportId === null || minted === null || !before.isNewest) {
    throw new TaggerError('conflict', `"${before.title}" is not the newest version of a passport`, {
      hints: ['Publish it first, or go on from the version that replaced it.'],
    })
  }
  const campaignId = before.mint.version.sources[0]!.campaignId
  const made = await link.api.createDataset({ params: { id: campaignId }, body: { title, description } })
  if (made.id === before.id) {
    throw new TaggerError('nothing-to-settle', 'The campaign has no results newer than this version', {
      hints: ['A version can be added once another batch is final.'],
    })
  }
  onStep?.('made', made.id)
  const chain = await link.chain()
  const { transactionHash } = await chain.write({
    what: 'Adding the version',
    address: chain.network.contracts.passports,
    abi: passportsAbi,
    functionName: 'addVersion',
    args: [BigInt(passportId), minted, made.mint.version, made.mint.proofs.map(onChainProof)],
  })
  onStep?.('added', transactionHash)
  const dataset = await waitUntil(
    async () => {
      const document = await link.api.getDataset({ params: { id: made.id } })
      return document.passportId === passportId && document.isNewest ? document : null
    },
    {
      seconds: LISTED_SECONDS,
      onTimeout: () =>
        new TaggerError('unavailable', 'The version is on chain, but the node does not list it yet', {
          data: { datasetId: made.id, passportId },
        }),
    },
  )
  onStep?.('listed', dataset.id)
  return dataset
}
