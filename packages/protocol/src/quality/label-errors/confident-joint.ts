import { type ModelLabels, predictedClasses } from './model-labels.ts'
import { roundKeepingSum } from './rounding.ts'

const LEAST_THRESHOLD = 2e-6
/** No probability reaches it: nothing is counted as a class nobody gave. */
const THRESHOLD_OF_ABSENT = 2
/** Probabilities are compared with their own mean: equal ones must not miss it by rounding. */
const THRESHOLD_SLACK = 1e-6
const SMALLEST_SUM = 1e-100

/** Items counted by given and by likely true class; what confident learning estimates label noise from. */
export interface ConfidentJoint {
  /** Least probability for an item to count as truly of a class: the mean the class gets where it was given. */
  readonly thresholds: Float64Array
  /** Item counts, given class × true class, row by row; the diagonal is at least 1. */
  readonly counts: Int32Array
  /** Counts scaled so that each row sums to how often its class was given. */
  readonly calibrated: Int32Array
  /** The class an item counts as; −1 where it reaches no threshold. */
  readonly confidentClass: Int32Array
}

/** The confident joint of given and true labels: Northcutt, Jiang & Chuang (2021), section 3.1. */
export function confidentJoint(given: ModelLabels): ConfidentJoint {
  const { classes, labels } = given
  const thresholds = thresholdsOf(given)
  const confidentClass = confidentClasses(given, thresholds)
  const counts = new Int32Array(classes * classes)
  for (let t = 0; t < labels.length; t++) {
    if (confidentClass[t]! >= 0) counts[labels[t]! * classes + confidentClass[t]!]!++
  }
  for (let k = 0; k < classes; k++) {
    counts[k * classes + k] = Math.max(1, counts[k * classes + k]!)
  }
  return { thresholds, counts, calibrated: calibrate(given, counts), confidentClass }
}

function thresholdsOf({ classes, labels, probabilities }: ModelLabels): Float64Array {
  const sum = new Float64Array(classes)
  const count = countLabels(labels, classes)
  for (let t = 0; t < labels.length; t++) sum[labels[t]!]! += probabilities[t * classes + labels[t]!]!
  return sum.map((total, k) =>
    count[k] === 0 ? THRESHOLD_OF_ABSENT : Math.max(LEAST_THRESHOLD, total / count[k]!),
  )
}

function confidentClasses({ classes, labels, probabilities }: ModelLabels, thresholds: Float64Array) {
  const predicted = predictedClasses(probabilities, classes)
  const confident = new Int32Array(labels.length).fill(-1)
  for (let t = 0; t < labels.length; t++) {
    let reached = 0
    for (let k = 0; k < classes; k++) {
      if (probabilities[t * classes + k]! < thresholds[k]! - THRESHOLD_SLACK) continue
      reached++
      confident[t] = reached === 1 ? k : predicted[t]!
    }
  }
  return confident
}

function calibrate({ classes, labels }: ModelLabels, counts: Int32Array): Int32Array {
  const given = countLabels(labels, classes)
  const scaled = new Float64Array(classes * classes)
  let total = 0
  for (let row = 0; row < classes; row++) {
    let sum = 0
    for (let k = 0; k < classes; k++) sum += counts[row * classes + k]!
    for (let k = 0; k < classes; k++) {
      scaled[row * classes + k] = (counts[row * classes + k]! / sum) * given[row]!
      total += scaled[row * classes + k]!
    }
  }
  const whole = scaled.map((count) => (count / Math.max(SMALLEST_SUM, total)) * labels.length)
  return roundKeepingSum(whole, classes)
}

/** How often each class was given. */
export function countLabels(labels: ArrayLike<number>, classes: number): Int32Array {
  const count = new Int32Array(classes)
  for (let t = 0; t < labels.length; t++) count[labels[t]!]!++
  return count
}
