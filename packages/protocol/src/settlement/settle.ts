import type { Address, Hex } from '../bytes/hex.ts'
import type { WorkRecord } from '../records/work-record.ts'
import type { Spec } from '../spec/spec.ts'
import type { Result } from './result.ts'
import type { State } from './state.ts'

/** The chain segment of one worker since the last final batch. `links` repeats what follows from the hashes, so that a fault is found where it is. */
export interface Segment {
  account: Address
  /** Head before the segment. */
  from: { count: number; link: Hex }
  payloadHashes: readonly Hex[]
  links: readonly Hex[]
}

/** A hidden item's answer, opened: `salt` and Merkle `proof` lead to the spec's gold root. */
export interface GoldReveal {
  item: Hex
  label: string
  salt: Hex
  proof: readonly Hex[]
}

/** What one record earned and why, in millionths (`micro` of the token's smallest unit). */
export interface Score {
  account: Address
  seq: number
  item: Hex
  kind: WorkRecord['kind']
  /** Probability of this record's answer under everything but this record. */
  quality: number
  /** Multiplier of base pay from the disagreement of the other records. */
  difficulty: number
  micro: bigint
}

export interface SettleInput {
  campaignId: Hex
  pay: { basePay: bigint; floorPay: bigint }
  spec: Spec
  /** After the previous final batch. */
  state: State
  segments: readonly Segment[]
  /** Payloads of every record of every item settled before and in this batch, in any order. */
  records: readonly WorkRecord[]
  /** Items put into this batch. */
  items: readonly Hex[]
  /** Gold among `items`. */
  reveals: readonly GoldReveal[]
  closing: boolean
}

export interface Settlement {
  /** Of this batch's items, by code point. */
  results: readonly Result[]
  /** Of this batch's paid records, by account and seq. */
  scores: readonly Score[]
  /** Cumulative, floored to whole units, by account: the leaves of the payouts root. */
  payouts: readonly { account: Address; amount: bigint }[]
  payoutsTotal: bigint
  state: State
}
