import type { Classifier, LabelTable } from '../consensus/classification/label-table.ts'
import { MILLION, quantize } from '../math/fixed.ts'
import type { Evidence } from './beta.ts'

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
   * `contradicted`: another class reaches the target. The answer is void for pay and counts against the requester.
   * `confirmed`: the known one does. `open`: neither.
   */
  readonly verdict: 'confirmed' | 'contradicted' | 'open'
}

/**
 * Scores gold against the gold-free posterior: one fit over all labels with no answer known. `known` holds a class index
 * per item or −1; `target` is the spec's target confidence in millionths. Items nobody labeled stay open.
 */
export function checkGold(
  table: LabelTable,
  classify: Classifier,
  known: Int32Array,
  target: number,
): GoldCheck[] {
  const { items, classes, start } = table
  const { posterior } = classify(table, new Int32Array(items).fill(-1))
  const checks: GoldCheck[] = []
  for (let item = 0; item < items; item++) {
    const label = known[item]!
    if (label < 0) continue
    const row = Array.from(posterior.subarray(item * classes, (item + 1) * classes), quantize)
    let best = 0
    for (let k = 1; k < classes; k++) if (row[k]! > row[best]!) best = k
    const [support, bestSupport] = [row[label]!, row[best]!]
    const isSure = start[item + 1]! > start[item]! && bestSupport >= target
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

/** What the checks say of the requester's care: one observation per answer that was confirmed or contradicted. */
export function goldEvidence(checks: readonly GoldCheck[]): Evidence {
  const count = (wanted: GoldCheck['verdict']) => checks.filter(({ verdict }) => verdict === wanted).length
  return { good: count('confirmed') * MILLION, bad: count('contradicted') * MILLION }
}
