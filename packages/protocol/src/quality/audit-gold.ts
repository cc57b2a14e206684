import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import type { Hex } from '../bytes/hex.ts'
import { sortByCodePoints } from '../bytes/order.ts'
import { TaggerError } from '../errors.ts'
import { MILLION } from '../math/fixed.ts'
import type { GoldReveal } from '../settlement/settle.ts'
import { commitGold, type GoldEntry, isGoldCommitted } from '../spec/items.ts'
import { tailOfSum } from './chance.ts'

/**
 * Audit gold: answers only the requester holds until a batch is proposed, so that an operator who makes up labels cannot
 * know where to make up right ones. Committed before work like gold, under a root of its own.
 */
export interface AuditCommitment {
  readonly root: Hex
  /** Committed items. */
  readonly count: number
}

/** A proposed batch as an audit sees it; times in seconds of block time. */
export interface AuditedBatch {
  readonly results: readonly { readonly item: Hex; readonly label: string; readonly confidence: number }[]
  readonly proposedAt: number
  /** End of the challenge window. */
  readonly finalAt: number
}

/** What the revealed answers say of a batch. */
export interface Audit {
  readonly checked: number
  /** Results that differ from the revealed answer, by code point of the item. */
  readonly misses: readonly { item: Hex; label: string; known: string; confidence: number }[]
  /** Misses to expect if every result is right as often as its confidence says; millionths of a miss. */
  readonly expected: number
  /** Chance of at least so many misses then, if all audit items of the batch were revealed. */
  readonly chance: number
  /**
   * The same if only the misses had been picked: committed items not revealed count as hits among results as doubtful
   * as the batch's on average. A challenge that shows a small one does not rest on the requester's honesty.
   */
  readonly chanceIfPicked: number
}

/** Commits to audit answers. `proofOf` serves the reveals. */
export function commitAudit(
  entries: readonly GoldEntry[],
  crypto: Crypto = pureCrypto,
): AuditCommitment & { proofOf(item: Hex): Hex[] } {
  return { ...commitGold(entries, crypto), count: entries.length }
}

/**
 * Compares a proposed batch with audit answers revealed at `revealedAt`, inside its window. Throws `gold-invalid` for an
 * answer that was not committed, is revealed twice, comes outside the window, or is of an item the batch does not settle.
 */
export function auditBatch(
  commitment: AuditCommitment,
  batch: AuditedBatch,
  reveals: readonly GoldReveal[],
  revealedAt: number,
  crypto: Crypto = pureCrypto,
): Audit {
  if (revealedAt < batch.proposedAt || revealedAt >= batch.finalAt) {
    throw invalid('Audit answers count only between a proposal and the end of its challenge window')
  }
  const results = new Map(batch.results.map((result) => [result.item, result]))
  const seen = new Set<Hex>()
  const doubts: number[] = []
  const misses: Audit['misses'][number][] = []
  for (const reveal of sortByCodePoints(reveals, ({ item }) => item)) {
    const { item, label: known } = reveal
    const result = results.get(item)
    if (result === undefined) throw invalid(`Item ${item} is not in this batch`, item)
    if (seen.has(item)) throw invalid(`Item ${item} is revealed twice`, item)
    if (!isGoldCommitted(reveal, commitment.root, crypto)) {
      throw invalid(`The answer of item ${item} is not the one that was committed`, item)
    }
    seen.add(item)
    doubts.push((MILLION - result.confidence) / MILLION)
    if (result.label !== known) {
      misses.push({ item, label: result.label, known, confidence: result.confidence })
    }
  }
  const unrevealed = new Array<number>(Math.max(0, commitment.count - seen.size)).fill(meanDoubt(batch))
  return {
    checked: seen.size,
    misses,
    expected: Math.floor(doubts.reduce((sum, doubt) => sum + doubt, 0) * MILLION + 0.5),
    chance: tailOfSum(doubts, misses.length),
    chanceIfPicked: tailOfSum([...doubts, ...unrevealed], misses.length),
  }
}

function meanDoubt({ results }: AuditedBatch): number {
  let sum = 0
  for (const { confidence } of results) sum += (MILLION - confidence) / MILLION
  return results.length === 0 ? 0 : sum / results.length
}

function invalid(message: string, item?: Hex): TaggerError {
  return new TaggerError('gold-invalid', message, { data: item === undefined ? {} : { item } })
}
