import { type Address, type Hex, labelsOf, type Spec } from '@tagger/protocol'
import { whomToAsk } from '@tagger/protocol/quality'
import type { AnswerColumns } from './answer-columns.ts'

/** All answers of a campaign, to be judged whom to ask next. */
export interface JudgeJob {
  spec: Spec
  answers: AnswerColumns
  /** Known answers by item. */
  gold: ReadonlyMap<Hex, string>
}

/** What a campaign's answers say of whom to ask next. */
export interface Standing {
  /** Accounts that get no more items. */
  stopped: ReadonlySet<Address>
  /** Of an account those off whose items it is kept, as long as there are others. */
  apart: ReadonlyMap<Address, readonly Address[]>
}

/** Judges the workers of a campaign (`whomToAsk`). Reviews and answers without a label say nothing here. */
export function judgeWorkers({ spec, answers, gold }: JudgeJob): Standing {
  const { accounts, items, labels } = answers
  const classes = labelsOf(spec)
  const classOf = labels.map((label) => classes.indexOf(label))
  const kept = [...answers.label.keys()].filter((i) => {
    return answers.isReview[i] === 0 && (classOf[answers.label[i]!] ?? -1) >= 0
  })
  const { stopped, apart } = whomToAsk({
    workers: accounts.length,
    items: items.length,
    classes: classes.length,
    worker: Int32Array.from(kept, (i) => answers.account[i]!),
    item: Int32Array.from(kept, (i) => answers.item[i]!),
    label: Int32Array.from(kept, (i) => classOf[answers.label[i]!]!),
    known: Int32Array.from(items, (item) => classes.indexOf(gold.get(item) ?? '')),
  })
  return {
    stopped: new Set(stopped.map((place) => accounts[place]!)),
    apart: new Map(
      apart.flatMap((others, place) =>
        others.size === 0 ? [] : [[accounts[place]!, [...others.keys()].map((other) => accounts[other]!)]],
      ),
    ),
  }
}
