import { cosine, sine } from '../../math/trigonometry.ts'
import { centerOf, cornerOf, type RotatedBox, rotatedIou } from './box.ts'
import { type ObjectConsensus, objectConsensus } from './object-consensus.ts'
import type { Candidate, Labeled, ObjectAnswer, ShapeKind } from './objects.ts'
import { type Marks, type MergedShapes, mergeSides, type SideKind } from './sides.ts'

const LARGEST = 1e7

/** Boxes are grouped by intersection over union; one without area or beyond ±10⁷ pixels is left out. */
export const BOXES: ShapeKind<RotatedBox> = {
  isUsable: ({ x, y, width, height, rotation }) =>
    Math.abs(x) <= LARGEST &&
    Math.abs(y) <= LARGEST &&
    width > 0 &&
    width <= LARGEST &&
    height > 0 &&
    height <= LARGEST &&
    Math.abs(rotation) <= 3600,
  likeness: rotatedIou,
  least: 0.3,
}

/**
 * The consensus of boxes, turned ones included: matched one to one, kept by the odds that they are real, their sides
 * (and turn) averaged with what each worker's hand is worth. Units are pixels, see {@link RotatedBox}.
 */
export function boxConsensus(
  answers: readonly ObjectAnswer<RotatedBox>[],
  known?: ReadonlyMap<string, readonly Labeled<RotatedBox>[]>,
): ObjectConsensus<RotatedBox> {
  return objectConsensus(answers, BOXES, mergeBoxes, known)
}

/** Boxes of candidates, side by side. */
export function mergeBoxes(grouping: Marks<RotatedBox>): MergedShapes<RotatedBox> {
  const references = grouping.candidates.map(referenceOf)
  return mergeSides(grouping, references, BOX_SIDES)
}

/** The member most like the others; the first of equals. */
function referenceOf({ members, known }: Candidate<RotatedBox>): RotatedBox {
  if (members.length === 0 && known !== null && known !== 'false') return known.shape
  let best = 0
  let most = -1
  members.forEach(({ shape }, index) => {
    let sum = 0
    for (const other of members) sum += rotatedIou(shape, other.shape)
    if (sum > most) {
      most = sum
      best = index
    }
  })
  return members[best]!.shape
}

/** Left, top, right and bottom in the frame of the reference, whose middle is the origin; then the turn in degrees. */
const BOX_SIDES: SideKind<RotatedBox> = {
  sides: 5,
  offset(box, reference, side) {
    const { width, height, turn } = alignedTo(box, reference)
    if (side === 4) return turn
    const [p, q] = [centerOf(box), centerOf(reference)]
    const c = cosine(reference.rotation)
    const s = sine(reference.rotation)
    const [dx, dy] = [p.x - q.x, p.y - q.y]
    const along = side % 2 === 0 ? dx * c + dy * s : dy * c - dx * s
    const half = (side % 2 === 0 ? width - reference.width : height - reference.height) / 2
    return side < 2 ? along - half : along + half
  },
  length(reference, side) {
    if (side === 4) return 45
    return side % 2 === 0 ? reference.width : reference.height
  },
  moved(reference, offsets) {
    const [left, top, right, bottom, turn] = offsets as [number, number, number, number, number]
    const width = Math.max(0, reference.width + right - left)
    const height = Math.max(0, reference.height + bottom - top)
    const middle = centerOf(reference)
    const [dx, dy] = [(left + right) / 2, (top + bottom) / 2]
    const rotation = reference.rotation + turn
    const [c, s] = [cosine(reference.rotation), sine(reference.rotation)]
    const center = { x: middle.x + dx * c - dy * s, y: middle.y + dx * s + dy * c }
    const size = { width, height, rotation }
    return { ...cornerOf(center, size), ...size }
  },
}

/** The same rectangle described with the turn nearest to the reference's: −45 up to 45 degrees from it. */
function alignedTo({ width, height, rotation }: RotatedBox, reference: RotatedBox) {
  const quarters = Math.floor((rotation - reference.rotation) / 90 + 0.5)
  const turn = rotation - reference.rotation - quarters * 90
  return quarters % 2 === 0 ? { width, height, turn } : { width: height, height: width, turn }
}
