/*
 * Natural logarithm and exponential from + − × ÷ only. Engines differ in the last bit of Math.log and Math.exp;
 * these give the same bits everywhere. Both are good to about 1 ulp over the range Tagger uses.
 */

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const SQRT_HALF = Math.sqrt(0.5)
const view = new DataView(new ArrayBuffer(8))

/** Natural logarithm of a positive normal double. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  view.setFloat64(0, x)
  let exponent = ((view.getUint16(0) >> 4) & 0x7ff) - 1022
  view.setUint16(0, (view.getUint16(0) & 0x800f) | (1022 << 4))
  let mantissa = view.getFloat64(0)
  if (mantissa < SQRT_HALF) {
    mantissa *= 2
    exponent -= 1
  }
  // log(m) = 2 artanh(s), s = (m − 1) / (m + 1), |s| < 0.172: the series below is exact to a double.
  const s = (mantissa - 1) / (mantissa + 1)
  const z = s * s
  let sum = 0
  for (let k = 23; k >= 3; k -= 2) sum = (sum + 1 / k) * z
  return exponent * LN2_HIGH + (2 * s + (2 * s * sum + exponent * LN2_LOW))
}

/** e to the power of x; 0 below −745, Infinity above 709. */
export function exp(x: number): number {
  if (x < -745) return 0
  if (x > 709) return Infinity
  const k = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5)
  const r = x - k * LN2_HIGH - k * LN2_LOW
  // |r| < 0.347: fourteen terms of the Taylor series reach the last bit.
  let sum = 1
  for (let n = 14; n >= 1; n--) sum = 1 + (sum * r) / n
  return scaleByPowerOfTwo(sum, k)
}

function scaleByPowerOfTwo(x: number, k: number): number {
  let value = x
  let rest = k
  // A single factor of 2^k would under- or overflow at the ends of the range.
  while (rest < -1000) {
    value *= powerOfTwo(-1000)
    rest += 1000
  }
  while (rest > 1000) {
    value *= powerOfTwo(1000)
    rest -= 1000
  }
  return value * powerOfTwo(rest)
}

function powerOfTwo(k: number): number {
  view.setFloat64(0, 0)
  view.setUint16(0, (k + 1023) << 4)
  return view.getFloat64(0)
}
