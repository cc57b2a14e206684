import { z } from 'zod'
import { HeaderDocument, ResultDocument, TermsDocument, TokenDocument } from './documents.ts'
import { endpoint } from './endpoint.ts'
import {
  AddressText,
  Amount,
  Hash,
  HexText,
  Millionths,
  Page,
  PageQuery,
  Seconds,
  Time,
  Uuid,
} from './primitives.ts'

/** A spec without what the node fills in from the uploaded items (`items`, `gold`); checked as a whole on acceptance. */
export const SpecDocument = z.record(z.string(), z.unknown())

export const DraftDocument = z.object({
  id: Uuid,
  createdAt: Time,
  spec: SpecDocument,
  items: z.int(),
  gold: z.int(),
  /** Set once the operator accepted terms for it. */
  campaignId: Hash.nullable(),
})

export const UploadReport = z.object({
  file: z.string(),
  accepted: z.int(),
  gold: z.int(),
  rejected: z.array(z.object({ row: z.int(), name: z.string(), code: z.string(), message: z.string() })),
  /** Items of the draft after this upload. */
  items: z.int(),
})

export const CostDocument = z.object({
  items: z.int(),
  /** Records at most: items × (max answers + reviews). */
  records: z.int(),
  /** If every record earns full pay at the highest difficulty. */
  payMost: Amount,
  /** If every record earns full pay at the lowest difficulty and every item needs only its least answers. */
  payLeast: Amount,
  operatorFee: Amount,
  protocolFee: Amount,
  /** What to deposit so that no lease is ever refused: payMost and fees on it. Unused money comes back. */
  deposit: Amount,
})

export const AcceptanceDocument = z.object({
  campaignId: Hash,
  specHash: Hash,
  terms: TermsDocument,
  /** Operator's EIP-712 acceptance for `Campaigns.open`. */
  acceptance: HexText,
  cost: CostDocument,
})

export const CampaignSummary = z.object({
  id: Hash,
  kind: z.enum(['collect', 'annotate']),
  modality: z.enum(['text', 'image']),
  title: z.string(),
  languages: z.array(z.string()),
  tags: z.array(z.string()),
  requester: AddressText,
  status: z.enum(['open', 'closing', 'silent', 'closed']),
  token: TokenDocument,
  basePay: Amount,
  floorPay: Amount,
  /** Highest pay of one annotation. */
  topPay: Amount,
  deadline: Seconds,
  openedAt: Time,
  items: z.int(),
  itemsReady: z.int(),
  itemsSettled: z.int(),
  records: z.int(),
  workers: z.int(),
  /** Median seconds a record took, null before there are any. */
  secondsPerRecord: z.number().nullable(),
  /** Mean pay of settled records, null before there are any. */
  meanPay: Amount.nullable(),
  /** What a record may be expected to earn: the mean so far, and before there is one what people who look earn. */
  expectedPay: Amount,
  isDemo: z.boolean(),
})

export const MoneyDocument = z.object({
  funded: Amount,
  /** Cumulative pay in final batches. */
  payoutsTotal: Amount,
  claimed: Amount,
  fees: Amount,
  refunded: Amount,
  /** Held back for open records and leases at top pay, fees on it included. */
  reserved: Amount,
  /** What new leases may still draw on. */
  available: Amount,
})

export const CampaignDocument = CampaignSummary.extend({
  terms: TermsDocument,
  specHash: Hash,
  spec: SpecDocument,
  money: MoneyDocument,
  openTransaction: Hash,
  batches: z.int(),
  /** Passport of the dataset made from it. */
  passportId: z.string().nullable(),
  /** What the caller may do here. */
  caller: z.object({ isRequester: z.boolean(), canWork: z.boolean(), canReview: z.boolean() }),
})

export const ProgressDocument = z.object({
  items: z.object({
    waiting: z.int(),
    open: z.int(),
    inReview: z.int(),
    ready: z.int(),
    inBatch: z.int(),
    settled: z.int(),
  }),
  records: z.int(),
  /** Share of pairs of answers that agree (settled items), null before any. */
  agreement: Millionths.nullable(),
  /** Krippendorff-free at first: mean confidence of settled items. */
  meanConfidence: Millionths.nullable(),
  labels: z.array(z.object({ label: z.string(), items: z.int() })),
  /** Known answers of settled items, and how many of them are void because the workers surely contradict them. */
  gold: z.object({ revealed: z.int(), contradicted: z.int() }),
  /** Rows: settled answer, columns: given answer, counts of annotations; in config order. */
  confusion: z.array(z.array(z.int())),
  recordsPerMinute: z.array(z.object({ time: Time, records: z.int() })),
  /** For the requester only, else empty; by worker. */
  workers: z.array(
    z.object({ account: AddressText, records: z.int(), meanQuality: Millionths.nullable(), paid: Amount }),
  ),
  money: MoneyDocument,
})

export const CampaignResult = ResultDocument.extend({
  cid: z.string(),
  data: z.record(z.string(), z.string()),
  batch: Hash,
  isGold: z.boolean(),
})

const campaignParams = z.object({ id: Hash })
const draftParams = z.object({ id: Uuid })

export const campaigns = {
  createDraft: endpoint({
    method: 'POST',
    path: '/drafts',
    access: 'account',
    summary: 'Starts a campaign: its spec without items.',
    body: z.object({ spec: SpecDocument }),
    response: DraftDocument,
  }),
  updateDraft: endpoint({
    method: 'PUT',
    path: '/drafts/{id}',
    access: 'account',
    summary: 'Replaces the spec of a draft that has no campaign yet.',
    params: draftParams,
    body: z.object({ spec: SpecDocument }),
    response: DraftDocument,
  }),
  getDraft: endpoint({
    method: 'GET',
    path: '/drafts/{id}',
    access: 'account',
    summary: 'A draft of the caller.',
    params: draftParams,
    response: DraftDocument,
  }),
  listDrafts: endpoint({
    method: 'GET',
    path: '/drafts',
    access: 'account',
    summary: 'Drafts of the caller that no campaign was opened from, newest first.',
    query: PageQuery,
    response: Page(DraftDocument),
  }),
  deleteDraft: endpoint({
    method: 'DELETE',
    path: '/drafts/{id}',
    access: 'account',
    summary:
      'Forgets a draft of the caller and its items; not while a campaign of it is or may still be opened.',
    params: draftParams,
    response: z.object({ items: z.int() }),
  }),
  uploadItems: endpoint({
    method: 'POST',
    path: '/drafts/{id}/items',
    access: 'account',
    summary:
      'Adds items from one file. A column named by `goldColumn` holds known answers; empty cells are ordinary items.',
    params: draftParams,
    query: z.object({ name: z.string().min(1).max(255), goldColumn: z.string().max(100).optional() }),
    upload: [
      'text/csv',
      'application/x-ndjson',
      'text/plain',
      'image/png',
      'image/jpeg',
      'image/webp',
      'image/gif',
    ],
    response: UploadReport,
  }),
  acceptDraft: endpoint({
    method: 'POST',
    path: '/drafts/{id}/acceptance',
    access: 'account',
    summary:
      "Fixes the spec and asks for the operator's signature on terms; returns what `Campaigns.open` needs and the cost.",
    params: draftParams,
    body: z.object({
      token: AddressText,
      basePay: Amount,
      floorPay: Amount,
      contributorsBps: z.int().min(0).max(10_000),
      deadline: Seconds,
    }),
    response: AcceptanceDocument,
  }),
  listCampaigns: endpoint({
    method: 'GET',
    path: '/campaigns',
    access: 'public',
    summary: 'Campaigns, newest first.',
    query: PageQuery.extend({
      status: z.enum(['open', 'closing', 'silent', 'closed']).optional(),
      kind: z.enum(['collect', 'annotate']).optional(),
      requester: AddressText.optional(),
    }),
    response: Page(CampaignSummary),
  }),
  getCampaign: endpoint({
    method: 'GET',
    path: '/campaigns/{id}',
    access: 'public',
    summary: 'A campaign: terms, spec, money, progress in short.',
    params: campaignParams,
    response: CampaignDocument,
  }),
  getProgress: endpoint({
    method: 'GET',
    path: '/campaigns/{id}/progress',
    access: 'public',
    summary: 'Progress, agreement, confusion and cost; per-worker figures for the requester.',
    params: campaignParams,
    response: ProgressDocument,
  }),
  listResults: endpoint({
    method: 'GET',
    path: '/campaigns/{id}/results',
    access: 'account',
    summary: 'Final results with their items, for the requester.',
    params: campaignParams,
    query: PageQuery,
    response: Page(CampaignResult),
  }),
  exportResults: endpoint({
    method: 'GET',
    path: '/campaigns/{id}/export',
    access: 'account',
    summary: 'All final results as one file, for the requester.',
    params: campaignParams,
    query: z.object({ format: z.enum(['jsonl', 'csv']).default('jsonl') }),
    download: 'application/x-ndjson',
  }),
  getItemContent: endpoint({
    method: 'GET',
    path: '/campaigns/{id}/items/{item}/content',
    access: 'account',
    summary: 'Bytes of an image item, for the requester; of a collected one once it is settled and accepted.',
    params: z.object({ id: Hash, item: Hash }),
    download: 'application/octet-stream',
  }),
  listBatches: endpoint({
    method: 'GET',
    path: '/campaigns/{id}/batches',
    access: 'public',
    summary: 'Batches of a campaign in order.',
    params: campaignParams,
    response: z.object({
      data: z.array(
        z.object({
          hash: Hash,
          header: HeaderDocument,
          status: z.enum(['cut', 'proposed', 'final', 'void']),
          items: z.int(),
          records: z.int(),
          /** Earliest time it can become final; null before it is proposed and while a dispute stops the clock. */
          finalAt: Time.nullable(),
          /** The last dispute about it, running or over. */
          disputeId: Hash.nullable(),
          proposeTransaction: Hash.nullable(),
          finalizeTransaction: Hash.nullable(),
          bundleBytes: z.int(),
        }),
      ),
    }),
  }),
  getBundle: endpoint({
    method: 'GET',
    path: '/batches/{hash}/bundle',
    access: 'public',
    summary: 'Evidence bundle of a batch: a CAR file whose root block the chain anchors.',
    params: z.object({ hash: Hash }),
    download: 'application/vnd.ipld.car',
  }),
}
