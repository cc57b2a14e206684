import { exp, log } from '../../math/log-exp.ts'
import { isMask, type Mask, maskArea, runsBuilder, runsIou, sweep } from './mask.ts'
import { type ObjectConsensus, objectConsensus } from './object-consensus.ts'
import type { Grouping, Labeled, ObjectAnswer, ShapeKind } from './objects.ts'
import type { MergedShapes } from './sides.ts'

/** Masks are grouped by intersection over union; broken and empty ones are left out. */
export const MASKS: ShapeKind<Mask> = {
  isUsable: isMask,
  likeness: runsIou,
  least: 0.3,
  cost: ({ runs }) => runs.length,
}

/** Bits of a pattern; members of a candidate beyond these (by worker) have no say in its shape. */
const MOST_MEMBERS = 30
const ITERATIONS = 40
/** What hands are like without evidence: shares of the inside covered and of the nearby outside left free. */
const COVERED = 0.9
const LEFT_FREE = 0.9
/** How many masks that belief is worth. */
const PRIOR_MASKS = 3

/**
 * The consensus of masks: objects grouped and believed in as boxes are, their pixels by the EM of STAPLE (Warfield, Zou
 * and Wells, IEEE TMI 23(7), 2004): each worker covers a share of the inside and leaves free a share of the outside,
 * the same over all masks of a campaign. Pixels with equal votes are one case, so time goes with runs, not with pixels.
 */
export function maskConsensus(
  answers: readonly ObjectAnswer<Mask>[],
  known?: ReadonlyMap<string, readonly Labeled<Mask>[]>,
): ObjectConsensus<Mask> {
  return objectConsensus(answers, MASKS, mergeMasks, known)
}

/** Pixels of one candidate by who covers them. `weight` makes large and small masks count alike. */
interface Patterns {
  readonly workers: readonly number[]
  readonly masks: readonly Mask[]
  readonly pattern: readonly number[]
  readonly pixels: readonly number[]
  readonly weight: number
  /** Share of the region that is inside. */
  inside: number
  /** Where known: 1 inside, 0 outside, per pattern as a share; null where unknown. */
  readonly known: readonly number[] | null
}

function mergeMasks({ workers, candidates }: Grouping<Mask>): MergedShapes<Mask> {
  const cases = candidates.map(({ members, known }) =>
    patternsOf(
      members.slice(0, MOST_MEMBERS).map(({ worker }) => worker),
      members.slice(0, MOST_MEMBERS).map(({ shape }) => shape),
      known !== null && known !== 'false' ? known.shape : null,
    ),
  )
  const covered = new Float64Array(workers.length).fill(COVERED)
  const leftFree = new Float64Array(workers.length).fill(LEFT_FREE)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const moved = updateWorkers(cases, covered, leftFree)
    for (const one of cases) updateInside(one, covered, leftFree)
    if (moved < 1e-6) break
  }
  const shapeOf = (one: Patterns, left: number): Mask => {
    const { runs, add } = runsBuilder()
    sweep(one.masks, (pattern, pixels) => add(insideOdds(one, pattern, left, covered, leftFree) >= 0, pixels))
    const { width, height } = one.masks[0]!
    return { width, height, runs }
  }
  const shapes = candidates.map(({ known }, c) =>
    known !== null && known !== 'false' ? known.shape : shapeOf(cases[c]!, -1),
  )
  return {
    shapes,
    without(c, worker) {
      const { members, known } = candidates[c]!
      if (known !== null && known !== 'false') return known.shape
      if (members.every((member) => member.worker === worker)) return null
      return members.some((member) => member.worker === worker) ? shapeOf(cases[c]!, worker) : shapes[c]!
    },
  }
}

function patternsOf(workers: readonly number[], masks: readonly Mask[], known: Mask | null): Patterns {
  const pixelsOf = new Map<number, number>()
  const insideOf = new Map<number, number>()
  const truthBit = 1 << masks.length
  let union = 0
  sweep(known === null ? masks : [...masks, known], (raw, pixels) => {
    const pattern = raw & (truthBit - 1)
    pixelsOf.set(pattern, (pixelsOf.get(pattern) ?? 0) + pixels)
    if ((raw & truthBit) !== 0) insideOf.set(pattern, (insideOf.get(pattern) ?? 0) + pixels)
    if (raw !== 0) union += pixels
  })
  // Of the empty surroundings as much as the object itself: all of it would make every hand look careful.
  if (known === null || !insideOf.has(0)) pixelsOf.set(0, Math.min(pixelsOf.get(0) ?? 0, union))
  const pattern = [...pixelsOf.keys()].sort((a, b) => a - b)
  const pixels = pattern.map((key) => pixelsOf.get(key)!)
  let area = 0
  for (const mask of masks) area += maskArea(mask.runs)
  const region = pixels.reduce((a, b) => a + b, 0)
  return {
    workers,
    masks,
    pattern,
    pixels,
    weight: region > 0 ? 1 / region : 0,
    inside: clamp(area / Math.max(1, masks.length) / Math.max(1, region)),
    known:
      known === null ? null : pattern.map((key, k) => (insideOf.get(key) ?? 0) / Math.max(1, pixels[k]!)),
  }
}

/** Log-odds that a pixel of a pattern is inside, the word of one worker left out (−1: of none). */
function insideOdds(
  { workers, inside }: Patterns,
  pattern: number,
  left: number,
  covered: Float64Array,
  leftFree: Float64Array,
): number {
  let odds = log(inside) - log(1 - inside)
  for (let k = 0; k < workers.length; k++) {
    const j = workers[k]!
    if (j === left) continue
    odds +=
      (pattern & (1 << k)) !== 0
        ? log(covered[j]!) - log(1 - leftFree[j]!)
        : log(1 - covered[j]!) - log(leftFree[j]!)
  }
  return odds
}

function insideShare(one: Patterns, k: number, covered: Float64Array, leftFree: Float64Array): number {
  return one.known?.[k] ?? 1 / (1 + exp(-insideOdds(one, one.pattern[k]!, -1, covered, leftFree)))
}

function updateInside(one: Patterns, covered: Float64Array, leftFree: Float64Array) {
  let sum = 0
  one.pixels.forEach((pixels, k) => {
    sum += pixels * one.weight * insideShare(one, k, covered, leftFree)
  })
  one.inside = clamp(sum)
}

/** New shares of every worker, shrunk to the crowd's; the largest move. */
function updateWorkers(cases: readonly Patterns[], covered: Float64Array, leftFree: Float64Array): number {
  const workers = covered.length
  const counts = new Float64Array(workers * 4)
  for (const one of cases)
    one.pattern.forEach((pattern, k) => {
      const inside = insideShare(one, k, covered, leftFree)
      const pixels = one.pixels[k]! * one.weight
      one.workers.forEach((j, bit) => {
        const isOn = (pattern & (1 << bit)) !== 0
        counts[j * 4]! += isOn ? pixels * inside : 0
        counts[j * 4 + 1]! += pixels * inside
        counts[j * 4 + 2]! += isOn ? 0 : pixels * (1 - inside)
        counts[j * 4 + 3]! += pixels * (1 - inside)
      })
    })
  const pooled = [COVERED * PRIOR_MASKS, PRIOR_MASKS, LEFT_FREE * PRIOR_MASKS, PRIOR_MASKS]
  for (let i = 0; i < counts.length; i++) pooled[i % 4]! += counts[i]!
  let moved = 0
  for (let j = 0; j < workers; j++) {
    const next = [0, 2].map((at) =>
      clamp(
        (counts[j * 4 + at]! + (PRIOR_MASKS * pooled[at]!) / pooled[at + 1]!) /
          (counts[j * 4 + at + 1]! + PRIOR_MASKS),
      ),
    )
    moved = Math.max(moved, Math.abs(next[0]! - covered[j]!), Math.abs(next[1]! - leftFree[j]!))
    covered[j] = next[0]!
    leftFree[j] = next[1]!
  }
  return moved
}

function clamp(share: number): number {
  return Math.min(0.995, Math.max(0.005, share))
}
