import { quantize } from '../../math/fixed.ts'
import type { LabelTable } from './label-table.ts'

/** What the workers make of one known answer. Probabilities in millionths, under a fit that knew no gold at all. */
export interface GoldCheck {
  readonly item: number
  /** Class index the requester committed to. */
  readonly known: number
  readonly support: number
  /** The most probable class, the first of equals. */
  readonly best: number
  readonly bestSupport: number
  /**
   * `contradicted`: another class reaches the target. The answer is void and counts against the requester.
   * `confirmed`: the known one does. `open`: neither.
   */
  readonly verdict: 'confirmed' | 'contradicted' | 'open'
}

/** When the crowd is sure enough to overrule a known answer. */
export interface GoldTarget {
  /** Probability in millionths: what settles an item without gold. */
  readonly confidence: number
  /** Labels an item must have, at least 2: nobody alone confirms or contradicts. */
  readonly labels: number
}

/**
 * Scores gold against the gold-free posterior (`free`: items × classes, fitted with no answer known). `known` holds a
 * class index per item or −1. Items with fewer labels than the target asks for stay open.
 */
export function checkGold(
  { items, classes, start }: LabelTable,
  free: Float64Array,
  known: Int32Array,
  target: GoldTarget,
): GoldCheck[] {
  const checks: GoldCheck[] = []
  for (let item = 0; item < items; item++) {
    const label = known[item]!
    if (label < 0) continue
    const row = Array.from(free.subarray(item * classes, (item + 1) * classes), quantize)
    let best = 0
    for (let k = 1; k < classes; k++) if (row[k]! > row[best]!) best = k
    const [support, bestSupport] = [row[label]!, row[best]!]
    const labels = start[item + 1]! - start[item]!
    const isSure = labels >= Math.max(2, target.labels) && bestSupport >= target.confidence
    const verdict = !isSure ? 'open' : support === bestSupport ? 'confirmed' : 'contradicted'
    checks.push({ item, known: label, support, best, bestSupport, verdict })
  }
  return checks
}

/** The known answers that stand: `known` without the contradicted ones. What results and pay are computed with. */
export function standingGold(known: Int32Array, checks: readonly GoldCheck[]): Int32Array {
  const standing = known.slice()
  for (const { item, verdict } of checks) if (verdict === 'contradicted') standing[item] = -1
  return standing
}
