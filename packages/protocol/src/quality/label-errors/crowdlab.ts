import type { LabelTable } from '../../consensus/classification/label-table.ts'
import { TaggerError } from '../../errors.ts'
import { majorityWithModel } from './majority-with-model.ts'
import { checkProbabilities, predictedClasses } from './model-labels.ts'

/** A weight or an error this small is as good as none; keeps quotients finite. */
const LEAST = 1e-6

/** The consensus of workers and a model, and how far each can be trusted. Probabilities and shares from 0 to 1. */
export interface Crowdlab {
  /** Consensus class per item; −1 where nobody labeled it. */
  readonly consensus: Int32Array
  /** Probability of the consensus per item; 0 where nobody labeled it. */
  readonly consensusQuality: Float64Array
  /** Share of the item's labels that equal the consensus; 0 where nobody labeled it. */
  readonly agreement: Float64Array
  /** Class probabilities, items × classes row by row. */
  readonly posterior: Float64Array
  /** Probability of each label of the table. */
  readonly labelQuality: Float64Array
  /** Quality of each worker; null for one who gave no label, or none that another labeled too. */
  readonly workerQuality: readonly (number | null)[]
  /** Weight of a worker's vote beside the model's. */
  readonly workerWeight: Float64Array
  readonly modelWeight: number
}

/**
 * Consensus of several workers with a model (CROWDLAB: Goh, Tkachenko & Mueller 2022): every label and the model's
 * probabilities vote, weighted by how much better than always naming the commonest class they are. First around the
 * majority (ties by the model, then the rarer class, then the more agreeing workers, then the lower class index), then
 * around the classes that came out best. `probabilities` (items × classes, row by row) must be out of sample.
 * Throws `bad-document` on a misfit, and where no item has two labels: then nothing tells how far workers agree.
 */
export function crowdlab(table: LabelTable, probabilities: Float64Array): Crowdlab {
  checkProbabilities(probabilities, table.items, table.classes)
  if (!hasSharedItem(table)) {
    throw new TaggerError('bad-document', 'No item has labels of two workers', {
      hints: ['Have some items labeled twice, or use findLabelIssues on the single labels.'],
    })
  }
  const predicted = predictedClasses(probabilities, table.classes)
  const votes = countVotes(table)
  const first = majorityWithModel(table, votes, probabilities)
  const around = weigh(table, votes, first, probabilities, predicted)
  const consensus = bestClasses(table, around.posterior, first)
  return describe(table, consensus, weigh(table, votes, consensus, probabilities, predicted))
}

interface Weighted {
  posterior: Float64Array
  agreement: Float64Array
  workerWeight: Float64Array
  modelWeight: number
  meanLabels: number
}

function weigh(
  table: LabelTable,
  votes: Int32Array,
  consensus: Int32Array,
  probabilities: Float64Array,
  predicted: Int32Array,
): Weighted {
  const { items, classes, worker, label, start } = table
  const agreement = new Float64Array(items)
  const named = new Int32Array(classes)
  let [shared, agreed, labeled, modelErrors] = [0, 0, 0, 0]
  for (let t = 0; t < items; t++) {
    const count = start[t + 1]! - start[t]!
    if (count === 0) continue
    labeled++
    agreement[t] = votes[t * classes + consensus[t]!]! / count
    if (count === 1) continue
    shared++
    agreed += agreement[t]!
    named[consensus[t]!]!++
    if (predicted[t] !== consensus[t]) modelErrors++
  }
  const likelihood = agreed / shared
  const otherwise = (1 - likelihood) / (classes - 1)
  // The error of who always names the commonest class: the zero of every weight.
  const baseline = Math.max(LEAST, (shared - named.reduce((a, b) => Math.max(a, b), 0)) / shared)
  const meanLabels = label.length / labeled
  const workerWeight = agreementWithOthers(table, votes).map((share) =>
    Math.max(LEAST, 1 - (1 - share) / baseline),
  )
  const modelWeight = Math.max(LEAST, 1 - modelErrors / shared / baseline) * Math.sqrt(meanLabels)

  const posterior = new Float64Array(items * classes)
  for (let t = 0; t < items; t++) {
    let total = modelWeight
    for (let i = start[t]!; i < start[t + 1]!; i++) total += workerWeight[worker[i]!]!
    for (let k = 0; k < classes; k++) {
      let sum = probabilities[t * classes + k]! * modelWeight
      for (let i = start[t]!; i < start[t + 1]!; i++) {
        sum += workerWeight[worker[i]!]! * (label[i] === k ? likelihood : otherwise)
      }
      posterior[t * classes + k] = sum / total
    }
  }
  return { posterior, agreement, workerWeight, modelWeight, meanLabels }
}

function describe(table: LabelTable, consensus: Int32Array, weighted: Weighted): Crowdlab {
  const { classes, workers, item, worker, label, start } = table
  const { posterior, agreement, workerWeight, modelWeight, meanLabels } = weighted
  const labelQuality = Float64Array.from(label, (k, i) => posterior[item[i]! * classes + k]!)
  const [count, quality, shared, right] = Array.from({ length: 4 }, () => new Float64Array(workers)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < label.length; i++) {
    const [who, t] = [worker[i]!, item[i]!]
    count[who]!++
    quality[who]! += labelQuality[i]!
    if (start[t + 1]! - start[t]! === 1) continue
    shared[who]!++
    if (label[i] === consensus[t]) right[who]!++
  }
  let weights = 0
  for (const weight of workerWeight) weights += weight
  const modelShare = modelWeight / (modelWeight + (weights * meanLabels) / workers)
  return {
    consensus,
    consensusQuality: Float64Array.from(consensus, (k, t) => (k < 0 ? 0 : posterior[t * classes + k]!)),
    agreement,
    posterior,
    labelQuality,
    workerQuality: Array.from(count, (labels, who) =>
      labels === 0 || shared[who] === 0
        ? null
        : (modelShare * quality[who]!) / labels + ((1 - modelShare) * right[who]!) / shared[who]!,
    ),
    workerWeight,
    modelWeight,
  }
}

/** Share of a worker's pairs that agree; the mean of the others where a worker has none. */
function agreementWithOthers(
  { workers, classes, item, worker, label, start }: LabelTable,
  votes: Int32Array,
) {
  const agreeing = new Float64Array(workers)
  const pairs = new Float64Array(workers)
  for (let i = 0; i < label.length; i++) {
    const t = item[i]!
    agreeing[worker[i]!]! += votes[t * classes + label[i]!]! - 1
    pairs[worker[i]!]! += start[t + 1]! - start[t]! - 1
  }
  let [sum, known] = [0, 0]
  const share = agreeing.map((count, who) => count / Math.max(1, pairs[who]!))
  for (let who = 0; who < workers; who++) {
    if (pairs[who] === 0) continue
    sum += share[who]!
    known++
  }
  return share.map((value, who) => (pairs[who] === 0 ? sum / known : value))
}

function bestClasses({ items, classes, start }: LabelTable, posterior: Float64Array, first: Int32Array) {
  const best = first.slice()
  for (let t = 0; t < items; t++) {
    if (start[t] === start[t + 1]) continue
    const row = posterior.subarray(t * classes, (t + 1) * classes)
    const top = row.reduce((a, b) => Math.max(a, b), 0)
    const firstTop = row.indexOf(top)
    if (row.indexOf(top, firstTop + 1) < 0) best[t] = firstTop
  }
  return best
}

function countVotes({ items, classes, item, label }: LabelTable): Int32Array {
  const votes = new Int32Array(items * classes)
  for (let i = 0; i < label.length; i++) votes[item[i]! * classes + label[i]!]!++
  return votes
}

function hasSharedItem({ items, start }: LabelTable): boolean {
  for (let t = 0; t < items; t++) if (start[t + 1]! - start[t]! >= 2) return true
  return false
}
