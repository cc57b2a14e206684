/**
 * Kendall's tau (1938) of two orders, best first, over the things both have: 1 the same order, −1 the reverse.
 * Null with fewer than two in common. Of a thing named twice the first place counts. Cost n log n.
 */
export function kendallTau(a: readonly string[], b: readonly string[]): number | null {
  const placeInB = placesOf(b)
  const places: number[] = []
  for (const name of placesOf(a).keys()) {
    const place = placeInB.get(name)
    if (place !== undefined) places.push(place)
  }
  const n = places.length
  if (n < 2) return null
  return 1 - (4 * countInversions(Int32Array.from(places))) / (n * (n - 1))
}

function placesOf(order: readonly string[]): Map<string, number> {
  const places = new Map<string, number>()
  order.forEach((name, place) => {
    if (!places.has(name)) places.set(name, place)
  })
  return places
}

/** Pairs that stand the wrong way round, counted while merging. */
function countInversions(values: Int32Array): number {
  let inversions = 0
  let from: Int32Array = values
  let into: Int32Array = new Int32Array(values.length)
  for (let width = 1; width < values.length; width *= 2) {
    for (let low = 0; low < values.length; low += 2 * width) {
      const middle = Math.min(low + width, values.length)
      const high = Math.min(low + 2 * width, values.length)
      let left = low
      let right = middle
      for (let at = low; at < high; at++) {
        if (left < middle && (right === high || from[left]! <= from[right]!)) into[at] = from[left++]!
        else {
          into[at] = from[right++]!
          inversions += middle - left
        }
      }
    }
    ;[from, into] = [into, from]
  }
  return inversions
}
