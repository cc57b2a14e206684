/** Corners as x, y, x, y, …; closed by itself. */
export type Polygon = readonly number[]

/** Signed area by the shoelace formula: positive where the corners run clockwise on the screen (y points down). */
export function polygonArea(points: Polygon): number {
  let twice = 0
  const length = points.length
  for (let i = 0; i + 1 < length; i += 2) {
    const next = i + 2 < length ? i + 2 : 0
    twice += points[i]! * points[next + 1]! - points[next]! * points[i + 1]!
  }
  return twice / 2
}

/** The part of a polygon inside a convex one whose corners run clockwise on the screen (Sutherland and Hodgman, 1974). */
export function clipConvex(subject: Polygon, convex: Polygon): Polygon {
  let left = subject
  for (let i = 0; i < convex.length && left.length > 0; i += 2) {
    const next = i + 2 < convex.length ? i + 2 : 0
    left = clipHalf(left, convex[i]!, convex[i + 1]!, convex[next]!, convex[next + 1]!)
  }
  return left
}

/** The part on the right hand of a line from a to b. */
function clipHalf(points: Polygon, ax: number, ay: number, bx: number, by: number): number[] {
  const kept: number[] = []
  for (let i = 0; i < points.length; i += 2) {
    const next = i + 2 < points.length ? i + 2 : 0
    const [x, y, u, v] = [points[i]!, points[i + 1]!, points[next]!, points[next + 1]!]
    const here = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    const there = (bx - ax) * (v - ay) - (by - ay) * (u - ax)
    if (here >= 0) kept.push(x, y)
    if ((here > 0 && there < 0) || (here < 0 && there > 0)) {
      const share = here / (here - there)
      kept.push(x + (u - x) * share, y + (v - y) * share)
    }
  }
  return kept
}
