import type { Network } from './alignment.ts'

/** The word of a text that says nothing in a column. */
export const GAP = -1

/** The words of one column with their weights, and who says which. */
export class Ballot {
  /** Distinct words, {@link GAP} last, in the order of the texts that say them. */
  readonly words: number[] = []
  readonly weights: number[] = []
  readonly sayers: number[] = []
  /** Of each text the index of its word. */
  readonly choice: Int32Array

  constructor(texts: number) {
    this.choice = new Int32Array(texts)
  }

  count({ start, text, word }: Network, column: number, weights: Float64Array, total: number): void {
    this.words.length = this.weights.length = this.sayers.length = 0
    this.choice.fill(-1)
    let rest = total
    for (let entry = start[column]!; entry < start[column + 1]!; entry++) {
      let index = this.words.indexOf(word[entry]!)
      if (index < 0) index = this.add(word[entry]!)
      this.weights[index]! += weights[text[entry]!]!
      this.sayers[index]!++
      this.choice[text[entry]!] = index
      rest -= weights[text[entry]!]!
    }
    const silent = this.choice.length - (start[column + 1]! - start[column]!)
    const gap = this.add(GAP)
    this.weights[gap] = silent > 0 ? Math.max(0, rest) : 0
    this.sayers[gap] = silent
    for (let text = 0; text < this.choice.length; text++)
      if (this.choice[text] === -1) this.choice[text] = gap
  }

  /** Index of the weightiest word, the first of equals, with a text's weight taken out (−1 for none). */
  winner(without: number, weight: number): number {
    let best = -1
    let most = -1
    for (let index = 0; index < this.words.length; index++) {
      const isOwn = without >= 0 && this.choice[without] === index
      if (this.sayers[index]! - (isOwn ? 1 : 0) <= 0) continue
      const support = this.weights[index]! - (isOwn ? weight : 0)
      if (support > most) {
        best = index
        most = support
      }
    }
    return best
  }

  private add(word: number): number {
    this.words.push(word)
    this.weights.push(0)
    this.sayers.push(0)
    return this.words.length - 1
  }
}
