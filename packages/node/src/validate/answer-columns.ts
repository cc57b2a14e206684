import {
  type Address,
  answerOf,
  type Hex,
  labelsOf,
  type Spec,
  type WorkRecord,
  ZERO32,
} from '@tagger/protocol'
import { Tally } from '@tagger/protocol/classification'
import type { AnswerRow } from './queries.ts'

/** A campaign's answers in columns, which cross threads cheaply. */
export interface AnswerColumns {
  accounts: readonly Address[]
  items: readonly Hex[]
  labels: readonly string[]
  /** Of answer i: places in `accounts` and `items`, its seq, and its place in `labels` or −1 for none. */
  account: Int32Array
  item: Int32Array
  seq: Int32Array
  label: Int32Array
  /** 1 for a review, 0 for an annotation. */
  isReview: Uint8Array
}

/** Rows as they are read, page by page, into columns. */
export class AnswerCollector {
  readonly #accounts = new Map<Address, number>()
  readonly #items = new Map<Hex, number>()
  readonly #labels = new Map<string, number>()
  readonly #account: number[] = []
  readonly #item: number[] = []
  readonly #seq: number[] = []
  readonly #label: number[] = []
  readonly #isReview: number[] = []

  add(rows: readonly AnswerRow[]): void {
    for (const { account, seq, kind, item, label } of rows) {
      this.#account.push(placeOf(this.#accounts, account))
      this.#item.push(placeOf(this.#items, item))
      this.#seq.push(seq)
      this.#label.push(label === null ? -1 : placeOf(this.#labels, label))
      this.#isReview.push(kind === 'review' ? 1 : 0)
    }
  }

  columns(): AnswerColumns {
    return {
      accounts: [...this.#accounts.keys()],
      items: [...this.#items.keys()],
      labels: [...this.#labels.keys()],
      account: Int32Array.from(this.#account),
      item: Int32Array.from(this.#item),
      seq: Int32Array.from(this.#seq),
      label: Int32Array.from(this.#label),
      isReview: Uint8Array.from(this.#isReview),
    }
  }
}

/** As much of the records as a fit reads; opening every payload again would take most of the time. */
export function recordsOf(spec: Spec, columns: AnswerColumns): WorkRecord[] {
  const answers = columns.labels.map((label) => answerOf(spec, label))
  return Array.from(columns.seq, (seq, i) => {
    const base = {
      v: 1 as const,
      campaign: ZERO32,
      account: columns.accounts[columns.account[i]!]!,
      seq,
      prev: ZERO32,
      salt: ZERO32,
      task: '',
      item: columns.items[columns.item[i]!]!,
      revises: null,
      assist: null,
      startedAt: 0,
      endedAt: 0,
    }
    const answer = answers[columns.label[i]!] ?? null
    if (columns.isReview[i] === 0)
      return { ...base, kind: 'annotation' as const, body: { answer: answer ?? {} } }
    const verdict = answer === null ? ('reject' as const) : ('accept' as const)
    return { ...base, kind: 'review' as const, body: { verdict, answer, reason: '' } }
  })
}

/** The answers as adaptive redundancy counts them. Reviews are none: who reviews knows what others answered. */
export function tallyOf(spec: Spec, { account, item, seq, label, labels, isReview }: AnswerColumns): Tally {
  const classes = labelsOf(spec)
  const classOf = labels.map((text) => classes.indexOf(text))
  const tally = new Tally(Math.max(2, classes.length))
  for (let i = 0; i < seq.length; i++) {
    const at = classOf[label[i]!] ?? -1
    if (isReview[i] === 0 && at >= 0)
      tally.add({ item: item[i]!, worker: account[i]!, label: at, seq: seq[i]! })
  }
  return tally
}

function placeOf<T>(places: Map<T, number>, name: T): number {
  const known = places.get(name)
  if (known !== undefined) return known
  places.set(name, places.size)
  return places.size - 1
}
