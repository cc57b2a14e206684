import { TaggerError } from '../../errors.ts'

/**
 * Ratings as a structure of arrays, sorted by item, then worker; at most one per worker and item.
 * `value` holds class indices (nominal), ranks (ordinal) or numbers. A label table fits: `{ ...table, value: table.label }`.
 */
export interface Ratings {
  readonly items: number
  readonly workers: number
  readonly item: ArrayLike<number>
  readonly worker: ArrayLike<number>
  readonly value: ArrayLike<number>
  /** Ratings of item t are start[t] up to start[t + 1]. Length items + 1. */
  readonly start: ArrayLike<number>
}

/** Why a coefficient has no value. */
export type Undefined =
  /** No two workers rated the same item. */
  | 'no-pairs'
  /** Every pairable rating is the same: chance alone would agree as well. */
  | 'no-variation'
  /** The coefficient needs as many ratings of every item; Krippendorff's alpha does not. */
  | 'unequal-ratings'
  /** The ratio level knows no negative values. */
  | 'negative-value'

/** A chance-corrected coefficient, 1 for perfect agreement and 0 for chance, or the reason why there is none. */
export type Coefficient =
  | { readonly defined: true; readonly value: number }
  | { readonly defined: false; readonly reason: Undefined }

/** Ratings from rows of items and columns of workers, null where a worker did not rate. Throws `bad-document` on ragged rows. */
export function ratingsOfRows(rows: readonly (readonly (number | null)[])[]): Ratings {
  const workers = rows[0]?.length ?? 0
  const [item, worker, value]: [number[], number[], number[]] = [[], [], []]
  const start = [0]
  rows.forEach((row, index) => {
    if (row.length !== workers) {
      throw new TaggerError('bad-document', `Row ${index} has ${row.length} ratings, the first ${workers}`)
    }
    row.forEach((rating, column) => {
      if (rating === null) return
      item.push(index)
      worker.push(column)
      value.push(rating)
    })
    start.push(item.length)
  })
  return { items: rows.length, workers, item, worker, value, start }
}

/** The ratings of which the item has at least one other: what agreement can be read from. */
export function pairable(ratings: Ratings): Ratings {
  const { items, workers, start } = ratings
  const kept: number[] = []
  const newStart = new Int32Array(items + 1)
  for (let t = 0; t < items; t++) {
    const [from, to] = [start[t]!, start[t + 1]!]
    if (to - from >= 2) for (let i = from; i < to; i++) kept.push(i)
    newStart[t + 1] = kept.length
  }
  return {
    items,
    workers,
    item: Int32Array.from(kept, (i) => ratings.item[i]!),
    worker: Int32Array.from(kept, (i) => ratings.worker[i]!),
    value: Float64Array.from(kept, (i) => ratings.value[i]!),
    start: newStart,
  }
}

/** A coefficient from what was seen and what chance would give, both as disagreement. */
export function correctedForChance(observed: number, expected: number): Coefficient {
  return expected === 0
    ? { defined: false, reason: 'no-variation' }
    : { defined: true, value: 1 - observed / expected }
}
