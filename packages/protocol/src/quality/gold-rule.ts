import { log } from '../math/log-exp.ts'

/** One answer to an item whose answer is known: class indices. */
export interface GoldAnswer {
  readonly label: number
  readonly known: number
}

/** What known answers say of a worker: `doubted` is to be given more known items, `stopped` has to qualify anew. */
export type GoldStanding = 'sound' | 'doubted' | 'stopped'

/** Logarithm of how many times likelier blind answers must be than looking before a worker is stopped. */
const STOPPING_ODDS = log(20)
/** Who looks less than this share of the usual looks too little. */
const LEAST_SHARE = 3 / 4
/** Everybody is in doubt until so many known items are answered: the first answers tell most. */
const FIRST_ANSWERS = 6
/** Imagined answers of every class before the first: habits are unknown then. */
const IMAGINED = 0.5

/**
 * The least response asked for, given the crowd's usual one on known items (see `responsesOf`); both shares of answers
 * that come from looking.
 */
export function leastResponse(usual: number): number {
  return LEAST_SHARE * usual
}

/**
 * Whether a worker may go on, from its answers to known items since it qualified, oldest first. A running test (CUSUM,
 * Page 1954) of answers from habit against `least` of them from looking, so that good work at first buys nothing later.
 * Each look multiplies the odds by habit ÷ (least × right + (1 − least) × habit), habits as shown before. Somebody who
 * looks at least that often is stopped, on average, no sooner than after twenty known items, a usual worker hardly ever.
 * Only schedules: neither results nor pay know of it.
 */
export function goldStanding(answers: readonly GoldAnswer[], classes: number, least: number): GoldStanding {
  let odds = 0
  for (const step of oddsOfBlindness(answers, classes, least)) {
    odds = Math.max(0, odds + step)
    if (odds >= STOPPING_ODDS) return 'stopped'
  }
  return odds > 0 || answers.length < FIRST_ANSWERS ? 'doubted' : 'sound'
}

/** Whether answers to known items before any paid work show that somebody looks: likelier so than blind. */
export function qualifies(answers: readonly GoldAnswer[], classes: number, least: number): boolean {
  let odds = 0
  for (const step of oddsOfBlindness(answers, classes, least)) odds += step
  return odds < 0
}

/** Per answer the logarithm of how many times likelier it is blind. */
function oddsOfBlindness(answers: readonly GoldAnswer[], classes: number, least: number): number[] {
  const habits = new Float64Array(classes).fill(IMAGINED)
  let total = classes * IMAGINED
  return answers.map(({ label, known }) => {
    const habit = habits[label]! / total
    const looked = (label === known ? least : 0) + (1 - least) * habit
    habits[label]!++
    total++
    return log(habit / looked)
  })
}
