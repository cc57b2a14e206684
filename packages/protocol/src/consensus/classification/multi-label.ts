import type { Classification, Classifier, LabelTable } from './label-table.ts'

/** Answers that may name several classes, sorted by item, then worker; at most one answer per worker and item. */
export interface ChoiceTable {
  readonly items: number
  readonly workers: number
  readonly classes: number
  /** Of answer i: its item and worker. */
  readonly item: Int32Array
  readonly worker: Int32Array
  /** Answers × classes, row by row: 1 where the answer names the class. */
  readonly chosen: Uint8Array
  /** Answers of item t are start[t] up to start[t + 1]. Length items + 1. */
  readonly start: Int32Array
}

/** What a crowd says of every class of every item. */
export interface MultiLabel {
  /** Probability that the item is of the class, items × classes row by row; a row has any sum. */
  readonly probability: Float64Array
  /** The same of answer i's item, with that answer's own likelihood removed. */
  withoutAnswer(index: number): Float64Array
}

/**
 * Multiple choice as one yes-or-no question per class, each by `method` with workers' skills of its own.
 * known: items × classes, 1 or 0 where it is known whether the item is of the class, else −1.
 */
export function multiLabel(table: ChoiceTable, known: Int8Array, method: Classifier): MultiLabel {
  const { items, classes, item, chosen } = table
  const probability = new Float64Array(items * classes)
  const questions: Classification[] = []
  for (let k = 0; k < classes; k++) {
    const question: LabelTable = {
      ...table,
      classes: 2,
      label: Int32Array.from(item, (_, i) => chosen[i * classes + k]!),
    }
    const knownHere = Int32Array.from({ length: items }, (_, t) => known[t * classes + k]!)
    const fit = method(question, knownHere)
    for (let t = 0; t < items; t++) probability[t * classes + k] = fit.posterior[2 * t + 1]!
    questions.push(fit)
  }
  return {
    probability,
    withoutAnswer: (index) => Float64Array.from(questions, (question) => question.withoutLabel(index)[1]!),
  }
}

/**
 * How good one answer is, 0 to 1, given the probabilities of the classes without it: what it shares with the truth
 * through what either names, in expected numbers (a soft Jaccard index), so that it does not pay to name everything or
 * to leave classes out. An answer that names nothing is as good as the chance that there is nothing to name.
 */
export function choiceQuality(chosen: Uint8Array, probability: Float64Array): number {
  let shared = 0
  let either = 0
  let nothing = 1
  for (let k = 0; k < probability.length; k++) {
    nothing *= 1 - probability[k]!
    if (chosen[k] === 1) shared += probability[k]!
    either += chosen[k] === 1 ? 1 : probability[k]!
  }
  return chosen.includes(1) ? shared / either : nothing
}
