import { z } from 'zod'
import { type Canonical, digestOf } from '../bytes/canonical.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import type { Hex } from '../bytes/hex.ts'
import { MILLION } from '../math/fixed.ts'
import { ResultDocument } from '../wire/documents.ts'
import { isHash } from '../wire/primitives.ts'

/** What the network holds to be the answer for an item. */
export interface Result {
  item: Hex
  /** The winning label (a choice of the question; `accept` or `reject` for a submission). */
  label: string
  /** How sure, in millionths. */
  confidence: number
  /** Probability of every label in config order, in millionths; equal ones are a tie. */
  distribution: readonly number[]
  /** `rejected` items are settled and paid for, but not delivered. */
  status: 'accepted' | 'rejected'
  annotations: number
  reviews: number
}

/** Hash of a result: what its leaf in the results root carries. */
export function resultHashOf(result: Result, crypto: Crypto = pureCrypto): Hex {
  return digestOf(result as unknown as Canonical, crypto)
}

/**
 * Results as a document lists them: what `z.array(ResultDocument)` takes. The usual ones are checked by hand, since a
 * state lists those of a whole campaign.
 */
export const ResultList: z.ZodType<Result[]> = z.custom<Result[]>(areResults).or(z.array(ResultDocument))

/** Whether a value is a list of results and nothing else. */
export function areResults(value: unknown): value is Result[] {
  return Array.isArray(value) && value.every(isResult)
}

const KEYS = 7

/** Whether a value is a result and nothing else. */
function isResult(value: unknown): value is Result {
  if (typeof value !== 'object' || value === null) return false
  const { item, label, confidence, distribution, status, annotations, reviews } = value as Partial<Result>
  let keys = 0
  for (const _ in value) keys++
  return (
    keys === KEYS &&
    isHash(item) &&
    typeof label === 'string' &&
    isMillionths(confidence) &&
    Array.isArray(distribution) &&
    distribution.every(isMillionths) &&
    (status === 'accepted' || status === 'rejected') &&
    Number.isSafeInteger(annotations) &&
    Number.isSafeInteger(reviews)
  )
}

function isMillionths(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MILLION
}
