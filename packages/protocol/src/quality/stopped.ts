import { labelTable } from '../consensus/classification/label-table.ts'
import { goldStanding, leastResponse } from './gold-rule.ts'
import { responsesOf, statementsOf, usualResponse } from './looking.ts'

/** Answers to items whose answer is known, in columns; one worker's stand in the order they were given. */
export interface KnownAnswers {
  readonly workers: number
  readonly items: number
  readonly classes: number
  readonly worker: Int32Array
  readonly item: Int32Array
  /** Class index. */
  readonly label: Int32Array
  /** Per item, class index. */
  readonly known: Int32Array
}

/**
 * The workers who are given no more items ({@link goldStanding}), measured by how much the crowd as a whole responds to
 * known items: where they are hard for all, nobody is stopped for that. Only schedules.
 */
export function stoppedByGold(answers: KnownAnswers): number[] {
  const { workers, classes, worker, item, label, known } = answers
  const table = labelTable(answers)
  // What others say is not asked for: every answer is known.
  const statements = statementsOf(table, known, new Float64Array(table.label.length))
  const least = leastResponse(usualResponse(statements, responsesOf(statements)))
  const given: { label: number; right: number }[][] = Array.from({ length: workers }, () => [])
  for (let i = 0; i < label.length; i++) {
    given[worker[i]!]!.push({ label: label[i]!, right: known[item[i]!] === label[i] ? 1 : 0 })
  }
  return given.flatMap((own, w) => (goldStanding(own, classes, least) === 'stopped' ? [w] : []))
}
