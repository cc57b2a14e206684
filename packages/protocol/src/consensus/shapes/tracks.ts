import { type RotatedBox, rotatedIou } from './box.ts'
import { mergeBoxes } from './boxes.ts'
import { fitExistence, sightingsOf } from './existence.ts'
import { type ObjectConsensus, objectConsensus } from './object-consensus.ts'
import {
  type Candidate,
  type Grouping,
  type Labeled,
  MOST_OBJECTS,
  type ObjectAnswer,
  type ShapeKind,
} from './objects.ts'
import type { MergedShapes } from './sides.ts'
import { boxesAt, orderedKeyframes, type Track, trackOf } from './track.ts'

/** Frames of a video that are compared; longer videos are looked at in even steps. */
const MOST_FRAMES = 128
/** Pixels and degrees that a result's key frames may be off its boxes. */
const TOLERANCE = 0.5

/** A track as boxes at the compared frames of its video. */
interface Sampled {
  readonly frames: readonly number[]
  readonly boxes: readonly (RotatedBox | null)[]
}

const SAMPLED: ShapeKind<Sampled> = {
  isUsable: ({ boxes }) => boxes.some((box) => box !== null),
  likeness: trackIou,
  least: 0.2,
  // Comparing two tracks takes as long as comparing their boxes, and there are many pairs.
  cost: ({ boxes }) => 10 * boxes.length,
}

/** Shared volume over united volume of two tracks through time. */
function trackIou(a: Sampled, b: Sampled): number {
  let [shared, union] = [0, 0]
  for (let k = 0; k < a.boxes.length; k++) {
    const [p, q] = [a.boxes[k] ?? null, b.boxes[k] ?? null]
    const areas = (p === null ? 0 : p.width * p.height) + (q === null ? 0 : q.width * q.height)
    const iou = p === null || q === null ? 0 : rotatedIou(p, q)
    // iou = s ÷ (areas − s), so s = areas × iou ÷ (1 + iou).
    const both = (areas * iou) / (1 + iou)
    shared += both
    union += areas - both
  }
  return union > 0 ? shared / union : 0
}

/**
 * The consensus of video tracks: matched as wholes by shared volume, at each frame the presence by misses and false
 * alarms and the box by each worker's hand, both over all frames of the campaign. Units are pixels and frames.
 * @param countFrames how many frames the video of an item has.
 */
export function trackConsensus(
  answers: readonly ObjectAnswer<Track>[],
  countFrames: (item: string) => number,
  known?: ReadonlyMap<string, readonly Labeled<Track>[]>,
): ObjectConsensus<Track> {
  const sampled = (item: string, objects: readonly Labeled<Track>[]): Labeled<Sampled>[] => {
    const frames = comparedFrames(countFrames(item))
    return objects.map(({ label, shape }, index) => {
      const keyframes = index < MOST_OBJECTS ? orderedKeyframes(shape) : null
      return { label, shape: { frames, boxes: keyframes === null ? [] : boxesAt(keyframes, frames) } }
    })
  }
  const { items, quality } = objectConsensus(
    answers.map((answer) => ({ ...answer, objects: sampled(answer.item, answer.objects) })),
    SAMPLED,
    mergeTracks,
    known && new Map([...known].map(([item, objects]) => [item, sampled(item, objects)])),
  )
  const asTrack = ({ frames, boxes }: Sampled) => trackOf(frames, boxes, TOLERANCE)
  return {
    items: new Map(
      [...items].map(([item, found]) => [
        item,
        found.map((object) => ({ ...object, shape: asTrack(object.shape) })),
      ]),
    ),
    quality,
  }
}

/** Frames 1 to count (Label Studio counts from 1), in steps when there are too many; the last one always. */
function comparedFrames(count: number): number[] {
  const step = Math.max(1, Math.floor((count - 2) / (MOST_FRAMES - 1)) + 1)
  const frames: number[] = []
  for (let frame = 1; frame < count; frame += step) frames.push(frame)
  frames.push(Math.max(1, count))
  return frames
}

/** Each track at each frame is a box candidate of its own; who follows the track is who could have marked it there. */
function mergeTracks({ workers, candidates }: Grouping<Sampled>): MergedShapes<Sampled> {
  const moments: Candidate<RotatedBox>[] = []
  const followers: number[][] = []
  const momentsOf = candidates.map((candidate, c) =>
    framesOf(candidate).map((_, k) => {
      const moment = momentOf(candidate, c, k)
      if (moment === null) return -1
      followers.push(candidate.members.map(({ worker }) => worker))
      return moments.push(moment) - 1
    }),
  )
  const presence = fitExistence(sightingsOf(workers, moments, (moment) => followers[moment]!))
  const merged = mergeBoxes({ workers, candidates: moments })
  const shapeOf = (c: number, box: (moment: number) => RotatedBox | null): Sampled => ({
    frames: framesOf(candidates[c]!),
    boxes: momentsOf[c]!.map((moment) => (moment < 0 ? null : box(moment))),
  })
  const shapes = candidates.map((_, c) =>
    shapeOf(c, (moment) => (presence.probability[moment]! >= 0.5 ? merged.shapes[moment]! : null)),
  )
  return {
    shapes,
    without(c, worker) {
      const { members } = candidates[c]!
      if (members.every((member) => member.worker === worker)) return null
      if (members.every((member) => member.worker !== worker)) return shapes[c]!
      return shapeOf(c, (moment) =>
        presence.without(moment, worker) >= 0.5 ? merged.without(moment, worker) : null,
      )
    },
  }
}

function framesOf({ members, known }: Candidate<Sampled>): readonly number[] {
  const shape = members[0]?.shape ?? (known !== null && known !== 'false' ? known.shape : null)
  return shape?.frames ?? []
}

/** What a track is at one frame; null where nobody has it there and nothing is known. */
function momentOf(
  { members, known }: Candidate<Sampled>,
  item: number,
  k: number,
): Candidate<RotatedBox> | null {
  const present = members.flatMap((member) => {
    const box = member.shape.boxes[k] ?? null
    return box === null ? [] : [{ ...member, shape: box }]
  })
  if (known === null || known === 'false')
    return present.length === 0 ? null : { item, members: present, known }
  const box = known.shape.boxes[k] ?? null
  if (box === null) return present.length === 0 ? null : { item, members: present, known: 'false' }
  return { item, members: present, known: { label: known.label, shape: box } }
}
