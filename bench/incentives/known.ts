import type { Population } from './population.ts'
import type { Random } from './strategies.ts'

/**
 * Items whose answers a requester knows: such as most of the crowd gets right, because known answers that the crowd
 * contradicts are void; and every class equally often, so that habit does not pass for looking.
 */
export class Known {
  readonly #truth: Int32Array
  readonly #ofClass: number[][]
  readonly #random: Random

  constructor({ classes, truth, seen }: Population, random: Random) {
    this.#truth = truth
    this.#random = random
    const isClear = (t: number) => {
      const row = seen.subarray(t * classes, (t + 1) * classes)
      return row[truth[t]!]! >= Math.max(...row)
    }
    this.#ofClass = Array.from({ length: classes }, (_, k) =>
      [...truth.keys()].filter((t) => truth[t] === k && isClear(t)),
    ).filter((items) => items.length > 0)
  }

  any(): number {
    const items = this.#ofClass[Math.floor(this.#random() * this.#ofClass.length)]!
    return items[Math.floor(this.#random() * items.length)]!
  }

  truthOf(item: number): number {
    return this.#truth[item]!
  }
}
