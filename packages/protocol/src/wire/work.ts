import { z } from 'zod'
import {
  AnswerDocument,
  HeadDocument,
  HeaderDocument,
  ReceiptDocument,
  SignedHeadDocument,
  TermsDocument,
  TokenDocument,
} from './documents.ts'
import { endpoint } from './endpoint.ts'
import { AddressText, Amount, Hash, Millionths, Page, PageQuery, Time, Uuid } from './primitives.ts'

export const AssignmentDocument = z.object({
  /** Goes into the record's `task`. */
  id: Uuid,
  kind: z.enum(['annotation', 'review']),
  item: Hash,
  expiresAt: Time,
  /** Item data by key; the value of an image key is a URL good until the lease ends. */
  data: z.record(z.string(), z.string()),
  /** Answer under review, null for an annotation and for a review that starts from nothing. */
  proposed: AnswerDocument.nullable(),
  pay: z.object({ floor: Amount, expected: Amount, top: Amount }),
})

export const WorkRecordState = z.enum([
  'answered',
  'agreed',
  'in-batch',
  'final',
  'claimable',
  'paid',
  'replaced',
])

/** One record of the caller with what became of it. */
export const WorkRecordDocument = z.object({
  campaignId: Hash,
  seq: z.int(),
  kind: z.enum(['submission', 'annotation', 'review']),
  item: Hash,
  data: z.record(z.string(), z.string()),
  answer: AnswerDocument.nullable(),
  receivedAt: Time,
  state: WorkRecordState,
  /** Set once the batch is final. */
  outcome: z
    .object({
      batch: Hash,
      label: z.string(),
      confidence: Millionths,
      quality: Millionths,
      difficulty: z.int(),
      amount: Amount,
      wasGold: z.boolean(),
      /** Why it scored as it did, one sentence. */
      reason: z.string(),
    })
    .nullable(),
})

export const EarningsDocument = z.object({
  campaignId: Hash,
  title: z.string(),
  token: TokenDocument,
  records: z.int(),
  answered: z.int(),
  inBatch: z.int(),
  settled: z.int(),
  /** Least owed by receipt for what is not settled yet. */
  pendingAtLeast: Amount,
  /** Cumulative in final batches. */
  earned: Amount,
  claimed: Amount,
  claimable: Amount,
  /** Earliest time the pending batch becomes final. */
  nextFinalAt: Time.nullable(),
  claimTransactions: z.array(Hash),
})

const campaignParams = z.object({ id: Hash })

export const work = {
  createAssignments: endpoint({
    method: 'POST',
    path: '/campaigns/{id}/assignments',
    access: 'account',
    summary:
      'Leases up to `count` items to the caller; those already leased come back first. Empty when there is nothing to do.',
    params: campaignParams,
    body: z.object({
      count: z.int().min(1).max(2000).default(3),
      kind: z.enum(['annotation', 'review']).default('annotation'),
      /** Local network only: lease exactly these items. */
      items: z.array(Hash).max(2000).optional(),
    }),
    response: z.object({
      data: z.array(AssignmentDocument),
      /** Why there are fewer than asked: nothing left for this account, or the money is reserved. */
      shortfall: z.enum(['none', 'no-work', 'underfunded']),
    }),
  }),
  releaseAssignments: endpoint({
    method: 'POST',
    path: '/campaigns/{id}/assignments/release',
    access: 'account',
    summary: 'Gives leases back (skip).',
    params: campaignParams,
    body: z.object({ ids: z.array(Uuid).min(1).max(2000) }),
    response: z.object({ released: z.int() }),
  }),
  getAssignedContent: endpoint({
    method: 'GET',
    path: '/assignments/{id}/content',
    access: 'public',
    summary: 'Bytes of a leased image; the token in the URL is good until the lease ends.',
    params: z.object({ id: Uuid }),
    query: z.object({ token: z.string().max(200), key: z.string().max(100) }),
    download: 'application/octet-stream',
  }),
  getChain: endpoint({
    method: 'GET',
    path: '/campaigns/{id}/chain',
    access: 'account',
    summary: "Head of the caller's chain with its signature, to build the next record on.",
    params: campaignParams,
    response: z.object({
      head: HeadDocument,
      signed: SignedHeadDocument.nullable(),
      receipt: ReceiptDocument.nullable(),
    }),
  }),
  appendRecords: endpoint({
    method: 'POST',
    path: '/campaigns/{id}/records',
    access: 'account',
    summary:
      'Appends a chunk of records to the caller’s chain, one signature for the new head; answers with a receipt. Sending the same chunk again returns the same receipt.',
    params: campaignParams,
    body: z.object({
      /** Canonical record bytes, base64. */
      payloads: z.array(z.string().max(100_000)).min(1).max(1000),
      head: SignedHeadDocument,
    }),
    response: z.object({ receipt: ReceiptDocument }),
  }),
  submitContent: endpoint({
    method: 'POST',
    path: '/campaigns/{id}/submissions',
    access: 'account',
    summary:
      'Uploads one piece for a collect campaign; checked and encrypted. A `submission` record naming the item completes it.',
    params: campaignParams,
    query: z.object({ name: z.string().min(1).max(255) }),
    upload: ['text/plain', 'image/png', 'image/jpeg', 'image/webp', 'image/gif'],
    response: z.object({ item: Hash, mediaType: z.string(), bytes: z.int() }),
  }),
  listOwnRecords: endpoint({
    method: 'GET',
    path: '/records',
    access: 'account',
    summary: "The caller's records, newest first, each with its state, score and reason.",
    query: PageQuery.extend({ campaignId: Hash.optional() }),
    response: Page(WorkRecordDocument),
  }),
  listOwnEarnings: endpoint({
    method: 'GET',
    path: '/earnings',
    access: 'account',
    summary: "The caller's earnings by campaign and state.",
    response: z.object({ data: z.array(EarningsDocument) }),
  }),
  getClaim: endpoint({
    method: 'GET',
    path: '/campaigns/{id}/claims/{account}',
    access: 'public',
    summary:
      'What `Campaigns.claim` needs to pay this account up to the last final batch; 404 when nothing was earned.',
    params: z.object({ id: Hash, account: AddressText }),
    response: z.object({
      terms: TermsDocument,
      header: HeaderDocument,
      batch: Hash,
      claim: z.object({ account: AddressText, amount: Amount, proof: z.array(Hash) }),
      claimed: Amount,
      claimable: Amount,
    }),
  }),
  listClaims: endpoint({
    method: 'GET',
    path: '/campaigns/{id}/claims',
    access: 'public',
    summary:
      'What is still claimable at the last final batch, by account, ready for `claimMany`; 409 when another batch became final since the cursor.',
    params: campaignParams,
    query: PageQuery,
    response: Page(
      z.object({ account: AddressText, amount: Amount, proof: z.array(Hash), claimable: Amount }),
    ).extend({ terms: TermsDocument, header: HeaderDocument.nullable() }),
  }),
}
