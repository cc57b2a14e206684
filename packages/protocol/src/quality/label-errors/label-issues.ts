import { type ConfidentJoint, confidentJoint, countLabels } from './confident-joint.ts'
import { labelQuality, worstFirst } from './label-quality.ts'
import { checkModelLabels, type ModelLabels, predictedClasses } from './model-labels.ts'

/** Which labels are taken for errors. */
export type IssueFilter =
  /** Per pair of given and true class as many as the joint says, the clearest first. */
  | 'noise-rate'
  /** Per given class as many as the joint says, the least probable first. */
  | 'class'
  /** What both of these say. */
  | 'both'
  /** Those confidently counted as another class. */
  | 'confident'
  /** Those the model would label otherwise. */
  | 'predicted'
  /** As many as `confident` says, with the lowest margin. */
  | 'low-margin'
  /** As many as `confident` says, with the lowest probability. */
  | 'low-confidence'

/** A model this close to the given label does not contradict it. */
const PREDICTION_SLACK = 1e-6

/**
 * Given labels that are likely wrong: item indices, ascending. Northcutt, Jiang & Chuang (2021), section 3.2.
 * At least one item of every given class is kept. Throws `bad-document` where labels and probabilities do not fit.
 */
export function findLabelIssues(given: ModelLabels, filter: IssueFilter = 'noise-rate'): number[] {
  checkModelLabels(given)
  const joint = confidentJoint(given)
  const isIssue = FILTERS[filter](given, joint)
  if (filter !== 'low-margin' && filter !== 'low-confidence') {
    const predicted = predictedClasses(given.probabilities, given.classes)
    for (let t = 0; t < isIssue.length; t++) if (predicted[t] === given.labels[t]) isIssue[t] = 0
  }
  return Array.from(isIssue, (flag, index) => (flag === 1 ? index : -1)).filter((index) => index >= 0)
}

type Flags = Uint8Array
type Filter = (given: ModelLabels, joint: ConfidentJoint) => Flags

const FILTERS: Record<IssueFilter, Filter> = {
  'noise-rate': byNoiseRate,
  class: byClass,
  both: (given, joint) => {
    const [one, other] = [byNoiseRate(given, joint), byClass(given, joint)]
    return one.map((flag, t) => flag & other[t]!)
  },
  confident: ({ labels }, { confidentClass }) =>
    flagsOf(labels.length, (t) => confidentClass[t]! >= 0 && confidentClass[t] !== labels[t]),
  predicted: ({ labels }) => flagsOf(labels.length, () => true),
  'low-margin': (given, joint) => lowest(labelQuality(given, 'normalized-margin'), countIssues(given, joint)),
  'low-confidence': (given, joint) =>
    lowest(labelQuality(given, 'self-confidence'), countIssues(given, joint)),
}

/** How many labels are confidently counted as another class and contradicted by the model. */
function countIssues({ classes, labels, probabilities }: ModelLabels, { confidentClass }: ConfidentJoint) {
  const favored = probabilities.slice()
  for (let t = 0; t < labels.length; t++) favored[t * classes + labels[t]!]! += PREDICTION_SLACK
  const predicted = predictedClasses(favored, classes)
  let count = 0
  for (let t = 0; t < labels.length; t++) {
    if (confidentClass[t]! >= 0 && confidentClass[t] !== labels[t] && predicted[t] !== labels[t]) count++
  }
  return count
}

/** For each given class and other class: as many items as the joint counts there, most clearly of the other class. */
function byNoiseRate(given: ModelLabels, joint: ConfidentJoint): Flags {
  const { classes, labels, probabilities } = given
  const prune = pruneCounts(classes, joint)
  const flags = new Uint8Array(labels.length)
  for (let from = 0; from < classes; from++) {
    const items = itemsOf(labels, from)
    if (items.length <= 1) continue
    for (let to = 0; to < classes; to++) {
      const count = prune[to * classes + from]!
      if (to === from || count <= 0) continue
      const margin = Float64Array.from(
        items,
        (t) => probabilities[t * classes + from]! - probabilities[t * classes + to]!,
      )
      for (const index of worstFirst(margin).slice(0, count)) flags[items[index]!] = 1
    }
  }
  return flags
}

/** For each given class: all but as many as the joint counts as right, the least probable first. */
function byClass(given: ModelLabels, joint: ConfidentJoint): Flags {
  const { classes, labels, probabilities } = given
  const prune = pruneCounts(classes, joint)
  const flags = new Uint8Array(labels.length)
  for (let k = 0; k < classes; k++) {
    const items = itemsOf(labels, k)
    if (items.length <= 1) continue
    const count = Math.max(0, items.length - prune[k * classes + k]!)
    const own = Float64Array.from(items, (t) => probabilities[t * classes + k]!)
    for (const index of worstFirst(own).slice(0, count)) flags[items[index]!] = 1
  }
  return flags
}

/**
 * The calibrated joint, true class × given class, with at least one right item of each given class: what the diagonal
 * lacks is taken evenly from the column's other counts.
 */
function pruneCounts(classes: number, { calibrated }: ConfidentJoint): Int32Array {
  const pruned = new Int32Array(classes * classes)
  for (let from = 0; from < classes; from++) {
    const own = calibrated[from * classes + from]!
    const added = Math.max(own, 1) - own
    let others = -1
    for (let to = 0; to < classes; to++) if (calibrated[from * classes + to] !== 0) others++
    const taken = added / Math.max(others, 1)
    for (let to = 0; to < classes; to++) {
      const left = to === from ? own + added : calibrated[from * classes + to]! - taken
      pruned[to * classes + from] = Math.floor(Math.max(0, left))
    }
  }
  return pruned
}

function itemsOf(labels: ArrayLike<number>, label: number): number[] {
  const items: number[] = []
  for (let t = 0; t < labels.length; t++) if (labels[t] === label) items.push(t)
  return items
}

function lowest(quality: Float64Array, count: number): Flags {
  const flags = new Uint8Array(quality.length)
  for (const index of worstFirst(quality).slice(0, count)) flags[index] = 1
  return flags
}

function flagsOf(length: number, isFlagged: (index: number) => boolean): Flags {
  return Uint8Array.from({ length }, (_, index) => (isFlagged(index) ? 1 : 0))
}

/** Estimated shares of the data by given class × true class, row by row; sums to 1. Off the diagonal: label noise. */
export function noiseJoint(given: ModelLabels): Float64Array {
  checkModelLabels(given)
  const { calibrated } = confidentJoint(given)
  const counted = countLabels(given.labels, given.classes).reduce((sum, count) => sum + count, 0)
  return Float64Array.from(calibrated, (count) => count / Math.max(1, counted))
}
