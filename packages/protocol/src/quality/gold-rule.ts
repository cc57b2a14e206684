import { log } from '../math/log-exp.ts'

/** One answer to an item whose answer is known, or that others answered too. */
export interface CheckedAnswer {
  /** Class index. */
  readonly label: number
  /** How likely everything but this answer makes it right; 1 or 0 where the right answer is known. */
  readonly right: number
}

/**
 * What checked answers say of a worker: `new` is to be given known items alone, `doubted` gets more of them, `stopped` has
 * to qualify anew.
 */
export type GoldStanding = 'new' | 'sound' | 'doubted' | 'stopped'

/** Logarithm of how many times likelier blind answers must be than looking before a worker is stopped. */
const STOPPING_ODDS = log(20)
/** Logarithm of how many times likelier looking must once have been than blind answers before a worker is no longer new. */
const FIRST_PROOF = log(2)
/** Who looks less than this share of the usual looks too little. */
const LEAST_SHARE = 3 / 4
/** Everybody is in doubt until so many known items are answered: the first answers tell most. */
const FIRST_ANSWERS = 6
/** Imagined answers of every class before the first: habits are unknown then. */
const IMAGINED = 0.5
/** What others say of an item counts so much beside what is known of it: they err together where it is hard. */
const CROWD_WEIGHT = 1 / 2

/**
 * The least response asked for, given the crowd's usual one on items of this kind (see `responsesOf`); both shares of
 * answers that come from looking.
 */
export function leastResponse(usual: number): number {
  return LEAST_SHARE * usual
}

/**
 * Whether a worker may go on, from its answers to known items since it qualified, oldest first. A running test (CUSUM,
 * Page 1954) of answers from habit against `least` of them from looking, so that good work at first buys nothing later.
 * Each look multiplies the odds by habit ÷ (least × right + (1 − least) × habit), habits as shown before. Somebody who
 * looks at least that often is stopped, on average, no sooner than after twenty known items, a usual worker hardly ever;
 * who never looks is stopped before it has had anything else.
 * Only schedules: neither results nor pay know of it.
 */
export function goldStanding(
  answers: readonly CheckedAnswer[],
  classes: number,
  least: number,
): GoldStanding {
  let [odds, sum] = [0, 0]
  let isProven = false
  for (const step of oddsOfBlindness(answers, classes, least)) {
    odds = Math.max(0, odds + step)
    if (odds >= STOPPING_ODDS) return 'stopped'
    sum += step
    if (sum <= -FIRST_PROOF) isProven = true
  }
  if (!isProven) return 'new'
  return odds > 0 || answers.length < FIRST_ANSWERS ? 'doubted' : 'sound'
}

/**
 * Whether a worker is to be stopped for its answers to items nobody knows, oldest first: the same test against what the
 * others make of them (`Statements.others`), each answer counting half. Who recognizes known items and looks only there is
 * found by it. `least` is of the usual response on such items. Only schedules.
 */
export function isBlindToCrowd(answers: readonly CheckedAnswer[], classes: number, least: number): boolean {
  let odds = 0
  for (const step of oddsOfBlindness(answers, classes, least)) {
    odds = Math.max(0, odds + CROWD_WEIGHT * step)
    if (odds >= STOPPING_ODDS) return true
  }
  return false
}

/** Whether answers to known items before any paid work show that somebody looks: likelier so than blind. */
export function qualifies(answers: readonly CheckedAnswer[], classes: number, least: number): boolean {
  let odds = 0
  for (const step of oddsOfBlindness(answers, classes, least)) odds += step
  return odds < 0
}

/** Per answer the logarithm of how many times likelier it is blind. */
function oddsOfBlindness(answers: readonly CheckedAnswer[], classes: number, least: number): number[] {
  const habits = new Float64Array(classes).fill(IMAGINED)
  let total = classes * IMAGINED
  return answers.map(({ label, right }) => {
    const habit = habits[label]! / total
    const looked = least * right + (1 - least) * habit
    habits[label]!++
    total++
    return log(habit / looked)
  })
}
