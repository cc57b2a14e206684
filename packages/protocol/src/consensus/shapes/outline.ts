import type { Mask } from './mask.ts'
import { type Polygon, polygonArea } from './polygon.ts'

/** Corners kept before simplifying: more are thinned out evenly. */
const MOST_CORNERS = 4096

/**
 * The outer line of the largest piece of a mask, along pixel edges, simplified so that no corner moves further than
 * `tolerance` pixels (Douglas and Peucker, 1973). Empty for an empty mask.
 */
export function outlineOf(mask: Mask, tolerance: number): Polygon {
  let best: number[] = []
  let most = 0
  for (const ring of ringsOf(mask)) {
    const area = Math.abs(polygonArea(ring))
    if (area > most) {
      most = area
      best = ring
    }
  }
  return simplify(thinned(best), tolerance)
}

/**
 * All closed lines between on and off. Corners on one row edge pair up into level lines in the order of x, corners of
 * one column edge into upright lines in the order of y; following them in turn closes every ring.
 */
function ringsOf(mask: Mask): number[][] {
  const { x, y } = cornersByRow(mask)
  const count = x.length
  const byColumn = Array.from({ length: count }, (_, k) => k)
  byColumn.sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]! || a - b)
  const upright = new Int32Array(count)
  for (let k = 0; k < count; k += 2) {
    upright[byColumn[k]!] = byColumn[k + 1]!
    upright[byColumn[k + 1]!] = byColumn[k]!
  }
  const visited = new Uint8Array(count)
  const rings: number[][] = []
  for (let first = 0; first < count; first++) {
    if (visited[first] === 1) continue
    const ring: number[] = []
    let at = first
    while (visited[at] === 0) {
      // Corners of one row edge stand side by side in pairs.
      const level = at ^ 1
      visited[at] = 1
      visited[level] = 1
      ring.push(x[at]!, y[at]!, x[level]!, y[level]!)
      at = upright[level]!
    }
    rings.push(ring)
  }
  return rings
}

/** Corners of a mask by rows of pixel edges, in each by x: the ends of where one row differs from the one above. */
function cornersByRow({ width, height, runs }: Mask) {
  const rows: number[][] = Array.from({ length: height }, () => [])
  let at = 0
  runs.forEach((run, index) => {
    if (index % 2 === 1)
      for (let from = at; from < at + run; ) {
        const row = Math.floor(from / width)
        const to = Math.min(at + run, (row + 1) * width)
        rows[row]!.push(from - row * width, to - row * width)
        from = to
      }
    at += run
  })
  const x: number[] = []
  const y: number[] = []
  for (let row = 0; row <= height; row++) {
    const ends = [...(rows[row - 1] ?? []), ...(rows[row] ?? [])].sort((a, b) => a - b)
    for (let k = 0; k < ends.length; k++) {
      // An edge that goes on from one row into the next has no corner here.
      if (ends[k] === ends[k + 1] && isStraight(rows, row, ends[k]!)) {
        k++
        continue
      }
      x.push(ends[k]!)
      y.push(row)
    }
  }
  return { x, y }
}

/** Whether both rows change the same way at x: then the line passes; else two pieces touch at a corner. */
function isStraight(rows: readonly number[][], row: number, x: number): boolean {
  return rows[row - 1]!.indexOf(x) % 2 === rows[row]!.indexOf(x) % 2
}

function thinned(points: readonly number[]): number[] {
  const corners = points.length / 2
  if (corners <= MOST_CORNERS) return [...points]
  const kept: number[] = []
  for (let k = 0; k < MOST_CORNERS; k++) {
    const at = Math.floor((k * corners) / MOST_CORNERS) * 2
    kept.push(points[at]!, points[at + 1]!)
  }
  return kept
}

function simplify(points: readonly number[], tolerance: number): number[] {
  const corners = points.length / 2
  if (corners <= 4) return [...points]
  const keep = new Uint8Array(corners)
  // A ring has no ends: split it at the first corner and the one farthest from it.
  const far = farthest(points, 0, corners - 1, true).index
  keep[0] = 1
  keep[far] = 1
  const open: [number, number][] = [
    [0, far],
    [far, corners],
  ]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [from, to] = pair
    const { index, distance } = farthest(points, from, to, false)
    if (distance <= tolerance) continue
    keep[index] = 1
    open.push([from, index], [index, to])
  }
  const kept: number[] = []
  for (let k = 0; k < corners; k++) if (keep[k] === 1) kept.push(points[2 * k]!, points[2 * k + 1]!)
  return kept
}

/** The corner between two others farthest from the line through them, or from the first one. `to` may be one past the end. */
function farthest(points: readonly number[], from: number, to: number, isFromPoint: boolean) {
  const last = to * 2 < points.length ? to : 0
  const [x, y] = [points[from * 2]!, points[from * 2 + 1]!]
  const [dx, dy] = [points[last * 2]! - x, points[last * 2 + 1]! - y]
  const length = Math.sqrt(dx * dx + dy * dy)
  let index = from
  let distance = -1
  for (let k = from + 1; k < to + (isFromPoint ? 1 : 0); k++) {
    const [u, v] = [points[2 * k]! - x, points[2 * k + 1]! - y]
    const away = isFromPoint || length === 0 ? Math.sqrt(u * u + v * v) : Math.abs(u * dy - v * dx) / length
    if (away > distance) {
      distance = away
      index = k
    }
  }
  return { index, distance }
}
