import { estimate, type Hex, type Spec } from '@tagger/protocol'
import { type NextStep, nextStep } from '@tagger/protocol/classification'
import { type AnswerColumns, recordsOf, tallyOf } from './answer-columns.ts'
import { type Decision, decideItem, type ItemProgress } from './decide.ts'

/** Items of one campaign to decide, with all that a fit needs. */
export interface DecideJob {
  spec: Spec
  rows: readonly UndecidedRow[]
  answers: AnswerColumns
  /** Known answers by item. */
  gold: ReadonlyMap<Hex, string>
}

export type UndecidedRow = ItemProgress & { id: Hex; proposed: string | null }

/** What changes for `rows[at]`. */
export interface ChangedItem {
  at: number
  decision: Decision
}

/** Decides over the items with one fit of their campaign's method; answers with those that move on. */
export function decideItems({ spec, rows, answers, gold }: DecideJob): ChangedItem[] {
  const records = recordsOf(spec, answers)
  const estimates = estimate({ spec, records, gold })
  // An item that is ready sooner than its answers explain would be known as gold, and its answer revised with care:
  // what happens next to a gold item is decided as if nobody knew its answer.
  const hidden = rows.filter((row) => gold.has(row.id))
  if (hidden.length > 0) {
    const unaided = estimate({ spec, records, gold: new Map() })
    for (const { id } of hidden) if (unaided.has(id)) estimates.set(id, unaided.get(id)!)
  }
  const tally = tallyOf(spec, answers)
  const places = new Map(answers.items.map((item, place) => [item, place]))
  const stepOf = ({ id }: UndecidedRow): NextStep => {
    const place = places.get(id)
    return place === undefined ? 'ask' : nextStep(tally, place, spec.redundancy)
  }
  return rows.flatMap((row, at) => {
    const decision = decideItem(spec, row, estimates.get(row.id), stepOf(row))
    const isSame =
      decision.status === row.status && decision.wanted === row.wanted && decision.proposed === row.proposed
    return isSame ? [] : [{ at, decision }]
  })
}
