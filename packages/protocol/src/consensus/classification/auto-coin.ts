import { labelShares } from './auto-shares.ts'
import type { LabelTable } from './label-table.ts'
import { fitResponses, type ResponseFit, type StopRule } from './response-model.ts'

const MAX_ITERATIONS = 25
/** When the fits of `auto` stop: those that went on came to no better answers. */
export const LITTLE_CHANGE: StopRule = { mean: 3e-4 }
/** Labels of the crowd's accuracy imagined of every worker. */
const IMAGINED_LABELS = 10
const MOST_RIGHT = 0.9999

/**
 * One number per worker, how often they are right; never below chance. Wrong labels fall on the other classes by
 * popularity. Classes weigh by the square root of their share of labels, halfway between equal and as voted: not fitted,
 * because accuracy and a fitted frequency feed each other until everything is the most frequent class.
 * `start`: class probabilities to begin with, items × classes (overwritten).
 */
export function fitCoin(table: LabelTable, known: Int32Array, start: Float64Array): ResponseFit {
  const { classes } = table
  const shares = labelShares(table)
  return fitResponses(
    table,
    known,
    {
      groups: 1,
      imaginedResponses: new Float64Array(classes * classes),
      imaginedStates: new Float64Array(classes),
      maximize({ responses }, { response, prior }) {
        for (let k = 0; k < classes; k++) prior[k] = Math.sqrt(shares[k]!)
        const size = classes * classes
        const rightOf = (first: number): number => {
          let right = 0
          for (let k = 0; k < classes; k++) right += responses[first + k * classes + k]!
          return right
        }
        let right = 0
        for (let first = 0; first < responses.length; first += size) right += rightOf(first)
        const crowd = right / table.label.length
        for (let first = 0; first < responses.length; first += size) {
          let labels = 0
          for (let at = first; at < first + size; at++) labels += responses[at]!
          const share = (rightOf(first) + IMAGINED_LABELS * crowd) / (labels + IMAGINED_LABELS)
          const accuracy = Math.min(MOST_RIGHT, Math.max(1 / classes, share))
          for (let l = 0; l < classes; l++) {
            for (let k = 0; k < classes; k++)
              response[first + l * classes + k] =
                l === k ? accuracy : ((1 - accuracy) * shares[l]!) / (1 - shares[k]!)
          }
        }
      },
      stop: LITTLE_CHANGE,
      maxIterations: MAX_ITERATIONS,
      accelerated: false,
    },
    start,
  )
}
