/** A stretch from `start` up to `end`: characters, seconds or frames. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** An upright box; unit as the caller's. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Intersection over union of two stretches; two empty ones that are equal agree fully. */
export function stretchIou(a: Stretch, b: Stretch): number {
  const shared = Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start))
  const union = a.end - a.start + (b.end - b.start) - shared
  return union > 0 ? shared / union : a.start === b.start && a.end === b.end ? 1 : 0
}

/** Intersection over union of two upright boxes (Jaccard 1912); two empty ones that are equal agree fully. */
export function boxIou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  const shared = Math.max(0, width) * Math.max(0, height)
  const union = a.width * a.height + b.width * b.height - shared
  if (union > 0) return shared / union
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height ? 1 : 0
}

/** Intersection over union of two masks of one size, non-zero = inside; two empty masks agree fully. */
export function maskIou(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [shared, union] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== 0 && b[i] !== 0) shared++
    if (a[i] !== 0 || b[i] !== 0) union++
  }
  return union > 0 ? shared / union : 1
}
