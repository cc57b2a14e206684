import type { Ratings } from './ratings.ts'

/** Shares of agreeing pairs of ratings, not corrected for chance; null where there is no pair. */
export interface PercentAgreement {
  readonly overall: number | null
  /** Of a class: given one rating of it, the chance that another of the item is of it too (Cicchetti & Feinstein 1990). */
  readonly perClass: readonly (number | null)[]
  /** Of a worker: its pairs with the others. */
  readonly perWorker: readonly (number | null)[]
}

/** Percent agreement over all pairs of ratings of one item; `classes` indices from 0. */
export function percentAgreement(
  { items, workers, worker, value, start }: Ratings,
  classes: number,
): PercentAgreement {
  const byClass = { agreeing: new Float64Array(classes), all: new Float64Array(classes) }
  const byWorker = { agreeing: new Float64Array(workers), all: new Float64Array(workers) }
  const counts = new Int32Array(classes)
  for (let t = 0; t < items; t++) {
    const [from, to] = [start[t]!, start[t + 1]!]
    counts.fill(0)
    for (let i = from; i < to; i++) counts[value[i]!]!++
    for (let i = from; i < to; i++) {
      const [label, who] = [value[i]!, worker[i]!]
      byClass.agreeing[label]! += counts[label]! - 1
      byClass.all[label]! += to - from - 1
      byWorker.agreeing[who]! += counts[label]! - 1
      byWorker.all[who]! += to - from - 1
    }
  }
  let [agreeing, all] = [0, 0]
  for (let label = 0; label < classes; label++) {
    agreeing += byClass.agreeing[label]!
    all += byClass.all[label]!
  }
  return { overall: share(agreeing, all), perClass: shares(byClass), perWorker: shares(byWorker) }
}

function shares({ agreeing, all }: { agreeing: Float64Array; all: Float64Array }): (number | null)[] {
  return Array.from(agreeing, (sum, index) => share(sum, all[index]!))
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
