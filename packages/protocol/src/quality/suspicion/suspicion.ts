import type { LabelTable } from '../../consensus/classification/label-table.ts'
import { blindAnswers } from './answering.ts'
import { suddenChanges } from './change.ts'
import { copyingPairs } from './copying.ts'
import { crowdOf } from './crowd.ts'
import { FALSE_FLAGS, type Flag, raiseFlags } from './flags.ts'
import { tooFast } from './speed.ts'

/** What else is known; `order` and `seconds` per label of the table. */
export interface Circumstances {
  /** Place in time: any number that grows. Without it changes are not looked for. */
  readonly order?: ArrayLike<number>
  /** How long the answer took, NaN where unknown. Without it speed is not looked at. */
  readonly seconds?: ArrayLike<number>
  /** Class index per item that is known to be right (gold), −1 for the others: agreeing on it is no sign of copying. */
  readonly known?: ArrayLike<number>
}

/**
 * Flags of every kind, strongest first within each: copying, blind answering, change, speed. From records alone, the same
 * for any order they come in. At most `rate` of the flags of a kind is expected to be false.
 */
export function findSuspicion(
  table: LabelTable,
  { order, seconds, known }: Circumstances = {},
  rate = FALSE_FLAGS,
): Flag[] {
  const crowd = crowdOf(table, order)
  const kinds = [copyingPairs(crowd, known), blindAnswers(crowd)]
  if (order !== undefined) kinds.push(suddenChanges(crowd))
  if (seconds !== undefined) kinds.push(tooFast(crowd, seconds))
  return kinds.flatMap((tested) => raiseFlags(tested, rate))
}
