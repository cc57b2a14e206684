import { TaggerError } from '../errors.ts'

/** Millionths: the unit of every share, confidence and quality that leaves a function. */
export const MILLION = 1_000_000
export const MILLION_BIG = 1_000_000n

/** A float in [0, 1] to whole millionths, halves up. Throws `bad-document` outside the range. */
export function quantize(value: number): number {
  if (!(value >= 0 && value <= 1)) throw new TaggerError('bad-document', `${value} is not within 0 and 1`)
  return Math.floor(value * MILLION + 0.5)
}

/** a × b ÷ c, rounded towards zero; all non-negative. */
export function mulDivDown(a: bigint, b: bigint, c: bigint): bigint {
  return (a * b) / c
}
