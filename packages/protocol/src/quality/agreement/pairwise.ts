/** Mean agreement over pairs of answers to one item; null where there is no pair. */
export interface PairwiseAgreement {
  readonly overall: number | null
  readonly perWorker: readonly (number | null)[]
  readonly pairs: number
}

/** One worker's answer to an item, in any form: boxes, spans, tokens. */
export interface ItemAnswer<T> {
  readonly worker: number
  readonly answer: T
}

/**
 * Averages a symmetric agreement from 0 to 1 (IoU, span F1, word agreement …) over all pairs of answers of each item.
 * `items` holds each item's answers; every pair counts alike.
 */
export function pairwiseAgreement<T>(
  items: Iterable<readonly ItemAnswer<T>[]>,
  workers: number,
  agreement: (a: T, b: T) => number,
): PairwiseAgreement {
  const sum = new Float64Array(workers)
  const count = new Int32Array(workers)
  let [total, pairs] = [0, 0]
  for (const answers of items) {
    for (let i = 1; i < answers.length; i++) {
      for (let j = 0; j < i; j++) {
        const value = agreement(answers[i]!.answer, answers[j]!.answer)
        total += value
        pairs++
        for (const { worker } of [answers[i]!, answers[j]!]) {
          sum[worker]! += value
          count[worker]!++
        }
      }
    }
  }
  return {
    overall: pairs === 0 ? null : total / pairs,
    perWorker: Array.from(sum, (value, worker) => (count[worker] === 0 ? null : value / count[worker]!)),
    pairs,
  }
}
