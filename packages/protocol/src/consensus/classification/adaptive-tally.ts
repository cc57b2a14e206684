import { TaggerError } from '../../errors.ts'

/** An answer: `item` and `worker` are numbers the caller gives, from 0 on, `seq` the place in the worker's chain. */
export interface TalliedAnswer {
  readonly item: number
  readonly worker: number
  readonly label: number
  readonly seq: number
}

/** All that adaptive redundancy knows, in integers: a function of the set of answers, whatever order they came in. */
export interface TallyState {
  /** Answers per class. */
  readonly given: readonly number[]
  /** Per worker with answers, by number: [worker, others' answers to the same items, those that say the same]. */
  readonly workers: readonly (readonly [worker: number, met: number, agreed: number])[]
  /** By item, then worker. */
  readonly answers: readonly TalliedAnswer[]
}

/** Ends a list of answers. */
const NONE = -1

/**
 * Counts kept up with every answer, at a cost that grows with the answers to its item only: who said what of an item, how
 * often each worker met another's answer, and how often the two agreed.
 */
export class Tally {
  readonly classes: number
  /** Answers per class, and of all classes. */
  readonly given: Int32Array
  answers = 0
  /** Others' answers met and agreed with, of the whole crowd. */
  crowdMet = 0
  crowdAgreed = 0
  #met = new Int32Array(64)
  #agreed = new Int32Array(64)
  #head = new Int32Array(64).fill(NONE)
  #count = new Int32Array(64)
  #used = 0
  #worker = new Int32Array(64)
  #label = new Int32Array(64)
  #seq = new Int32Array(64)
  #next = new Int32Array(64)

  /** Throws `bad-document` for fewer than two classes. */
  constructor(classes: number) {
    if (!(classes >= 2)) throw new TaggerError('bad-document', 'A choice needs at least two classes')
    this.classes = classes
    this.given = new Int32Array(classes)
  }

  /** Takes an answer in; of several of a worker to one item the one of highest seq counts. Throws `bad-document`. */
  add(answer: TalliedAnswer): void {
    const { item, worker, label, seq } = answer
    const numbers = [item, worker, label, seq]
    if (!numbers.every((n) => Number.isSafeInteger(n) && n >= 0) || label >= this.classes)
      throw new TaggerError(
        'bad-document',
        'An answer needs item, worker, seq and a class below their number',
        {
          data: { ...answer, classes: this.classes },
        },
      )
    this.#makeRoom(item, worker)
    const earlier = this.#find(item, worker)
    if (earlier !== NONE) {
      if (this.#seq[earlier]! >= seq) return
      this.#weigh(item, worker, this.#label[earlier]!, -1)
      this.#label[earlier] = label
      this.#seq[earlier] = seq
    } else {
      const at = this.#used++
      this.#worker[at] = worker
      this.#label[at] = label
      this.#seq[at] = seq
      this.#next[at] = this.#head[item]!
      this.#head[item] = at
      this.#count[item]!++
    }
    this.#weigh(item, worker, label, 1)
  }

  /** Answers to an item. */
  countOf(item: number): number {
    return this.#count[item] ?? 0
  }

  /** Calls back with each answer to an item: its class, and what its worker met and agreed with on other items. */
  eachOf(item: number, visit: (label: number, met: number, agreed: number) => void): void {
    const first = this.#head[item] ?? NONE
    const others = this.countOf(item) - 1
    const votes = new Int32Array(this.classes)
    for (let at = first; at !== NONE; at = this.#next[at]!) votes[this.#label[at]!]!++
    for (let at = first; at !== NONE; at = this.#next[at]!) {
      const label = this.#label[at]!
      const worker = this.#worker[at]!
      visit(label, this.#met[worker]! - others, this.#agreed[worker]! - votes[label]! + 1)
    }
  }

  /** The whole tally in its one order. */
  state(): TallyState {
    const answers: TalliedAnswer[] = []
    const workers = new Set<number>()
    for (let item = 0; item < this.#head.length; item++) {
      for (let at = this.#head[item]!; at !== NONE; at = this.#next[at]!) {
        const worker = this.#worker[at]!
        workers.add(worker)
        answers.push({ item, worker, label: this.#label[at]!, seq: this.#seq[at]! })
      }
    }
    return {
      given: [...this.given],
      workers: [...workers]
        .sort((a, b) => a - b)
        .map((worker) => [worker, this.#met[worker]!, this.#agreed[worker]!] as const),
      answers: answers.sort((a, b) => a.item - b.item || a.worker - b.worker),
    }
  }

  /** Adds (by = 1) or takes away (−1) what an answer says of its worker and of the others of its item. */
  #weigh(item: number, worker: number, label: number, by: number): void {
    this.given[label]! += by
    this.answers += by
    for (let at = this.#head[item]!; at !== NONE; at = this.#next[at]!) {
      const other = this.#worker[at]!
      if (other === worker) continue
      const same = this.#label[at] === label ? by : 0
      this.#met[worker]! += by
      this.#met[other]! += by
      this.#agreed[worker]! += same
      this.#agreed[other]! += same
      this.crowdMet += 2 * by
      this.crowdAgreed += 2 * same
    }
  }

  #find(item: number, worker: number): number {
    for (let at = this.#head[item]!; at !== NONE; at = this.#next[at]!)
      if (this.#worker[at] === worker) return at
    return NONE
  }

  #makeRoom(item: number, worker: number): void {
    this.#head = grown(this.#head, item, NONE)
    this.#count = grown(this.#count, item)
    this.#met = grown(this.#met, worker)
    this.#agreed = grown(this.#agreed, worker)
    this.#worker = grown(this.#worker, this.#used)
    this.#label = grown(this.#label, this.#used)
    this.#seq = grown(this.#seq, this.#used)
    this.#next = grown(this.#next, this.#used)
  }
}

/** The column, at least twice as long where it has no place for `index`. */
function grown(column: Int32Array<ArrayBuffer>, index: number, rest = 0): Int32Array<ArrayBuffer> {
  if (index < column.length) return column
  const longer = new Int32Array(2 * (index + 1)).fill(rest, column.length)
  longer.set(column)
  return longer
}
