import { MILLION } from '../../math/fixed.ts'
import { gainPerAnswer } from './adaptive-gain.ts'
import type { Tally } from './adaptive-tally.ts'

/**
 * An answer must take away at least this part of the errors a campaign allows: where one item in ten may be wrong, four
 * hundred answers bought at the margin put one more item right. On public crowds demanding twice as much of an answer saves
 * 48 instead of 45 labels in a hundred and loses half a point where many were collected; half as much saves 40.
 */
const LEAST_PART = 1 / 40
/** Labels of the crowd's ability imagined of every worker, as in `auto`: fewer say little of a worker. */
const IMAGINED_LABELS = 10
/** Answers compared with another's before the crowd is known, half of them agreeing beyond chance. */
const IMAGINED_MET = 20
const IMAGINED_ABILITY = 0.5
/** Nobody is trusted to know more often: errors come together on hard items, where even good workers agree on them. */
const MOST_ABILITY = 0.9
/** Below it agreement beyond chance cannot be told from none, and the ability of each worker is relative to it. */
const LEAST_CROWD_ABILITY = 0.2

/** What happens to an item next: another answer, its answers suffice, or somebody must look who decides. */
export type NextStep = 'ask' | 'done' | 'review'

export interface AdaptiveRule {
  /** Answers every item gets, and the most it may get. */
  readonly min: number
  readonly max: number
  /** Millionths. */
  readonly targetConfidence: number
}

/** What the answers to an item so far promise. */
export interface Outlook {
  /** Probability of the likeliest class. */
  readonly confidence: number
  /** What a further answer adds to it on average, as {@link gainPerAnswer} says. */
  readonly gain: number
}

/**
 * Whether to ask again. Only scheduling: what the answer is, is said by the campaign's method. An item is asked again while
 * an answer is worth it; after that it is done where it is sure, else further answers would not make it so and it goes to
 * review. How many are still allowed does not enter: the last answers to an item also tell of their workers, which other
 * items need. The same for any order of the answers and any numbering of items and workers.
 */
export function nextStep(tally: Tally, item: number, rule: AdaptiveRule): NextStep {
  const answers = tally.countOf(item)
  if (answers < rule.min) return 'ask'
  const mostErrors = 1 - rule.targetConfidence / MILLION
  const { confidence, gain } = outlookOf(tally, item)
  if (answers < rule.max && gain > 0 && gain >= LEAST_PART * mostErrors) return 'ask'
  return 1 - confidence <= mostErrors ? 'done' : 'review'
}

/**
 * Workers are taken to know the answer, as often as they agree with others beyond chance, or to guess by popularity: the
 * coin of Dawid and Skene, fitted by moments. There is no iteration, so an answer costs the same in a campaign of any size.
 */
export function outlookOf(tally: Tally, item: number): Outlook {
  const crowd = crowdOf(tally)
  const { first, second, ofFirst, ofSecond } = leadersOf(tally, item, crowd)
  const { ability, shares } = crowd
  const guessFirst = (1 - ability) * shares[first]!
  const guessSecond = (1 - ability) * shares[second]!
  const gain = gainPerAnswer({
    first: ofFirst,
    second: ofSecond,
    firstIfFirst: ability + guessFirst,
    secondIfFirst: guessSecond,
    firstIfSecond: guessFirst,
    secondIfSecond: ability + guessSecond,
  })
  return { confidence: ofFirst, gain }
}

interface Crowd {
  /** Share of answers per class, one answer imagined of each. */
  readonly shares: Float64Array
  /** Probability that two who guess agree, and that two of the crowd agree. */
  readonly chance: number
  readonly agreement: number
  /** How often one of the crowd knows the answer. */
  readonly ability: number
  /** Others' answers imagined met by every worker. */
  readonly imaginedMet: number
}

function crowdOf(tally: Tally): Crowd {
  const { classes, given, answers, crowdMet, crowdAgreed } = tally
  const shares = new Float64Array(classes)
  let chance = 0
  for (let k = 0; k < classes; k++) {
    shares[k] = (given[k]! + 1) / (answers + classes)
    chance += shares[k]! * shares[k]!
  }
  const imagined = chance + (1 - chance) * IMAGINED_ABILITY
  const agreement = (crowdAgreed + imagined * IMAGINED_MET) / (crowdMet + IMAGINED_MET)
  // Two agree where both know, else by chance: agreement = ability² + (1 − ability²) × chance.
  const squared = Math.max(0, (agreement - chance) / (1 - chance))
  const ability = Math.min(MOST_ABILITY, Math.max(LEAST_CROWD_ABILITY, Math.sqrt(squared)))
  const metPerAnswer = answers > 0 ? crowdMet / answers : 0
  return { shares, chance, agreement, ability, imaginedMet: IMAGINED_LABELS * Math.max(1, metPerAnswer) }
}

interface Leaders {
  first: number
  second: number
  /** Their probabilities. */
  ofFirst: number
  ofSecond: number
}

/** The two likeliest classes of an item, taken to be as frequent as the square root of their share, as in `auto`. */
function leadersOf(tally: Tally, item: number, crowd: Crowd): Leaders {
  const { classes } = tally
  const { shares } = crowd
  const row = new Float64Array(classes)
  for (let k = 0; k < classes; k++) row[k] = Math.sqrt(shares[k]!)
  for (const [label, ability] of abilities(tally, item, crowd)) {
    const guessed = (1 - ability) * shares[label]!
    for (let k = 0; k < classes; k++) row[k]! *= k === label ? ability + guessed : guessed
    rescale(row)
  }
  let total = 0
  for (let k = 0; k < classes; k++) total += row[k]!
  let first = 0
  let second = 1
  if (row[1]! > row[0]!) [first, second] = [1, 0]
  for (let k = 2; k < classes; k++) {
    if (row[k]! > row[first]!) [first, second] = [k, first]
    else if (row[k]! > row[second]!) second = k
  }
  return { first, second, ofFirst: row[first]! / total, ofSecond: row[second]! / total }
}

/** Label and ability of each answer, sorted, so that the order they came in changes no bit of their product. */
function abilities(tally: Tally, item: number, crowd: Crowd): (readonly [number, number])[] {
  const { chance, agreement, ability, imaginedMet } = crowd
  const answers: (readonly [number, number])[] = []
  tally.eachOf(item, (label, met, agreed) => {
    const worker = (agreed + agreement * imaginedMet) / (met + imaginedMet)
    const beyondChance = (worker - chance) / (1 - chance)
    answers.push([label, Math.min(MOST_ABILITY, Math.max(0, beyondChance / ability))])
  })
  return answers.sort((a, b) => a[0] - b[0] || a[1] - b[1])
}

/** Keeps a product of many answers away from zero. */
function rescale(row: Float64Array): void {
  let most = 0
  for (let k = 0; k < row.length; k++) most = Math.max(most, row[k]!)
  for (let k = 0; k < row.length; k++) row[k]! /= most
}
