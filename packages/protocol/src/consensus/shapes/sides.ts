import type { NumberFit } from '../numbers/fit.ts'
import type { NumberTable } from '../numbers/number-table.ts'
import { numberConsensus } from '../numbers/numbers.ts'
import { carefulHand, type Hands } from './hands.ts'
import type { Candidate, Grouping } from './objects.ts'

/**
 * A shape as a row of numbers in the frame of a reference shape: distances of sides (start and end, left and right…)
 * from those of the reference. `length` is the size of the reference along each side's axis.
 */
export interface SideKind<S> {
  readonly sides: number
  /** Where side `side` of a shape lies from the reference's. */
  offset(shape: S, reference: S, side: number): number
  /** Size of the reference that an error of this side goes with. */
  length(reference: S, side: number): number
  /** The reference with its sides moved. */
  moved(reference: S, offsets: readonly number[]): S
}

/** The part of a grouping that merging needs. */
export type Marks<S> = Pick<Grouping<S>, 'workers' | 'candidates'>

/** Shapes of candidates: of all members, and of all but one worker (null: nobody else marked it). */
export interface MergedShapes<S> {
  readonly shapes: readonly S[]
  without(candidate: number, worker: number): S | null
}

/**
 * Merges the members of each candidate side by side with the consensus of numbers: workers have a bias and a noise per
 * side, measured in what errors are at that size (a constant part and one that grows with the size, both learned). Where
 * nothing is known, sides end where the crowd's most careful hands have them ({@link carefulHand}).
 */
export function mergeSides<S>(
  { workers, candidates }: Marks<S>,
  references: readonly S[],
  kind: SideKind<S>,
): MergedShapes<S> {
  const start = new Int32Array(candidates.length + 1)
  candidates.forEach(({ members }, c) => {
    start[c + 1] = start[c]! + members.length
  })
  const labels = start[candidates.length]!
  const item = new Int32Array(labels)
  const worker = new Int32Array(labels)
  candidates.forEach(({ members }, c) => {
    members.forEach((member, m) => {
      item[start[c]! + m] = c
      worker[start[c]! + m] = member.worker
    })
  })
  const items = candidates.map((_, c) => String(c))
  const isAnchored = candidates.some(({ known }) => known !== null && known !== 'false')
  const fits = Array.from({ length: kind.sides }, (_, side) => {
    const value = new Float64Array(labels)
    candidates.forEach(({ members }, c) => {
      members.forEach(({ shape }, m) => {
        value[start[c]! + m] = kind.offset(shape, references[c]!, side)
      })
    })
    const spread = spreadBySize(candidates, references, start, value, (reference) =>
      kind.length(reference, side),
    )
    for (let i = 0; i < labels; i++) value[i]! /= spread[item[i]!]!
    const known = new Float64Array(candidates.length).fill(Number.NaN)
    candidates.forEach(({ known: thing }, c) => {
      if (thing === null || thing === 'false') return
      known[c] = kind.offset(thing.shape, references[c]!, side) / spread[c]!
    })
    const table: NumberTable = { items, workers, item, worker, value, start }
    const consensus = numberConsensus(table, known, isAnchored ? ['bias'] : ['noise', 'bias'])
    return { spread, consensus, hands: handsOf(table, consensus.fit) }
  })
  // Known shapes have told what the whole crowd does.
  const careful = isAnchored ? null : carefulHand(fits.map(({ hands }) => hands))
  const shifts = fits.map(({ consensus }, side) => (careful?.[side] ?? 0) * Math.sqrt(consensus.fit.pooled))
  const shapes = candidates.map(({ known }, c) =>
    known !== null && known !== 'false'
      ? known.shape
      : kind.moved(
          references[c]!,
          fits.map(
            ({ spread, consensus }, side) => (consensus.estimate(c).value + shifts[side]!) * spread[c]!,
          ),
        ),
  )
  return {
    shapes,
    without(c, left) {
      const { members, known } = candidates[c]!
      if (known !== null && known !== 'false') return known.shape
      const index = members.findIndex((member) => member.worker === left)
      if (index < 0) return shapes[c]!
      if (members.length === 1) return null
      const offsets = fits.map(
        ({ spread, consensus }, side) =>
          (consensus.withoutLabel(start[c]! + index).value + shifts[side]!) * spread[c]!,
      )
      return kind.moved(references[c]!, offsets)
    },
  }
}

/** What each worker does to one side; unknown where the crowd's model has no biases. */
function handsOf({ workers, start, item, worker, value }: NumberTable, fit: NumberFit): Hands {
  const bias = new Float64Array(workers.length)
  const precision = new Float64Array(workers.length)
  const labels = fit.model === 'noise' ? 0 : value.length
  for (let i = 0; i < labels; i++) {
    const [t, j] = [item[i]!, worker[i]!]
    // What one worker alone marked lies where that worker put it.
    if (start[t + 1]! - start[t]! < 2) continue
    const p = fit.weight[i]! / fit.noise[j]!
    bias[j]! += p * (value[i]! - fit.value[t]!)
    precision[j]! += p
  }
  for (let j = 0; j < workers.length; j++)
    if (precision[j]! > 0) bias[j]! /= precision[j]! * Math.sqrt(fit.pooled)
  return {
    bias,
    variance: precision.map((p) => (p > 0 ? 1 / (p * fit.pooled) : Infinity)),
    deviation: fit.noise.map((noise) => Math.sqrt(noise / fit.pooled)),
  }
}

/** What errors of a side are at each candidate's size: a line through absolute offsets over sizes, both parts ≥ 0. */
function spreadBySize<S>(
  candidates: readonly Candidate<S>[],
  references: readonly S[],
  start: Int32Array,
  value: Float64Array,
  length: (reference: S) => number,
): Float64Array {
  let [count, x, y, xx, xy] = [0, 0, 0, 0, 0]
  const sizes = Float64Array.from(references, length)
  candidates.forEach(({ members }, c) => {
    if (members.length < 2) return
    for (let i = start[c]!; i < start[c + 1]!; i++) {
      const size = sizes[c]!
      // An error larger than the thing itself is no error of drawing.
      const error = Math.min(Math.abs(value[i]!), size)
      count++
      x += size
      y += error
      xx += size * size
      xy += size * error
    }
  })
  const across = count * xx - x * x
  let slope = across > 0 ? Math.max(0, (count * xy - x * y) / across) : 0
  let base = count > 0 ? (y - slope * x) / count : 0
  if (base < 0) {
    base = 0
    slope = xx > 0 ? xy / xx : 0
  }
  if (!(base + slope > 0)) slope = 0.1
  return sizes.map((size) => base + slope * size || 1)
}
