import { z } from 'zod'
import { TermsDocument } from './documents.ts'
import { NetworkDocument } from './network.ts'
import { Hash } from './primitives.ts'

/** A campaign as a device remembers it: enough to reach its escrow when no node answers any more. */
export const KeptCampaignDocument = z.object({
  id: Hash,
  title: z.string(),
  terms: TermsDocument,
  network: NetworkDocument.pick({
    name: true,
    chainId: true,
    rpcUrl: true,
    isLocal: true,
    contracts: true,
    tokens: true,
  }),
})

export type KeptCampaign = z.output<typeof KeptCampaignDocument>

/** A file of receipts with all they need, by the names they are kept under. */
export const SavedReceiptsDocument = z.object({
  tagger: z.literal('receipts'),
  entries: z.record(z.string(), z.string()),
})
