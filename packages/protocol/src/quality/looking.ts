import type { LabelTable } from '../consensus/classification/label-table.ts'

/** What workers said, as evidence on whether they looked. Parallel columns, one row per answer. */
export interface Statements {
  readonly workers: number
  readonly worker: Int32Array
  /**
   * How likely everything but the answer itself makes it; 1 or 0 where the right answer is known, the habit where nobody
   * else said anything.
   */
  readonly others: Float64Array
  /** How often the worker says so anyway, above 0. */
  readonly habit: Float64Array
}

/** What was imagined of every worker before the first answer: as many from looking, as many from habit. */
const IMAGINED_LOOKS = 1
const IMAGINED_HABITS = 3
/** Imagined answers by which a worker's habits begin as the campaign's. */
const IMAGINED_ANSWERS = 2
/** Halvings of the range in which a response is sought: to a millionth of a millionth. */
const HALVINGS = 40
/**
 * The usual response counts as no lower: a crowd that does not look is not paid as if it did. Above the response of whom
 * nothing is known, so that answers nobody could check are not paid in full.
 */
const LEAST_USUAL = 0.35

/**
 * Every label of a table as evidence, in its order. `known`: class index per item, or −1; `support`: how probable the
 * others make each label.
 */
export function statementsOf(table: LabelTable, known: Int32Array, support: Float64Array): Statements {
  const { workers, classes, item, worker, label, start } = table
  const habits = habitsOf(table)
  const others = new Float64Array(label.length)
  const habit = new Float64Array(label.length)
  for (let i = 0; i < label.length; i++) {
    const k = label[i]!
    const t = item[i]!
    const right = known[t]!
    habit[i] = habits[worker[i]! * classes + k]!
    if (right >= 0) others[i] = right === k ? 1 : 0
    else if (start[t + 1]! - start[t]! === 1) others[i] = habit[i]!
    else others[i] = support[i]!
  }
  return { workers, worker, others, habit }
}

/** Per worker and class how often it is said: the worker's own labels and two imagined ones like all labels. */
function habitsOf({ workers, classes, worker, label }: LabelTable): Float64Array {
  const all = new Float64Array(classes)
  const own = new Float64Array(workers * classes)
  const labels = new Float64Array(workers)
  for (let i = 0; i < label.length; i++) {
    all[label[i]!]!++
    own[worker[i]! * classes + label[i]!]!++
    labels[worker[i]!]!++
  }
  for (let w = 0; w < workers; w++) {
    for (let k = 0; k < classes; k++) {
      const at = w * classes + k
      own[at] = (own[at]! + (IMAGINED_ANSWERS * all[k]!) / label.length) / (labels[w]! + IMAGINED_ANSWERS)
    }
  }
  return own
}

/**
 * Per worker the response: the share of answers that came from looking at the item, the most probable one where
 * answer = response × others + (1 − response) × habit, with imagined answers before the first. Who always says the same,
 * guesses what is common or tosses a coin has a response near 0, whatever the crowd's answers are (the idea of multi-task
 * peer prediction, Dasgupta and Ghosh 2013; the mixture is that of MACE, Hovy et al. 2013). The probability has one peak,
 * which is found by halving. Time: 40 × answers.
 */
export function responsesOf({ workers, worker, others, habit }: Statements): Float64Array {
  const low = new Float64Array(workers)
  const high = new Float64Array(workers).fill(1)
  const middle = new Float64Array(workers)
  const slope = new Float64Array(workers)
  for (let halving = 0; halving < HALVINGS; halving++) {
    for (let w = 0; w < workers; w++) {
      const at = (low[w]! + high[w]!) / 2
      middle[w] = at
      slope[w] = IMAGINED_LOOKS / at - IMAGINED_HABITS / (1 - at)
    }
    for (let i = 0; i < worker.length; i++) {
      const w = worker[i]!
      const at = middle[w]!
      slope[w]! += (others[i]! - habit[i]!) / (at * others[i]! + (1 - at) * habit[i]!)
    }
    for (let w = 0; w < workers; w++) {
      if (slope[w]! > 0) low[w] = middle[w]!
      else high[w] = middle[w]!
    }
  }
  return middle
}

/**
 * The campaign's usual response: the mean over answers, each counting as much as its worker responds, so that blind
 * answers, however many, do not lower what is asked of the others.
 */
export function usualResponse({ worker }: Statements, responses: Float64Array): number {
  let squares = 0
  let sum = 0
  for (let i = 0; i < worker.length; i++) {
    const response = responses[worker[i]!]!
    squares += response * response
    sum += response
  }
  return sum === 0 ? LEAST_USUAL : Math.max(LEAST_USUAL, squares / sum)
}

/** The quality of each answer, see {@link qualityRule}. */
export function qualitiesOf(statements: Statements): Float64Array {
  return Float64Array.from(statements.worker.keys(), qualityRule(statements))
}

/**
 * The quality of an answer by its place, from 0 to 1: how likely it came from looking, times how much its worker
 * responds, both against the usual and at most 1.
 */
export function qualityRule(statements: Statements): (place: number) => number {
  const { worker, others, habit } = statements
  const responses = responsesOf(statements)
  const usual = usualResponse(statements, responses)
  return (i) => {
    const response = responses[worker[i]!]!
    const byLooking = response * others[i]!
    const looked = byLooking / (byLooking + (1 - response) * habit[i]!)
    return Math.min(1, looked / usual) * Math.min(1, response / usual)
  }
}
