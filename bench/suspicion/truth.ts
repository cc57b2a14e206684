import type { Flag, LabelTable } from '@tagger/protocol/quality'

/** One in a hundred standard normals is higher. */
const ONE_IN_HUNDRED = 2.326

/** How a flagged worker does on items of known truth. */
export interface Hindsight {
  /** Cohen's kappa with the truth, over the labels the flag speaks of. */
  kappa: number
  /** Whether that many right answers happen less than once in a hundred to answers given without looking. */
  isRefuted: boolean
}

/**
 * What the truth says of a flag for blind answers, from the labels after it set in: right answers against those that the
 * same answers, dealt to the same items at random, would give. Null where it says nothing: another conduct, too few truths.
 */
export function hindsight(
  flag: Flag,
  table: LabelTable,
  order: Float64Array,
  truth: Int32Array,
): Hindsight | null {
  if (flag.conduct === 'copying' || flag.conduct === 'speed') return null
  const own = Array.from(table.worker.keys())
    .filter((i) => table.worker[i] === flag.workers[0])
    .sort((a, b) => order[a]! - order[b]!)
    .slice(flag.evidence.afterLabel ?? 0)
    .filter((i) => truth[table.item[i]!]! >= 0)
  const n = own.length
  const given = new Int32Array(table.classes)
  const wanted = new Int32Array(table.classes)
  let right = 0
  for (const i of own) {
    const answer = truth[table.item[i]!]!
    given[table.label[i]!]!++
    wanted[answer]!++
    if (answer === table.label[i]) right++
  }
  let [mean, variance] = [0, 0]
  for (let k = 0; k < table.classes; k++) {
    const share = (given[k]! * wanted[k]!) / n
    mean += share
    variance += (share * (n - given[k]!) * (n - wanted[k]!)) / (n * (n - 1))
  }
  if (n < 2 || mean === n) return null
  return {
    kappa: (right - mean) / (n - mean),
    isRefuted: right > mean + ONE_IN_HUNDRED * Math.sqrt(Math.max(variance, 1)),
  }
}
