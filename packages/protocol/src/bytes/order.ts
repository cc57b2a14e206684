/** Compares strings by Unicode code point (JavaScript's own order is by UTF-16 unit and differs above U+FFFF). */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return surrogateRank(x) - surrogateRank(y) || x - y
  }
  return a.length - b.length
}

/** Surrogates stand for code points above every other UTF-16 unit. */
function surrogateRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? 1 : 0
}

/** A copy sorted by the code points of `key(value)`. */
export function sortByCodePoints<T>(values: Iterable<T>, key: (value: T) => string): T[] {
  return [...values].sort((a, b) => compareCodePoints(key(a), key(b)))
}
