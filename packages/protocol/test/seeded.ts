import { shuffled } from '../src/math/seeded.ts'

export { seededRandom, shuffled } from '../src/math/seeded.ts'

/** A normal deviate of mean 0 and variance 1 (Box–Muller). */
export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** `count` different whole numbers below `below`. */
export function draw(random: () => number, count: number, below: number): number[] {
  return shuffled(
    Array.from({ length: below }, (_, index) => index),
    random,
  ).slice(0, count)
}
