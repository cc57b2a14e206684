import { digamma } from '../../math/gamma.ts'
import { exp } from '../../math/log-exp.ts'
import type { Classifier, LabelTable } from './label-table.ts'
import {
  type ExpectedCounts,
  fitResponses,
  type ResponseFit,
  type ResponseModel,
  voteShares,
} from './response-model.ts'

/** Beta prior of how often a worker knows, Dirichlet prior of what a worker answers without knowing (as published). */
const PRIOR_KNOWING = 0.5
const PRIOR_HABIT = 10
const PRIOR_ITEMS = 1

/**
 * Multi-annotator competence estimation (Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013), variational: a worker knows
 * the class, or answers by a habit that has nothing to do with it. Unlike the published model it learns how frequent
 * the classes are: where nearly all items are of one class, equal classes would take knowledge for habit. From the vote
 * shares, with everybody knowing half of the time and no habits, instead of random restarts.
 */
export const mace: Classifier = (table, known) => fitMace(table, known)

/** {@link mace} with its workings. */
export function fitMace(table: LabelTable, known: Int32Array): ResponseFit {
  const { classes, workers } = table
  const competence = new Competence(workers, classes)
  return fitResponses(
    table,
    known,
    {
      groups: 1,
      imaginedResponses: new Float64Array(classes * classes),
      imaginedStates: new Float64Array(classes).fill(PRIOR_ITEMS),
      maximize: (counts, model) => competence.maximize(counts, model),
      stop: { largest: 1e-4 },
      maxIterations: 500,
      accelerated: false,
    },
    voteShares(table, known),
  )
}

/** How often each worker knows, and what each answers otherwise; not of any scale. */
class Competence {
  readonly #knowing: Float64Array
  readonly #guessing: Float64Array
  readonly #habit: Float64Array

  constructor(workers: number, classes: number) {
    this.#knowing = new Float64Array(workers).fill(0.5)
    this.#guessing = new Float64Array(workers).fill(0.5)
    this.#habit = new Float64Array(workers * classes).fill(1 / classes)
  }

  maximize({ responses, states }: ExpectedCounts, { response, prior }: ResponseModel): void {
    const classes = prior.length
    prior.set(states)
    const guesses = new Float64Array(classes)
    for (let w = 0; w < this.#knowing.length; w++) {
      const of = w * classes * classes
      const known = this.#shareGuesses(responses, w, classes, guesses)
      let guessed = 0
      for (let label = 0; label < classes; label++) guessed += guesses[label]!
      const allLabels = digamma(known + guessed + 2 * PRIOR_KNOWING)
      this.#knowing[w] = exp(digamma(known + PRIOR_KNOWING) - allLabels)
      this.#guessing[w] = exp(digamma(guessed + PRIOR_KNOWING) - allLabels)
      const allGuesses = digamma(guessed + classes * PRIOR_HABIT)
      for (let label = 0; label < classes; label++) {
        const habit = exp(digamma(guesses[label]! + PRIOR_HABIT) - allGuesses)
        this.#habit[w * classes + label] = habit
        for (let k = 0; k < classes; k++)
          response[of + label * classes + k] =
            this.#guessing[w]! * habit + (label === k ? this.#knowing[w]! : 0)
      }
    }
  }

  /** Expected guesses of a worker by label, into `guesses`; returns how many labels were known. */
  #shareGuesses(responses: Float64Array, w: number, classes: number, guesses: Float64Array): number {
    let known = 0
    for (let label = 0; label < classes; label++) {
      const row = (w * classes + label) * classes
      guesses[label] = 0
      for (let k = 0; k < classes; k++) if (k !== label) guesses[label]! += responses[row + k]!
      const byHabit = this.#guessing[w]! * this.#habit[w * classes + label]!
      const share = byHabit / (byHabit + this.#knowing[w]!)
      guesses[label]! += responses[row + label]! * share
      known += responses[row + label]! * (1 - share)
    }
    return known
  }
}
