import { exp } from '../../math/log-exp.ts'
import { type ObjectConsensus, objectConsensus } from './object-consensus.ts'
import type { Candidate, Grouping, Labeled, ObjectAnswer, ShapeKind } from './objects.ts'
import { mergeSides, type SideKind } from './sides.ts'

/**
 * A named point in pixels. Its label is what is seen of it (visible, occluded…); a point that is not marked is not seen.
 * `scale` is the size of what it belongs to: the object's, or the image's where there is none.
 */
export interface Keypoint {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly scale: number
}

const LARGEST = 1e7
/** Standard deviation of a point, as a share of its scale, at which likeness falls to e^−½. */
const TOLERANCE = 0.05
/** Two points of one name are never nothing alike: one far off is a mistake about the same point, not another one. */
const SAME_NAME = 0.001

/** Points are grouped by name; several of one name by how near they are (object keypoint similarity of COCO). */
export const KEYPOINTS: ShapeKind<Keypoint> = {
  isUsable: ({ x, y, scale }) =>
    Math.abs(x) <= LARGEST && Math.abs(y) <= LARGEST && scale > 0 && scale <= LARGEST,
  likeness: (a, b) => (a.name === b.name ? Math.max(SAME_NAME, keypointSimilarity(a, b)) : 0),
  // Half of the least likeness of two of one name, for means that are rounded.
  least: SAME_NAME / 2,
}

/** exp(−distance² ÷ 2(tolerance × scale)²), with the larger of both scales. */
export function keypointSimilarity(a: Keypoint, b: Keypoint): number {
  const [dx, dy] = [a.x - b.x, a.y - b.y]
  const reach = TOLERANCE * Math.max(a.scale, b.scale)
  return exp(-(dx * dx + dy * dy) / (2 * reach * reach))
}

/** The consensus of named points: each worker's hand weighs, points far off fade, visibility by misses and false alarms. */
export function keypointConsensus(
  answers: readonly ObjectAnswer<Keypoint>[],
  known?: ReadonlyMap<string, readonly Labeled<Keypoint>[]>,
): ObjectConsensus<Keypoint> {
  const merge = (grouping: Grouping<Keypoint>) =>
    mergeSides(grouping, grouping.candidates.map(referenceOf), POINT_SIDES)
  return objectConsensus(answers, KEYPOINTS, merge, known)
}

/** The member nearest to all others (its distances have the least sum); the first of equals. */
function referenceOf({ members, known }: Candidate<Keypoint>): Keypoint {
  if (members.length === 0 && known !== null && known !== 'false') return known.shape
  let best = members[0]!.shape
  let least = Infinity
  for (const { shape } of members) {
    let sum = 0
    for (const { shape: other } of members) {
      const [dx, dy] = [shape.x - other.x, shape.y - other.y]
      sum += Math.sqrt(dx * dx + dy * dy)
    }
    if (sum < least) {
      least = sum
      best = shape
    }
  }
  return best
}

const POINT_SIDES: SideKind<Keypoint> = {
  sides: 2,
  offset: (shape, reference, side) => (side === 0 ? shape.x - reference.x : shape.y - reference.y),
  length: ({ scale }) => scale,
  moved: (reference, [x, y]) => ({ ...reference, x: reference.x + x!, y: reference.y + y! }),
}
