import { z } from 'zod'
import { type Canonical, decodeCanonical, encodeCanonical } from '../bytes/canonical.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Hex, toHex } from '../bytes/hex.ts'
import { TaggerError } from '../errors.ts'
import { parseLabelingConfig } from '../labeling/config.ts'
import { MILLION } from '../math/fixed.ts'

const hex32 = z.custom<Hex>(
  (v) => typeof v === 'string' && /^0x[0-9a-f]{64}$/.test(v),
  'expected 32 bytes as 0x-hex',
)
const address = z.custom<Hex>(
  (v) => typeof v === 'string' && /^0x[0-9a-f]{40}$/.test(v),
  'expected a lower-case address',
)
const millionths = z.int().min(0).max(MILLION)
const words = (max: number) => z.array(z.string().min(1).max(80)).max(max)

/** The newest version of each consensus method; older ones stay for the campaigns that name them. */
export const METHOD_VERSIONS = { majority: 1, 'dawid-skene': 1, auto: 1 } as const
export type Method = keyof typeof METHOD_VERSIONS

const SpecSchema = z
  .strictObject({
    v: z.literal(1),
    kind: z.enum(['collect', 'annotate']),
    modality: z.enum(['text', 'image']),
    title: z.string().min(1).max(200),
    instructions: z.string().max(50_000),
    languages: words(20),
    tags: words(20),
    /** Label Studio XML. A `collect` campaign asks its reviewers accept or reject and needs none. */
    labelingConfig: z.string().max(100_000),
    /** Root over the item ids of an `annotate` campaign; null while items are still to be collected. */
    items: z.strictObject({ root: hex32, count: z.int().min(1) }).nullable(),
    /** What a `collect` campaign accepts. */
    intake: z
      .strictObject({
        mediaTypes: words(20),
        maxBytes: z.int().min(1),
        maxItems: z.int().min(1),
        maxPerContributor: z.int().min(1),
      })
      .nullable(),
    /** Answers per item; an item below `targetConfidence` at `max` answers goes to review or is settled as it is. */
    redundancy: z.strictObject({
      min: z.int().min(1).max(100),
      max: z.int().min(1).max(100),
      targetConfidence: millionths,
    }),
    /** Commitment to hidden items with known answers. */
    gold: z.strictObject({ root: hex32, count: z.int().min(1) }).nullable(),
    review: z.strictObject({
      /** Reviews asked of an item that people could not agree on (annotate) or of each submission (collect). */
      reviews: z.int().min(0).max(20),
    }),
    eligibility: z.strictObject({
      /** Accounts that may work; empty means anyone. */
      accounts: z.array(address).max(10_000),
      /** Accounts that may review; empty means whoever may work. */
      reviewers: z.array(address).max(10_000),
    }),
    reward: z.strictObject({
      /** How the quality of a record is measured; the first rule where it is left out. */
      version: z.literal(2).optional(),
      /** Multiplier of base pay from unanimous to fully disputed items, in millionths of base (1 000 000 = base). */
      difficulty: z.strictObject({
        min: z
          .int()
          .min(0)
          .max(10 * MILLION),
        max: z
          .int()
          .min(0)
          .max(10 * MILLION),
      }),
      /** Piecewise-linear [quality, share of the way from floor to full], both rising, in millionths. */
      qualityCurve: z
        .array(z.tuple([millionths, millionths]))
        .min(2)
        .max(20),
      /** Pay of a review as a share of an annotation's, in millionths. */
      reviewShare: z
        .int()
        .min(0)
        .max(10 * MILLION),
    }),
    consensus: z.strictObject({
      method: z.enum(Object.keys(METHOD_VERSIONS) as Method[]),
      version: z.int().min(1),
    }),
    batch: z.strictObject({
      /** `cutAt` of every batch but the closing one is a multiple of this. */
      periodSeconds: z.int().min(1),
      minItems: z.int().min(1),
      maxItems: z.int().min(1),
    }),
    rights: z.strictObject({
      /** SPDX id or a name of the license the resulting dataset may be offered under. */
      license: z.string().min(1).max(200),
      uses: words(20),
    }),
    /** Who may read payloads of settled records in evidence bundles. */
    visibility: z.literal('public'),
    privacy: z.strictObject({ controller: z.string().max(200), processor: z.string().max(200) }),
  })
  .superRefine((spec, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    const { method, version } = spec.consensus
    if (version > METHOD_VERSIONS[method]) refuse('consensus', `there is no version ${version} of ${method}`)
    if (spec.redundancy.min > spec.redundancy.max) refuse('redundancy', 'min must not exceed max')
    if (spec.reward.difficulty.min > spec.reward.difficulty.max) refuse('reward', 'difficulty must rise')
    if (spec.batch.minItems > spec.batch.maxItems) refuse('batch', 'minItems must not exceed maxItems')
    const curve = spec.reward.qualityCurve
    for (let i = 1; i < curve.length; i++) {
      const [before, after] = [curve[i - 1]!, curve[i]!]
      if (before[0] >= after[0] || before[1] > after[1]) refuse('reward', 'the quality curve must rise')
    }
    if (spec.kind === 'annotate' && (spec.items === null || spec.intake !== null)) {
      refuse('items', 'an annotate campaign commits to its items and takes no intake rules')
    }
    if (spec.kind === 'collect' && (spec.intake === null || spec.items !== null || spec.gold !== null)) {
      refuse('intake', 'a collect campaign has intake rules, no items and no gold')
    }
    if (spec.kind === 'collect' && spec.review.reviews < 1)
      refuse('review', 'submissions need at least one review')
  })

/** The campaign's rules as one canonical document; its hash is in the terms before any work. */
export type Spec = z.infer<typeof SpecSchema>

/** Checks a would-be spec, its labeling config included. Throws `spec-invalid` naming each field. */
export function parseSpec(value: unknown): Spec {
  const parsed = SpecSchema.safeParse(value)
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'spec'}: ${issue.message}`)
    throw new TaggerError('spec-invalid', `This spec is not valid: ${issues[0]}`, { hints: issues })
  }
  if (parsed.data.kind === 'annotate') parseLabelingConfig(parsed.data.labelingConfig)
  return parsed.data
}

/** Canonical bytes of a spec. */
export function encodeSpec(spec: Spec): Uint8Array {
  return encodeCanonical(spec as Canonical)
}

/** Reads and checks canonical spec bytes. */
export function decodeSpec(bytes: Uint8Array): Spec {
  return parseSpec(decodeCanonical(bytes))
}

/** The `specHash` of the terms: SHA-256 of the canonical bytes. */
export function specHashOf(spec: Spec, crypto: Crypto = pureCrypto): Hex {
  return toHex(crypto.sha256(encodeSpec(spec)))
}
