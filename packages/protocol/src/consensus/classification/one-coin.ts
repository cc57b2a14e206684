import type { Classifier, LabelTable } from './label-table.ts'
import {
  type ExpectedCounts,
  fitResponses,
  type ResponseFit,
  type ResponseModel,
  voteShares,
} from './response-model.ts'

/** Imagined labels of every worker, right and wrong: somebody unknown is right two times in three. */
const PRIOR_RIGHT = 4
const PRIOR_WRONG = 2
const PRIOR_ITEMS = 1

/**
 * Dawid–Skene with one number per worker, the share of right labels; wrong ones are spread evenly over the other
 * classes. Maximum a posteriori, and nobody is thought worse than chance: without prior and floor the model turns
 * classes around on sparse data.
 */
export const oneCoin: Classifier = (table, known) => fitOneCoin(table, known)

/** {@link oneCoin} with its workings. */
export function fitOneCoin(table: LabelTable, known: Int32Array): ResponseFit {
  const { classes } = table
  return fitResponses(
    table,
    known,
    {
      groups: 1,
      imaginedResponses: new Float64Array(classes * classes),
      imaginedStates: new Float64Array(classes).fill(PRIOR_ITEMS),
      maximize: tossCoins,
      stop: { largest: 1e-4 },
      maxIterations: 500,
      accelerated: false,
    },
    voteShares(table, known),
  )
}

function tossCoins({ responses, states }: ExpectedCounts, { response, prior }: ResponseModel): void {
  const classes = states.length
  let items = 0
  for (let k = 0; k < classes; k++) items += states[k]!
  for (let k = 0; k < classes; k++) prior[k] = states[k]! / items
  for (let worker = 0; worker < responses.length; worker += classes * classes) {
    let right = PRIOR_RIGHT
    let labels = PRIOR_RIGHT + PRIOR_WRONG
    for (let cell = 0; cell < classes * classes; cell++) {
      labels += responses[worker + cell]!
      if (cell % (classes + 1) === 0) right += responses[worker + cell]!
    }
    const skill = Math.max(right / labels, 1 / classes)
    response.fill((1 - skill) / Math.max(1, classes - 1), worker, worker + classes * classes)
    for (let k = 0; k < classes; k++) response[worker + k * (classes + 1)] = skill
  }
}
