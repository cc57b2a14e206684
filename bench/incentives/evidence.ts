import { type Apart, harmOf } from '@tagger/protocol/quality'

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
