import { TaggerError } from '../../errors.ts'

/** One given label per item beside what a model says of it, out of sample: a model must not have learned from the label it judges. */
export interface ModelLabels {
  readonly classes: number
  /** Class index per item. */
  readonly labels: ArrayLike<number>
  /** items × classes, row by row; each row sums to 1. */
  readonly probabilities: Float64Array
}

/** Throws `bad-document` where labels and probabilities do not fit together. */
export function checkModelLabels({ classes, labels, probabilities }: ModelLabels): void {
  checkProbabilities(probabilities, labels.length, classes)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!
    if (!(label >= 0 && label < classes)) throw invalid(`Label ${i} is ${label}, not below ${classes}`)
  }
}

/** Throws `bad-document` unless there is a probability per item and class, each within 0 and 1. */
export function checkProbabilities(probabilities: Float64Array, items: number, classes: number): void {
  if (classes < 2 || probabilities.length !== items * classes) {
    throw invalid(`${items} items of ${classes} classes, but ${probabilities.length} probabilities`)
  }
  for (const p of probabilities) {
    if (!(p >= 0 && p <= 1)) throw invalid(`A probability is ${p}, not within 0 and 1`)
  }
}

/** The most probable class of each item, the first of equals. */
export function predictedClasses(probabilities: Float64Array, classes: number): Int32Array {
  const predicted = new Int32Array(probabilities.length / classes)
  for (let t = 0; t < predicted.length; t++) {
    for (let k = 1; k < classes; k++) {
      if (probabilities[t * classes + k]! > probabilities[t * classes + predicted[t]!]!) predicted[t] = k
    }
  }
  return predicted
}

function invalid(message: string): TaggerError {
  return new TaggerError('bad-document', message, {
    hints: ['Pass one row of class probabilities per item, in the order of the labels.'],
  })
}
