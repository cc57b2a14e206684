import type { RotatedBox } from './box.ts'

/** A box at one frame of a video; `enabled` false: the thing is gone from the next frame on. */
export interface Keyframe extends RotatedBox {
  readonly frame: number
  readonly enabled: boolean
}

/** A thing through a video: key frames in any order, in between boxes lie on straight lines (Label Studio's rules). */
export interface Track {
  readonly keyframes: readonly Keyframe[]
}

export const MOST_KEYFRAMES = 5000

/** Key frames in order, the last one given where a frame has several; null where there are none, too many, or no numbers. */
export function orderedKeyframes({ keyframes }: Track): Keyframe[] | null {
  if (keyframes.length === 0 || keyframes.length > MOST_KEYFRAMES) return null
  const byFrame = new Map<number, Keyframe>()
  for (const keyframe of keyframes) {
    const { frame, x, y, width, height, rotation } = keyframe
    for (const value of [frame, x, y, width, height, rotation]) if (!(Math.abs(value) <= 1e7)) return null
    if (width <= 0 || height <= 0 || frame < 0 || Math.floor(frame) !== frame) return null
    byFrame.set(frame, keyframe)
  }
  return [...byFrame.values()].sort((a, b) => a.frame - b.frame)
}

/** Boxes at the given frames (rising), null where the thing is not there: before the first key frame and after a disabled one. */
export function boxesAt(keyframes: readonly Keyframe[], frames: readonly number[]): (RotatedBox | null)[] {
  let at = -1
  return frames.map((frame) => {
    while (at + 1 < keyframes.length && keyframes[at + 1]!.frame <= frame) at++
    const from = keyframes[at]
    if (from === undefined) return null
    if (from.frame === frame) return from
    if (!from.enabled) return null
    const to = keyframes[at + 1]
    return to === undefined ? from : between(from, to, (frame - from.frame) / (to.frame - from.frame))
  })
}

function between(a: RotatedBox, b: RotatedBox, share: number): RotatedBox {
  return {
    x: a.x + (b.x - a.x) * share,
    y: a.y + (b.y - a.y) * share,
    width: a.width + (b.width - a.width) * share,
    height: a.height + (b.height - a.height) * share,
    rotation: a.rotation + (b.rotation - a.rotation) * share,
  }
}

/**
 * Key frames for boxes at rising frames (null: not there): only those that straight lines between the others do not give
 * within `tolerance` pixels and degrees.
 */
export function trackOf(
  frames: readonly number[],
  boxes: readonly (RotatedBox | null)[],
  tolerance: number,
): Track {
  const keyframes: Keyframe[] = []
  for (let first = 0; first < boxes.length; first++) {
    if (boxes[first] === null) continue
    let last = first
    while (last + 1 < boxes.length && boxes[last + 1] !== null) last++
    keyframes.push(...thinned(frames, boxes, first, last, tolerance))
    first = last
  }
  return { keyframes }
}

function thinned(
  frames: readonly number[],
  boxes: readonly (RotatedBox | null)[],
  first: number,
  last: number,
  tolerance: number,
): Keyframe[] {
  const keyframe = (at: number, enabled: boolean): Keyframe => {
    const { x, y, width, height, rotation } = boxes[at]!
    return { frame: frames[at]!, enabled, x, y, width, height, rotation }
  }
  const kept: Keyframe[] = []
  let from = first
  while (from < last) {
    kept.push(keyframe(from, true))
    let to = from + 1
    while (to < last && isStraight(frames, boxes, from, to + 1, tolerance)) to++
    from = to
  }
  kept.push(keyframe(last, false))
  return kept
}

function isStraight(
  frames: readonly number[],
  boxes: readonly (RotatedBox | null)[],
  from: number,
  to: number,
  tolerance: number,
): boolean {
  for (let at = from + 1; at < to; at++) {
    const line = between(
      boxes[from]!,
      boxes[to]!,
      (frames[at]! - frames[from]!) / (frames[to]! - frames[from]!),
    )
    const box = boxes[at]!
    const off = Math.max(
      Math.abs(line.x - box.x),
      Math.abs(line.y - box.y),
      Math.abs(line.width - box.width),
      Math.abs(line.height - box.height),
      Math.abs(line.rotation - box.rotation),
    )
    if (off > tolerance) return false
  }
  return true
}
