import { type Stretch, stretchIou } from '../../quality/agreement/overlap.ts'
import { type ObjectConsensus, objectConsensus } from './object-consensus.ts'
import type { Candidate, Grouping, Labeled, ObjectAnswer, ShapeKind } from './objects.ts'
import { mergeSides, type SideKind } from './sides.ts'

const LARGEST = 1e12

/** Time segments (seconds, samples or frames) are grouped by intersection over union; empty ones are left out. */
export const SEGMENTS: ShapeKind<Stretch> = {
  isUsable: ({ start, end }) => Math.abs(start) <= LARGEST && Math.abs(end) <= LARGEST && end > start,
  likeness: stretchIou,
  least: 0.3,
}

/** The consensus of time segments: boxes with one side fewer. Channels are items of their own. */
export function segmentConsensus(
  answers: readonly ObjectAnswer<Stretch>[],
  known?: ReadonlyMap<string, readonly Labeled<Stretch>[]>,
): ObjectConsensus<Stretch> {
  const merge = (grouping: Grouping<Stretch>) =>
    mergeSides(grouping, grouping.candidates.map(referenceOf), SEGMENT_SIDES)
  return objectConsensus(answers, SEGMENTS, merge, known)
}

/** The member most like the others; the first of equals. */
function referenceOf({ members, known }: Candidate<Stretch>): Stretch {
  if (members.length === 0 && known !== null && known !== 'false') return known.shape
  let best = members[0]!.shape
  let most = -1
  for (const { shape } of members) {
    let sum = 0
    for (const other of members) sum += stretchIou(shape, other.shape)
    if (sum > most) {
      most = sum
      best = shape
    }
  }
  return best
}

const SEGMENT_SIDES: SideKind<Stretch> = {
  sides: 2,
  offset: (shape, reference, side) =>
    side === 0 ? shape.start - reference.start : shape.end - reference.end,
  length: ({ start, end }) => end - start,
  moved({ start, end }, [first, last]) {
    const from = start + first!
    return { start: from, end: Math.max(from, end + last!) }
  },
}
