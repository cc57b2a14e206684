import { z } from 'zod'
import { HeaderDocument, TermsDocument, TokenDocument } from './documents.ts'
import { endpoint } from './endpoint.ts'
import { AddressText, Amount, Hash, HexText, Millionths, Page, PageQuery, Time, Uuid } from './primitives.ts'

const Source = z.object({ campaignId: Hash, batch: Hash, weight: z.int(), contributorsBps: z.int() })

/** A version of a passport. On chain it is its hash; whoever needs it there shows it again. */
export const VersionDocument = z.object({
  contentRoot: Hash,
  cipherRoot: Hash,
  keyHash: Hash,
  rightsHash: Hash,
  /** SHA-256 of the Croissant manifest. */
  manifest: Hash,
  sources: z.array(Source),
})

export type PassportVersion = z.output<typeof VersionDocument>

/** What `Passports.mint` needs. */
export const PassportMint = z.object({
  version: VersionDocument,
  proofs: z.array(z.object({ terms: TermsDocument, header: HeaderDocument })),
})

export const OfferDocument = z.object({
  id: Hash,
  passportId: z.string(),
  token: TokenDocument,
  price: Amount,
  /** Seconds; 0 never expires. */
  duration: z.int(),
  /** Accounts that may use a license besides its owner. */
  seats: z.int(),
  deliverer: AddressText,
  deliverWithin: z.int(),
  /** Nobody else may hold a license of the passport while one of these runs. */
  isExclusive: z.boolean(),
  isTransferable: z.boolean(),
  /** Licensees may make new datasets of it. */
  mayDerive: z.boolean(),
  rightsHash: Hash,
  nonce: Amount,
  isOpen: z.boolean(),
  sales: z.int(),
})

export const DatasetSummary = z.object({
  /** The node's name for the dataset; a passport may not be minted yet. */
  id: Uuid,
  passportId: z.string().nullable(),
  /** Which version of the passport it is; null without a passport. */
  version: z.int().nullable(),
  /** Offers sell the newest version; licenses of earlier ones go on. */
  isNewest: z.boolean(),
  title: z.string(),
  description: z.string(),
  modality: z.enum(['text', 'image']),
  license: z.string(),
  languages: z.array(z.string()),
  tags: z.array(z.string()),
  owner: AddressText,
  items: z.int(),
  records: z.int(),
  contributors: z.int(),
  meanConfidence: Millionths,
  bytes: z.int(),
  createdAt: Time,
  offer: OfferDocument.nullable(),
  /** Has at least one source: final batches anyone can recompute. */
  isProven: z.boolean(),
})

export const DatasetDocument = DatasetSummary.extend({
  /** Croissant (JSON-LD) manifest. */
  manifest: z.record(z.string(), z.unknown()),
  mint: PassportMint,
  /** The version of the passport it is, as on chain; null without a passport. */
  minted: VersionDocument.nullable(),
  /** The campaign has final results that came after this dataset: its owner can add a version. */
  hasNewerResults: z.boolean(),
  lineage: z.array(
    Source.extend({ title: z.string(), workers: z.int(), records: z.int(), payoutsTotal: Amount }),
  ),
  labels: z.array(z.object({ label: z.string(), items: z.int() })),
  sample: z.array(z.record(z.string(), z.string())),
  offers: z.array(OfferDocument),
  revenue: z.array(z.object({ token: TokenDocument, sold: Amount, contributors: Amount })),
  mintTransaction: Hash.nullable(),
})

export const LicenseDocument = z.object({
  id: z.string(),
  offerId: Hash,
  passportId: z.string(),
  datasetId: Uuid.nullable(),
  title: z.string(),
  version: z.int(),
  /** That version, as on chain; null when this node does not know the passport. */
  bought: VersionDocument.nullable(),
  owner: AddressText,
  price: Amount,
  token: TokenDocument,
  status: z.enum(['paid', 'delivered', 'refunded', 'expired']),
  purchasedAt: Time,
  /** Until when a wrong key can be shown to the contract; null before the delivery and once the price is released. */
  inspectUntil: Time.nullable(),
  expiresAt: Time.nullable(),
  buyerPublicKey: HexText,
  /** Content key sealed to `buyerPublicKey`; only the buyer's one-time private key opens it. */
  sealedKey: HexText.nullable(),
  purchaseTransaction: Hash,
})

const datasetParams = z.object({ id: Uuid })

export const trade = {
  createDataset: endpoint({
    method: 'POST',
    path: '/campaigns/{id}/datasets',
    access: 'account',
    summary:
      'Makes a dataset of a campaign’s final results: content, manifest, cipher; answers with what `Passports.mint` needs.',
    params: z.object({ id: Hash }),
    body: z.object({ title: z.string().min(1).max(200), description: z.string().max(5000) }),
    response: DatasetDocument,
  }),
  listDatasets: endpoint({
    method: 'GET',
    path: '/datasets',
    access: 'public',
    summary: 'The market: datasets with a passport, newest first.',
    query: PageQuery.extend({
      search: z.string().max(200).optional(),
      modality: z.enum(['text', 'image']).optional(),
      owner: AddressText.optional(),
      /** Also those without a passport yet (own ones only). */
      unminted: z.enum(['true', 'false']).optional(),
    }),
    response: Page(DatasetSummary),
  }),
  getDataset: endpoint({
    method: 'GET',
    path: '/datasets/{id}',
    access: 'public',
    summary: 'A dataset: manifest, lineage, sample, offers.',
    params: datasetParams,
    response: DatasetDocument,
  }),
  getManifest: endpoint({
    method: 'GET',
    path: '/datasets/{id}/croissant.json',
    access: 'public',
    summary: 'Croissant manifest of a dataset.',
    params: datasetParams,
    download: 'application/ld+json',
  }),
  getContent: endpoint({
    method: 'GET',
    path: '/datasets/{id}/content',
    access: 'account',
    summary: 'Encrypted content, for the owner and holders of a running license; opens with the sealed key.',
    params: datasetParams,
    download: 'application/octet-stream',
  }),
  listLicenses: endpoint({
    method: 'GET',
    path: '/licenses',
    access: 'account',
    summary: "The caller's licenses.",
    response: z.object({ data: z.array(LicenseDocument) }),
  }),
  listShares: endpoint({
    method: 'GET',
    path: '/shares/{account}',
    access: 'public',
    summary: 'Dataset revenue this account may claim, ready for `Licenses.claimShare`.',
    params: z.object({ account: AddressText }),
    query: PageQuery,
    response: Page(
      z.object({
        datasetId: Uuid,
        title: z.string(),
        passportId: z.string(),
        /** Number of the version that was sold, and the version itself. */
        version: z.int(),
        sold: VersionDocument,
        token: TokenDocument,
        batch: Hash,
        header: HeaderDocument,
        claim: z.object({ account: AddressText, amount: Amount, proof: z.array(Hash) }),
        /** Cumulative share so far, and what of it was claimed. */
        share: Amount,
        claimed: Amount,
        claimable: Amount,
      }),
    ),
  }),
}
