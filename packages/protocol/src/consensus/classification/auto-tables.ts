import { exp } from '../../math/log-exp.ts'
import { LITTLE_CHANGE } from './auto-coin.ts'
import { type LabelCounts, labelCounts, labelShares } from './auto-shares.ts'
import { fitStrength } from './auto-strength.ts'
import type { LabelTable } from './label-table.ts'
import {
  type ExpectedCounts,
  fitResponses,
  type ResponseFit,
  type ResponseModel,
  startFrom,
} from './response-model.ts'

/** Clear and hard items of each class. */
const TYPES = 2
const MAX_ITERATIONS = 25
/** Of a fit that goes on from another: a few more known items move little. */
const MAX_MORE_ITERATIONS = 5
/** What a worker's ability and habits are held against, in labels. */
const IMAGINED_LABELS = 5
/** In the pooled tables no worker weighs more than about so many labels. */
const POOLED_LABELS = 30
const FIRST_STRENGTH = 10
/** Later iterations keep the strength: it has settled, and costs the most. */
const STRENGTH_ITERATIONS = 10
/** Share of every expected table that is spread evenly: no answer is impossible. */
const EVEN = 1e-3
const LEAST_RIGHT = 1e-6

/**
 * Workers' tables drawn around the crowd's (a Dirichlet hierarchy, after EBCC: Li, Rubinstein, Cohn, ICML 2019).
 *
 * Every class has clear and hard items; a state is a class and a kind. In state y a worker w answers l by
 * π ~ Dirichlet(s × A), A(l) ∝ pooled(y, l) × habit(w, l) × ability(w) where l is right. So a worker of few labels
 * answers like the crowd, but better or worse and fonder of some labels; one of many labels has tables of their own.
 * How much workers differ, s, is what makes their labels most probable. Classes are as frequent as their labels were:
 * a frequency fitted together with the tables lets a rare class swallow the hard items of a frequent one.
 * `start`: class probabilities to begin with, items × classes.
 */
export function fitTables(table: LabelTable, known: Int32Array, start: Float64Array): TablesFit {
  return fitCrowd(table, known, newCrowd(table), splitClasses(start, table.classes), MAX_ITERATIONS)
}

/** Goes on from a fit of the same labels, with other items known. */
export function refitTables(table: LabelTable, known: Int32Array, { crowd, states }: TablesFit): TablesFit {
  const start = startFrom(states, known, table.classes, TYPES)
  const own = { ...crowd, ability: crowd.ability.slice() }
  return fitCrowd(table, known, own, start, MAX_MORE_ITERATIONS)
}

export interface TablesFit extends ResponseFit {
  /** What the fit has learned of the crowd beside the tables. */
  readonly crowd: Crowd
}

function newCrowd(table: LabelTable): Crowd {
  const shares = labelShares(table)
  const given = labelCounts(table)
  const width = table.classes * TYPES
  return {
    shares,
    given,
    pooled: new Float64Array(width * table.classes),
    ability: new Float64Array(table.workers).fill(1),
    habit: new Float64Array(table.classes),
    inState: new Float64Array(width),
    normal: new Float64Array(width),
    strength: FIRST_STRENGTH,
    iteration: 0,
  }
}

function fitCrowd(
  table: LabelTable,
  known: Int32Array,
  crowd: Crowd,
  states: Float64Array,
  maxIterations: number,
): TablesFit {
  const width = table.classes * TYPES
  const fit = fitResponses(
    table,
    known,
    {
      groups: TYPES,
      imaginedResponses: new Float64Array(table.classes * width),
      imaginedStates: new Float64Array(width),
      maximize: (counts, model) => maximize(crowd, counts, model),
      stop: LITTLE_CHANGE,
      maxIterations,
      accelerated: false,
    },
    states,
  )
  return { ...fit, crowd }
}

interface Crowd {
  readonly shares: Float64Array
  readonly given: LabelCounts
  /** states × classes, every row sums to 1. */
  readonly pooled: Float64Array
  /** Factor on the odds of being right, per worker. */
  readonly ability: Float64Array
  /** Of the worker at hand: factors per label, expected labels per state, sum per state. */
  readonly habit: Float64Array
  readonly inState: Float64Array
  readonly normal: Float64Array
  strength: number
  iteration: number
}

function maximize(crowd: Crowd, counts: ExpectedCounts, model: ResponseModel): void {
  const { responses } = counts
  const { response } = model
  const classes = crowd.shares.length
  const width = model.states
  fitPrior(crowd.shares, counts.states, model.prior)
  pool(crowd, responses)
  for (let w = 0; w < crowd.ability.length; w++) {
    if (crowd.given.perWorker[w]! > 0) expectTable(crowd, w, responses, response)
  }
  if (crowd.iteration > 0 && crowd.iteration < STRENGTH_ITERATIONS)
    crowd.strength = fitStrength(responses, response, classes, width, crowd.strength)
  crowd.iteration++
  const s = crowd.strength
  for (let w = 0; w < crowd.ability.length; w++) {
    sumStates(responses, w, classes, crowd.inState)
    for (let l = 0; l < classes; l++) {
      const at = (w * classes + l) * width
      for (let y = 0; y < width; y++)
        response[at + y] = (responses[at + y]! + s * response[at + y]!) / (crowd.inState[y]! + s)
    }
  }
}

/** Classes as frequent as their labels, kinds as frequent as expected. */
function fitPrior(shares: Float64Array, states: Float64Array, prior: Float64Array): void {
  for (let k = 0; k < shares.length; k++) {
    let items = 0
    for (let m = 0; m < TYPES; m++) items += states[k * TYPES + m]!
    for (let m = 0; m < TYPES; m++)
      prior[k * TYPES + m] = (shares[k]! * (states[k * TYPES + m]! + 0.5)) / (items + 0.5 * TYPES)
  }
}

/** The crowd's tables: labels by popularity for half a label per class, one right label, and what workers gave. */
function pool({ shares, pooled, ability, inState }: Crowd, responses: Float64Array): void {
  const classes = shares.length
  const width = inState.length
  for (let y = 0; y < width; y++) {
    for (let l = 0; l < classes; l++)
      pooled[y * classes + l] = 0.5 * classes * shares[l]! + (l === (y - (y % TYPES)) / TYPES ? 1 : 0)
  }
  for (let w = 0; w < ability.length; w++) {
    sumStates(responses, w, classes, inState)
    for (let l = 0; l < classes; l++) {
      const at = (w * classes + l) * width
      for (let y = 0; y < width; y++)
        pooled[y * classes + l]! += (responses[at + y]! * (POOLED_LABELS + 1)) / (POOLED_LABELS + inState[y]!)
    }
  }
  for (let y = 0; y < width; y++) {
    let total = 0
    for (let l = 0; l < classes; l++) total += pooled[y * classes + l]!
    for (let l = 0; l < classes; l++) pooled[y * classes + l]! /= total
  }
}

/** Habits and ability of a worker, and the table A that follows, into `expected`. */
function expectTable(crowd: Crowd, w: number, responses: Float64Array, expected: Float64Array): void {
  const { shares, given, pooled, ability, habit, inState, normal } = crowd
  const classes = shares.length
  const width = inState.length
  sumStates(responses, w, classes, inState)

  // Habits: labels given over labels expected of the crowd with this worker's ability.
  habit.fill(0)
  for (let y = 0; y < width; y++) {
    const right = (y - (y % TYPES)) / TYPES
    const rightShare = pooled[y * classes + right]! * ability[w]!
    const scale = inState[y]! / (1 - pooled[y * classes + right]! + rightShare)
    for (let l = 0; l < classes; l++)
      habit[l]! += scale * (l === right ? rightShare : pooled[y * classes + l]!)
  }
  for (let l = 0; l < classes; l++) {
    const imagined = IMAGINED_LABELS * shares[l]!
    habit[l] = (given.perWorkerAndLabel[w * classes + l]! + imagined) / (habit[l]! + imagined)
  }

  // Ability: odds of right labels over the odds expected of the crowd with these habits.
  let rightLabels = 0
  let expectedRight = 0
  let labels = 0
  for (let y = 0; y < width; y++) {
    const right = (y - (y % TYPES)) / TYPES
    let total = 0
    for (let l = 0; l < classes; l++) total += pooled[y * classes + l]! * habit[l]!
    normal[y] = total
    rightLabels += responses[(w * classes + right) * width + y]!
    expectedRight += (inState[y]! * pooled[y * classes + right]! * habit[right]!) / total
    labels += inState[y]!
  }
  const share = Math.min(1 - LEAST_RIGHT, Math.max(LEAST_RIGHT, expectedRight / labels))
  const rightWeight = rightLabels + IMAGINED_LABELS * share
  const wrongWeight = Math.max(0, labels - rightLabels) + IMAGINED_LABELS * (1 - share)
  ability[w] = ((rightWeight / wrongWeight) * (1 - share)) / share

  for (let y = 0; y < width; y++) {
    const right = (y - (y % TYPES)) / TYPES
    const total = normal[y]! + pooled[y * classes + right]! * habit[right]! * (ability[w]! - 1)
    for (let l = 0; l < classes; l++) {
      const weight = pooled[y * classes + l]! * habit[l]! * (l === right ? ability[w]! : 1)
      expected[(w * classes + l) * width + y] = (weight / total) * (1 - EVEN) + EVEN / classes
    }
  }
}

/** Expected labels of a worker per state. */
function sumStates(responses: Float64Array, w: number, classes: number, inState: Float64Array): void {
  const width = inState.length
  inState.fill(0)
  for (let l = 0; l < classes; l++) {
    const at = (w * classes + l) * width
    for (let y = 0; y < width; y++) inState[y]! += responses[at + y]!
  }
}

/** Divides class probabilities between clear and hard items: the clearer the leader, the likelier a clear one. */
function splitClasses(start: Float64Array, classes: number): Float64Array {
  const states = new Float64Array(start.length * TYPES)
  for (let first = 0; first < start.length; first += classes) {
    let top = 0
    for (let k = 0; k < classes; k++) top = Math.max(top, start[first + k]!)
    const clarity = (top - 1 / classes) / (1 - 1 / classes)
    const clear = exp(-4 * (clarity - 1) * (clarity - 1)) + 0.05
    const hard = exp(-4 * clarity * clarity) + 0.05
    for (let at = first; at < first + classes; at++) {
      states[at * TYPES] = (start[at]! * clear) / (clear + hard)
      states[at * TYPES + 1] = (start[at]! * hard) / (clear + hard)
    }
  }
  return states
}
