/** Longer leaps overshoot where two slow directions differ. */
const LONGEST_STEP = 16

/**
 * SQUAREM (Varadhan and Roland 2008): every two iterations the parameters leap ahead along the way they are going.
 * EM creeps where a worker's table turns slowly; this ends it in a fraction of the iterations, at the same fixed points.
 */
export class Extrapolation {
  readonly #values: Float64Array
  readonly #least: Float64Array
  readonly #before: Float64Array
  readonly #between: Float64Array
  #isSecond = false

  /** Of `values`, which an iteration replaces and a leap changes; none falls below its `least`. */
  constructor(values: Float64Array, least: Float64Array) {
    this.#values = values
    this.#least = least
    this.#before = values.slice()
    this.#between = values.slice()
  }

  /** To be called after every iteration; every second call leaps. */
  step(): void {
    if (this.#isSecond) {
      this.#leap()
      this.#before.set(this.#values)
    } else this.#between.set(this.#values)
    this.#isSecond = !this.#isSecond
  }

  #leap(): void {
    const values = this.#values
    const before = this.#before
    const between = this.#between
    let first = 0
    let bend = 0
    for (let i = 0; i < values.length; i++) {
      const r = between[i]! - before[i]!
      const v = values[i]! - between[i]! - r
      first += r * r
      bend += v * v
    }
    const length = bend > 0 ? Math.max(1, Math.min(LONGEST_STEP, Math.sqrt(first / bend))) : 1
    for (let i = 0; i < values.length; i++) {
      const r = between[i]! - before[i]!
      const v = values[i]! - between[i]! - r
      values[i] = Math.max(this.#least[i]!, before[i]! + 2 * length * r + length * length * v)
    }
  }
}
