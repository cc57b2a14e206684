import type { Classifier, LabelTable } from './label-table.ts'
import {
  type ExpectedCounts,
  fitResponses,
  type ResponseFit,
  type ResponseMethod,
  type ResponseModel,
  voteShares,
} from './response-model.ts'

export interface DawidSkeneOptions {
  /**
   * Imagined labels of every worker per class of the truth: `each` for every label and `right` more for the true one;
   * and `each` imagined items per class. All 0 is maximum likelihood, as published; then every worker should have seen
   * every class.
   */
  imagined: { each: number; right: number }
  /** Stops when no probability moves by more (never because a loss fell). */
  tolerance: number
  maxIterations: number
  accelerated: boolean
}

/** Four imagined labels of the truth for one of each other class, as in IBCC and EBCC: better than chance, not sure. */
const DEFAULTS: DawidSkeneOptions = {
  imagined: { each: 1, right: 3 },
  tolerance: 1e-4,
  maxIterations: 500,
  accelerated: true,
}

/**
 * Dawid and Skene (1979), maximum a posteriori: a confusion matrix per worker with a Dirichlet prior, by EM from the
 * vote shares, leaping ahead where it creeps.
 */
export const dawidSkene: Classifier = (table, known) => fitDawidSkene(table, known)

/** {@link dawidSkene} with its workings: `iterations`, the fitted tables, and other priors. */
export function fitDawidSkene(
  table: LabelTable,
  known: Int32Array,
  options: Partial<DawidSkeneOptions> = {},
): ResponseFit {
  const { imagined, tolerance, ...limits } = { ...DEFAULTS, ...options }
  const { classes } = table
  const method: ResponseMethod = {
    ...limits,
    stop: { largest: tolerance },
    groups: 1,
    imaginedResponses: imaginedLabels(classes, 1, imagined.each, imagined.right),
    imaginedStates: new Float64Array(classes).fill(imagined.each),
    maximize: shareResponses,
  }
  return fitResponses(table, known, method, voteShares(table, known))
}

/** `each` imagined labels of every class in every state, `right` more of the state's own. */
export function imaginedLabels(classes: number, groups: number, each: number, right: number): Float64Array {
  const width = classes * groups
  const imagined = new Float64Array(classes * width).fill(each)
  for (let k = 0; k < classes; k++) {
    for (let s = k * groups; s < (k + 1) * groups; s++) imagined[k * width + s]! += right
  }
  return imagined
}

/** Tables as shares of the counts: P(label | worker, state) and P(state). */
function shareResponses({ responses, states }: ExpectedCounts, { response, prior }: ResponseModel): void {
  const width = states.length
  let items = 0
  for (let s = 0; s < width; s++) items += states[s]!
  for (let s = 0; s < width; s++) prior[s] = states[s]! / items
  const classes = width
  for (let of = 0; of < responses.length; of += classes * width) {
    for (let first = of; first < of + width; first++) {
      let labels = 0
      for (let at = first; at < of + classes * width; at += width) labels += responses[at]!
      for (let at = first; at < of + classes * width; at += width)
        response[at] = labels > 0 ? responses[at]! / labels : 1 / classes
    }
  }
}
