import { z } from 'zod'
import { AddressText, Amount, Hash, HexText, Millionths, Seconds } from './primitives.ts'

export const TermsDocument = z.object({
  requester: AddressText,
  operator: AddressText,
  receiptKey: AddressText,
  token: AddressText,
  specHash: Hash,
  basePay: Amount,
  floorPay: Amount,
  operatorFeeBps: z.int(),
  protocolFeeBps: z.int(),
  contributorsBps: z.int(),
  deadline: Seconds,
  grace: Seconds,
  challengeWindow: Seconds,
  nonce: Amount,
})

export const HeaderDocument = z.object({
  campaignId: Hash,
  previous: Hash,
  index: z.int(),
  cutAt: Seconds,
  bundle: Hash,
  recordsRoot: Hash,
  resultsRoot: Hash,
  payoutsRoot: Hash,
  payoutsTotal: Amount,
  state: Hash,
  closing: z.boolean(),
})

export const DelegationDocument = z.object({
  account: AddressText,
  publicKey: HexText,
  scope: Hash,
  notBefore: Seconds,
  notAfter: Seconds,
  nonce: Amount,
  signature: HexText,
})

export const HeadDocument = z.object({ count: z.int().min(0), link: Hash })
export const SignedHeadDocument = HeadDocument.extend({ publicKey: HexText, signature: HexText })

export const ReceiptDocument = z.object({
  campaignId: Hash,
  account: AddressText,
  link: Hash,
  count: z.int().min(1),
  owedAtLeast: Amount,
  issuedAt: Seconds,
  signature: HexText,
})

export const AnswerDocument = z.record(z.string(), z.array(z.string()))

export const ResultDocument = z.object({
  item: Hash,
  label: z.string(),
  confidence: Millionths,
  distribution: z.array(Millionths),
  status: z.enum(['accepted', 'rejected']),
  annotations: z.int(),
  reviews: z.int(),
})

/** A token as people read it. */
export const TokenDocument = z.object({ address: AddressText, symbol: z.string(), decimals: z.int() })

/** RFC 9457 problem details with Tagger's stable code and hints. */
export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  hints: z.array(z.string()),
  data: z.record(z.string(), z.unknown()),
})
export type Problem = z.infer<typeof ProblemDocument>
