import type { Stretch } from '../../quality/agreement/overlap.ts'
import { centerOf, cornerOf, type RotatedBox } from './box.ts'
import { brushOfMask, maskOfBrush } from './brush.ts'
import type { Keypoint } from './keypoints.ts'
import type { Mask } from './mask.ts'
import type { Polygon } from './polygon.ts'
import type { Keyframe, Track } from './track.ts'

/** One item of a Label Studio result: its type, value (percent of the image) and the image's size in pixels. */
export interface RegionResult {
  readonly type: string
  readonly value: Readonly<Record<string, unknown>>
  readonly original_width?: number
  readonly original_height?: number
}

/** A region in the units of the consensus (pixels, or the value's own time), with its first label. */
export type Region =
  | { readonly kind: 'box' | 'ellipse'; readonly label: string; readonly shape: RotatedBox }
  | { readonly kind: 'polygon'; readonly label: string; readonly shape: Polygon }
  | { readonly kind: 'mask'; readonly label: string; readonly shape: Mask }
  | { readonly kind: 'keypoint'; readonly label: string; readonly shape: Keypoint }
  | { readonly kind: 'segment'; readonly label: string; readonly shape: Stretch }
  | { readonly kind: 'track'; readonly label: string; readonly shape: Track }

/** Pixels of an image whose size is not told: percent as they are. */
const UNTOLD = 100

/**
 * The region of a Label Studio result item (types with and without labels), or null where it is no region or its value
 * lacks what the type must have. An ellipse is the box around it; a key point's name is its label.
 */
export function regionOf(result: RegionResult): Region | null {
  const { value } = result
  const width = result.original_width ?? UNTOLD
  const height = result.original_height ?? UNTOLD
  const label = labelOf(result.type, value)
  switch (result.type.replace(/labels$/, '')) {
    case 'rectangle': {
      const shape = boxOf(value, width, height)
      return shape && { kind: 'box', label, shape }
    }
    case 'ellipse': {
      const shape = ellipseOf(value, width, height)
      return shape && { kind: 'ellipse', label, shape }
    }
    case 'polygon': {
      const shape = pointsOf(value.points, width, height)
      return shape && { kind: 'polygon', label, shape }
    }
    case 'brush': {
      const shape = Array.isArray(value.rle) ? maskOfBrush(value.rle, width, height) : null
      return shape && { kind: 'mask', label, shape }
    }
    case 'keypoint': {
      if (!isNumber(value.x) || !isNumber(value.y)) return null
      const scale = Math.sqrt(width * width + height * height)
      const shape = { name: label, x: (value.x * width) / 100, y: (value.y * height) / 100, scale }
      return { kind: 'keypoint', label: 'visible', shape }
    }
    // On audio and text spans alike; spans of text have a consensus of their own.
    case '':
    case 'timeseries':
      return isNumber(value.start) && isNumber(value.end)
        ? { kind: 'segment', label, shape: { start: value.start, end: value.end } }
        : null
    case 'videorectangle': {
      const shape = trackOfValue(value.sequence, width, height)
      return shape && { kind: 'track', label, shape }
    }
    default:
      return null
  }
}

/** The geometry of a region as a Label Studio value: {@link regionOf} the other way round, labels apart. */
export function regionValue(region: Region, width = UNTOLD, height = UNTOLD): Record<string, unknown> {
  switch (region.kind) {
    case 'box':
      return percentBox(region.shape, width, height)
    case 'ellipse': {
      const { x, y } = centerOf(region.shape)
      return {
        x: (x / width) * 100,
        y: (y / height) * 100,
        radiusX: (region.shape.width / width) * 50,
        radiusY: (region.shape.height / height) * 50,
        rotation: region.shape.rotation,
      }
    }
    case 'polygon': {
      const points: [number, number][] = []
      for (let i = 0; i + 1 < region.shape.length; i += 2)
        points.push([(region.shape[i]! / width) * 100, (region.shape[i + 1]! / height) * 100])
      return { points, closed: true }
    }
    case 'mask':
      return { format: 'rle', rle: brushOfMask(region.shape) }
    case 'keypoint':
      return { x: (region.shape.x / width) * 100, y: (region.shape.y / height) * 100 }
    case 'segment':
      return { ...region.shape }
    case 'track': {
      const sequence = region.shape.keyframes.map(({ frame, enabled, ...box }) => ({
        frame,
        enabled,
        ...percentBox(box, width, height),
      }))
      return { sequence }
    }
  }
}

function labelOf(type: string, value: Readonly<Record<string, unknown>>): string {
  // Labels of video boxes are in `labels`, those of every other type under the name of the type.
  for (const labels of [value[type], value.labels])
    if (Array.isArray(labels) && typeof labels[0] === 'string') return labels[0]
  return ''
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < Infinity
}

function boxOf(value: Readonly<Record<string, unknown>>, width: number, height: number): RotatedBox | null {
  const { x, y, width: w, height: h, rotation = 0 } = value
  if (!isNumber(x) || !isNumber(y) || !isNumber(w) || !isNumber(h) || !isNumber(rotation)) return null
  return {
    x: (x * width) / 100,
    y: (y * height) / 100,
    width: (w * width) / 100,
    height: (h * height) / 100,
    rotation,
  }
}

function percentBox(box: RotatedBox, width: number, height: number) {
  return {
    x: (box.x / width) * 100,
    y: (box.y / height) * 100,
    width: (box.width / width) * 100,
    height: (box.height / height) * 100,
    rotation: box.rotation,
  }
}

function ellipseOf(
  value: Readonly<Record<string, unknown>>,
  width: number,
  height: number,
): RotatedBox | null {
  const { x, y, radiusX, radiusY, rotation = 0 } = value
  if (!isNumber(x) || !isNumber(y) || !isNumber(radiusX) || !isNumber(radiusY) || !isNumber(rotation))
    return null
  const size = { width: (radiusX * width) / 50, height: (radiusY * height) / 50, rotation }
  return { ...cornerOf({ x: (x * width) / 100, y: (y * height) / 100 }, size), ...size }
}

function pointsOf(points: unknown, width: number, height: number): Polygon | null {
  if (!Array.isArray(points)) return null
  const polygon: number[] = []
  for (const point of points) {
    if (!Array.isArray(point) || !isNumber(point[0]) || !isNumber(point[1])) return null
    polygon.push((point[0] * width) / 100, (point[1] * height) / 100)
  }
  return polygon
}

function trackOfValue(sequence: unknown, width: number, height: number): Track | null {
  if (!Array.isArray(sequence)) return null
  const keyframes: Keyframe[] = []
  for (const entry of sequence) {
    if (typeof entry !== 'object' || entry === null || !isNumber(entry.frame)) return null
    const box = boxOf(entry, width, height)
    if (box === null) return null
    keyframes.push({ ...box, frame: entry.frame, enabled: entry.enabled !== false })
  }
  return { keyframes }
}
