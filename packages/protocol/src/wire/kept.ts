import { z } from 'zod'
import { HeaderDocument, TermsDocument } from './documents.ts'
import { NetworkDocument } from './network.ts'
import { AddressText, Amount, Hash } from './primitives.ts'

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

/** What a final batch pays an account, with the proof: without it the pay is out of reach. */
export const KeptClaimDocument = z.object({
  header: HeaderDocument,
  claim: z.object({ account: AddressText, amount: Amount, proof: z.array(Hash) }),
})

export type KeptClaim = z.output<typeof KeptClaimDocument>

/** A file of receipts with all they need, by the names they are kept under. */
export const SavedReceiptsDocument = z.object({
  tagger: z.literal('receipts'),
  entries: z.record(z.string(), z.string()),
})
