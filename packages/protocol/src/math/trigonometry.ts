/*
 * Sine and cosine of an angle in degrees from + − × ÷ only: engines differ in the last bit of Math.sin and Math.cos.
 * Good to about 1 ulp of 1; exact at multiples of 90 degrees.
 */

const RADIANS = 0.017453292519943295

/** Sine of an angle in degrees. NaN for what is not finite. */
export function sine(degrees: number): number {
  const { quarter, rest } = reduce(degrees)
  const value = quarter % 2 === 0 ? sineNearZero(rest) : cosineNearZero(rest)
  return quarter >= 2 ? -value : value
}

/** Cosine of an angle in degrees. NaN for what is not finite. */
export function cosine(degrees: number): number {
  const { quarter, rest } = reduce(degrees)
  const value = quarter % 2 === 0 ? cosineNearZero(rest) : sineNearZero(rest)
  return quarter === 1 || quarter === 2 ? -value : value
}

/** degrees = 90 × (quarter + 4n) + rest, |rest| ≤ 45; every step is exact within ±2⁵³. */
function reduce(degrees: number) {
  const turned = degrees % 360
  const quarters = Math.floor(turned / 90 + 0.5)
  return { quarter: (quarters + 8) % 4, rest: turned - quarters * 90 }
}

function sineNearZero(degrees: number): number {
  const x = degrees * RADIANS
  let sum = 1
  for (let n = 20; n >= 2; n -= 2) sum = 1 - (sum * x * x) / (n * (n + 1))
  return x * sum
}

function cosineNearZero(degrees: number): number {
  const x = degrees * RADIANS
  let sum = 1
  for (let n = 19; n >= 1; n -= 2) sum = 1 - (sum * x * x) / (n * (n + 1))
  return sum
}
