import { cosine, sine } from '../../math/trigonometry.ts'
import { boxIou } from '../../quality/agreement/overlap.ts'
import { clipConvex, type Polygon, polygonArea } from './polygon.ts'

/**
 * A box in pixels: top-left corner, size, and its turn around that corner in degrees, clockwise (y points down).
 * Turned boxes have a shape only where pixels are square: percent of an image must be made pixels first.
 */
export interface RotatedBox {
  x: number
  y: number
  width: number
  height: number
  rotation: number
}

/** The corners, clockwise on the screen from the top left. */
export function cornersOf({ x, y, width, height, rotation }: RotatedBox): Polygon {
  const c = cosine(rotation)
  const s = sine(rotation)
  return [
    x,
    y,
    x + width * c,
    y + width * s,
    x + width * c - height * s,
    y + width * s + height * c,
    x - height * s,
    y + height * c,
  ]
}

/** Middle of a box. */
export function centerOf({ x, y, width, height, rotation }: RotatedBox): { x: number; y: number } {
  const c = cosine(rotation)
  const s = sine(rotation)
  return { x: x + (width * c - height * s) / 2, y: y + (width * s + height * c) / 2 }
}

/** Top-left corner of a box of that size and turn around a middle. */
export function cornerOf(
  middle: { x: number; y: number },
  { width, height, rotation }: Pick<RotatedBox, 'width' | 'height' | 'rotation'>,
): { x: number; y: number } {
  const c = cosine(rotation)
  const s = sine(rotation)
  return { x: middle.x - (width * c - height * s) / 2, y: middle.y - (width * s + height * c) / 2 }
}

/** Intersection over union of two boxes, turned or not; 0 where either has no area. */
export function rotatedIou(a: RotatedBox, b: RotatedBox): number {
  const [first, second] = [a.width * a.height, b.width * b.height]
  if (!(first > 0 && second > 0)) return 0
  if (a.rotation % 360 === 0 && b.rotation % 360 === 0) return boxIou(a, b)
  const shared = sharedTurned(a, b)
  return Math.max(0, Math.min(1, shared / (first + second - shared)))
}

function sharedTurned(a: RotatedBox, b: RotatedBox): number {
  const [p, q] = [centerOf(a), centerOf(b)]
  const reach =
    Math.sqrt(a.width * a.width + a.height * a.height) + Math.sqrt(b.width * b.width + b.height * b.height)
  const [dx, dy] = [p.x - q.x, p.y - q.y]
  if (4 * (dx * dx + dy * dy) >= reach * reach) return 0
  return Math.abs(polygonArea(clipConvex(cornersOf(a), cornersOf(b))))
}
