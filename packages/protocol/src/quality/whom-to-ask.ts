import { dawidSkene } from '../consensus/classification/dawid-skene.ts'
import { labelTable } from '../consensus/classification/label-table.ts'
import { othersOf } from '../consensus/classification/others.ts'
import { statementsOf } from './looking.ts'
import { type Apart, pairsToSeparate } from './separation.ts'
import { type GivenAnswers, stoppedByCrowd, stoppedByGold } from './stopped.ts'

/** What the answers of a campaign say of whom to ask next, workers by place. */
export interface WhomToAsk {
  /** Workers who are given no more items, ascending. */
  readonly stopped: readonly number[]
  /** Whom to keep off each other's items. */
  readonly apart: Apart
}

/**
 * Reads all answers of a campaign once, with a fit by Dawid and Skene: who shows by known items or by what the others make
 * of unknown ones that they do not look, and who probably repeats whose answers. Only schedules: neither results nor
 * pay know of it. Time: a fit, and pairs of labels of one item.
 */
export function whomToAsk(answers: GivenAnswers): WhomToAsk {
  const table = labelTable(answers)
  const { support } = othersOf(table, dawidSkene(table, answers.known))
  const statements = statementsOf(table, answers.known, support)
  const stopped = new Set([...stoppedByGold(answers), ...stoppedByCrowd(answers, table, statements)])
  return {
    stopped: [...stopped].sort((a, b) => a - b),
    apart: pairsToSeparate(table, statements.others),
  }
}
