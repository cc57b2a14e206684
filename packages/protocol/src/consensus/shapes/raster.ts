import { type Mask, MOST_PIXELS, runsBuilder } from './mask.ts'
import type { Polygon } from './polygon.ts'

/** Crossings of a polygon with the rows of its image: a bound on time and memory. */
const MOST_CROSSINGS = 200_000

/**
 * The pixels whose middle is inside a polygon (corners in pixels; what crosses itself is inside an odd number of times),
 * or null where it cannot be drawn: an image or polygon beyond the limits, or a corner that is no number.
 */
export function rasterize(points: Polygon, width: number, height: number): Mask | null {
  if (!(width >= 1 && height >= 1 && width * height <= MOST_PIXELS)) return null
  for (const value of points) if (!(Math.abs(value) <= 1e7)) return null
  const rows: number[][] = Array.from({ length: height }, () => [])
  let crossings = 0
  for (let i = 0; i + 1 < points.length; i += 2) {
    const next = i + 2 < points.length ? i + 2 : 0
    const upper = points[i + 1]! <= points[next + 1]! ? i : next
    const lower = upper === i ? next : i
    const [x, y, u, v] = [points[upper]!, points[upper + 1]!, points[lower]!, points[lower + 1]!]
    // Rows whose middle lies in [y, v).
    const first = Math.max(0, Math.floor(y + 0.5))
    const last = Math.min(height, Math.floor(v + 0.5))
    crossings += Math.max(0, last - first)
    if (crossings > MOST_CROSSINGS) return null
    for (let row = first; row < last; row++) rows[row]!.push(x + ((row + 0.5 - y) / (v - y)) * (u - x))
  }
  const { runs, add } = runsBuilder()
  for (const row of rows) {
    row.sort((a, b) => a - b)
    let at = 0
    for (let i = 0; i + 1 < row.length; i += 2) {
      const from = Math.max(at, Math.min(width, Math.floor(row[i]! + 0.5)))
      const to = Math.max(from, Math.min(width, Math.floor(row[i + 1]! + 0.5)))
      add(false, from - at)
      add(true, to - from)
      at = to
    }
    add(false, width - at)
  }
  return { width, height, runs }
}
