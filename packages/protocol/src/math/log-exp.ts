/*
 * Natural logarithm and exponential from + − × ÷ only. Engines differ in the last bit of Math.log and Math.exp;
 * these give the same bits everywhere, within 1 ulp of the true value (test/vectors/math.json).
 */

/** ln 2 in two parts: the first has so few bits that an exponent times it is exact. */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const PER_LN2 = 1 / (LN2_HIGH + LN2_LOW)
const SQRT_TWO = Math.sqrt(2)
const LEAST_NORMAL = 2.2250738585072014e-308
const TWO_TO_54 = 18014398509481984
const view = new DataView(new ArrayBuffer(8))

/** Natural logarithm; −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return x
  if (x < LEAST_NORMAL) return log(x * TWO_TO_54) - 54 * LN2_HIGH - 54 * LN2_LOW
  view.setFloat64(0, x)
  const high = view.getUint32(0)
  let exponent = (high >> 20) - 1023
  view.setUint32(0, (high & 0xfffff) | 0x3ff00000)
  let mantissa = view.getFloat64(0)
  if (mantissa > SQRT_TWO) {
    mantissa *= 0.5
    exponent += 1
  }
  // log(1 + f) = 2 artanh(s) with s = f / (2 + f), written as f − (h − s × (h + rest)), h = f² / 2: of all terms
  // only f, which is exact, is of the size of the result.
  const f = mantissa - 1
  const s = f / (2 + f)
  const z = s * s
  let rest = 2 / 21
  for (let k = 19; k >= 3; k -= 2) rest = 2 / k + z * rest
  rest *= z
  const h = 0.5 * f * f
  return exponent * LN2_HIGH - (h - (s * (h + rest) + exponent * LN2_LOW) - f)
}

/** e to the power of x; 0 below −745, Infinity above 709. */
export function exp(x: number): number {
  if (x < -745) return 0
  if (x > 709) return Infinity
  const k = Math.floor(x * PER_LN2 + 0.5)
  const r = x - k * LN2_HIGH - k * LN2_LOW
  // |r| < 0.347: the Taylor series to r¹³ reaches the last bit.
  let sum = INVERSE_FACTORIAL[13]!
  for (let n = 12; n >= 2; n--) sum = INVERSE_FACTORIAL[n]! + r * sum
  return scaleByPowerOfTwo(1 + (r + r * r * sum), k)
}

const INVERSE_FACTORIAL = inverseFactorials(13)

function inverseFactorials(last: number): Float64Array {
  const inverse = new Float64Array(last + 1)
  let factorial = 1
  for (let n = 0; n <= last; n++) {
    if (n > 0) factorial *= n
    inverse[n] = 1 / factorial
  }
  return inverse
}

function scaleByPowerOfTwo(x: number, k: number): number {
  // A single factor of 2^k would under- or overflow at the ends of the range.
  if (k < -1000) return x * powerOfTwo(-1000) * powerOfTwo(k + 1000)
  if (k > 1000) return x * powerOfTwo(1000) * powerOfTwo(k - 1000)
  return x * powerOfTwo(k)
}

function powerOfTwo(k: number): number {
  view.setUint32(0, (k + 1023) << 20)
  view.setUint32(4, 0)
  return view.getFloat64(0)
}
