import { type LabelTable, labelTable, type UnsortedLabels } from '../consensus/classification/label-table.ts'
import { type CheckedAnswer, goldStanding, isBlindToCrowd, leastResponse } from './gold-rule.ts'
import { responsesOf, type Statements, statementsOf, usualResponse } from './looking.ts'

/** Answers in columns; one worker's stand in the order they were given, and it answers an item once. */
export interface GivenAnswers extends UnsortedLabels {
  /** Per item the class index of its known answer, or −1. */
  readonly known: Int32Array
}

/** Others that must have answered an item before they say something of one more answer. */
const LEAST_OTHERS = 2

/**
 * The workers who are given no more items for their answers to known ones ({@link goldStanding}), measured by how much
 * the crowd as a whole responds to these: where they are hard for all, nobody is stopped for that. Only schedules.
 */
export function stoppedByGold(answers: GivenAnswers): number[] {
  const { workers, worker, item, label, known, classes } = knownOnly(answers)
  const least = leastResponse(usualOnKnown(answers))
  const given: CheckedAnswer[][] = Array.from({ length: workers }, () => [])
  for (let i = 0; i < label.length; i++) {
    given[worker[i]!]!.push({ label: label[i]!, right: known[item[i]!] === label[i] ? 1 : 0 })
  }
  return placesOf(given, (own) => goldStanding(own, classes, least) === 'stopped')
}

/** The usual response on items whose answer is known. */
export function usualOnKnown(answers: GivenAnswers): number {
  const table = labelTable(knownOnly(answers))
  // What others say is not asked for: every answer is known.
  const statements = statementsOf(table, answers.known, new Float64Array(table.label.length))
  return usualResponse(statements, responsesOf(statements))
}

function knownOnly(answers: GivenAnswers): GivenAnswers {
  const kept = [...answers.item.keys()].filter((i) => answers.known[answers.item[i]!]! >= 0)
  const of = (column: Int32Array) => Int32Array.from(kept, (i) => column[i]!)
  return { ...answers, item: of(answers.item), worker: of(answers.worker), label: of(answers.label) }
}

/**
 * The workers who are given no more items for their answers to items nobody knows ({@link isBlindToCrowd}), against what
 * the others of a fit make of them. `statements` are those of `table`, the labels of `answers`. Only schedules.
 */
export function stoppedByCrowd(answers: GivenAnswers, table: LabelTable, statements: Statements): number[] {
  const least = leastResponse(usualResponse(statements, responsesOf(statements)))
  const { item, worker, label, known } = answers
  const given: CheckedAnswer[][] = Array.from({ length: answers.workers }, () => [])
  for (let i = 0; i < label.length; i++) {
    const t = item[i]!
    if (known[t]! >= 0 || table.start[t + 1]! - table.start[t]! - 1 < LEAST_OTHERS) continue
    const right = statements.others[placeOf(table, t, worker[i]!)]!
    given[worker[i]!]!.push({ label: label[i]!, right })
  }
  return placesOf(given, (own) => isBlindToCrowd(own, answers.classes, least))
}

/** Where a table has a worker's label of an item, which is there. */
function placeOf({ start, worker }: LabelTable, item: number, of: number): number {
  let place = start[item]!
  while (worker[place] !== of) place++
  return place
}

function placesOf<T>(list: readonly T[], is: (entry: T) => boolean): number[] {
  return list.flatMap((entry, place) => (is(entry) ? [place] : []))
}
