import { z } from 'zod'
import { type Canonical, decodeCanonical, encodeCanonical } from '../bytes/canonical.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import type { MethodPick } from '../consensus/classification/auto.ts'
import { TaggerError } from '../errors.ts'
import { Hash } from '../wire/primitives.ts'
import { areResults, type Result } from './result.ts'

/** A receipted record whose item is not settled yet: only its payload hash is public. */
export interface OpenRecord {
  account: Address
  seq: number
  payloadHash: Hex
}

/**
 * What one batch hands to the next: integers and hashes only, no fitted parameters.
 * Lists are sorted by code point of account (then seq) or item.
 */
export interface State {
  v: 1
  campaignId: Hex
  /** Final batches so far. */
  index: number
  chains: readonly { account: Address; count: number; link: Hex }[]
  /** Frozen answers of settled items. */
  results: readonly Result[]
  /** Cumulative pay per account in millionths of the smallest unit. */
  pays: readonly { account: Address; micro: bigint }[]
  /** Gold items revealed so far, with their known answer. */
  gold: readonly { item: Hex; label: string }[]
  open: readonly OpenRecord[]
  /** The method `auto` picked, once there were labels enough; only where the spec names `auto`. */
  pick?: MethodPick | undefined
}

/** The state before batch 0. */
export function emptyState(campaignId: Hex): State {
  return { v: 1, campaignId, index: 0, chains: [], results: [], pays: [], gold: [], open: [] }
}

/** Canonical bytes of a state: a block of the bundle. */
export function encodeState(state: State): Uint8Array {
  return encodeCanonical({
    ...state,
    pays: state.pays.map(({ account, micro }) => ({ account, micro: micro.toString() })),
  } as unknown as Canonical)
}

const weight = z.int().min(0)
const account = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/, 'expected an address in lower case')
  .transform((text) => text as Address)
const micro = z
  .string()
  .regex(/^(0|[1-9]\d{0,77})$/, 'expected an amount')
  .transform((text) => BigInt(text))
/** Every value has one form only, so that states are equal just where their bytes are. */
const StateSchema = z.strictObject({
  v: z.literal(1),
  campaignId: Hash,
  index: z.int().min(0),
  chains: z.array(z.strictObject({ account, count: z.int().min(0), link: Hash })),
  results: z.custom<Result[]>(areResults, 'expected results'),
  pays: z.array(z.strictObject({ account, micro })),
  gold: z.array(z.strictObject({ item: Hash, label: z.string() })),
  open: z.array(z.strictObject({ account, seq: z.int().min(1), payloadHash: Hash })),
  pick: z
    .strictObject({
      method: z.literal('auto'),
      version: z.literal(1),
      weights: z.strictObject({
        tablesFromVotes: weight,
        tablesFromCoin: weight,
        coin: weight,
        agreement: weight,
      }),
    })
    .optional(),
})

/** Reads canonical state bytes. Throws `not-canonical` or `bad-document`. */
export function decodeState(bytes: Uint8Array): State {
  const parsed = StateSchema.safeParse(decodeCanonical(bytes))
  if (!parsed.success)
    throw new TaggerError('bad-document', `Not a state: ${parsed.error.issues[0]?.message}`)
  return parsed.data
}
