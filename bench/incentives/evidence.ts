import { type LabelTable, labelTable } from '@tagger/protocol/classification'
import {
  type Apart,
  type CheckedAnswer,
  harmOf,
  responsesOf,
  statementsOf,
  usualResponse,
} from '@tagger/protocol/quality'

/** Others that must have answered an item before they say something of one more answer. */
const LEAST_OTHERS = 2

/** Per worker its answers to items nobody knows, with what the others make of them. */
export function checkedByOthers(
  { workers, item, worker, label, start }: LabelTable,
  known: Int32Array,
  others: Float64Array,
): CheckedAnswer[][] {
  const answers: CheckedAnswer[][] = Array.from({ length: workers }, () => [])
  for (let i = 0; i < label.length; i++) {
    const t = item[i]!
    if (known[t]! >= 0 || start[t + 1]! - start[t]! - 1 < LEAST_OTHERS) continue
    answers[worker[i]!]!.push({ label: label[i]!, right: others[i]! })
  }
  return answers
}

/** Of these items those with a class at least so probable, with the probabilities of all classes. */
export function sureItems(
  posterior: Float64Array,
  classes: number,
  items: readonly number[],
  least: number,
): Map<number, Float64Array> {
  const sure = new Map<number, Float64Array>()
  for (const t of items) {
    const row = posterior.slice(t * classes, (t + 1) * classes)
    if (Math.max(...row) >= least) sure.set(t, row)
  }
  return sure
}

/** The share of pairs among these workers that are kept apart. */
export function shareApart(apart: Apart, workers: readonly number[]): number {
  let [found, pairs] = [0, 0]
  for (const [place, a] of workers.entries()) {
    for (const b of workers.slice(place + 1)) {
      pairs++
      if (harmOf(apart, a, [b]) > 0) found++
    }
  }
  return pairs === 0 ? 0 : found / pairs
}

/** The usual response on known items. */
export function usualOnKnown(table: LabelTable, known: Int32Array): number {
  const kept = [...table.label.keys()].filter((i) => known[table.item[i]!]! >= 0)
  const of = (column: Int32Array) => Int32Array.from(kept, (i) => column[i]!)
  const ofKnown = labelTable({
    ...table,
    item: of(table.item),
    worker: of(table.worker),
    label: of(table.label),
  })
  const statements = statementsOf(ofKnown, known, new Float64Array(kept.length))
  return usualResponse(statements, responsesOf(statements))
}
