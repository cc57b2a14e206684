import { exp, log } from '../math/log-exp.ts'
import type { Classifier } from './classification.ts'
import type { Votes } from './votes.ts'

const MAX_ITERATIONS = 200
const TOLERANCE = 1e-6
/** Imagined items per class: keeps a class of few items possible. */
const PRIOR_ITEMS = 1
/**
 * Imagined votes per row of a worker's matrix: one that is right, and one spread over all labels. A worker of few
 * answers is thought a little better than chance and never certain, however many labels there are.
 */
const PRIOR_RIGHT = 1
const PRIOR_SPREAD = 1

/**
 * Dawid and Skene (1979), maximum a posteriori: every worker has a confusion matrix with a Dirichlet prior per
 * row (one imagined vote for the truth, one spread over the labels), classes have one imagined item each; EM from the
 * vote shares. Known items keep their label.
 * Stops when no probability moves by 1e-6 (never because a loss fell), or after 200 iterations.
 */
export const dawidSkene: Classifier = (votes, known) => {
  const width = votes.labels.length
  const posterior = initialPosterior(votes, known)
  const logConfusion = new Float64Array(votes.workers.length * width * width)
  const logPrior = new Float64Array(width)
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    fitWorkers(votes, posterior, logConfusion)
    fitPrior(votes, posterior, logPrior)
    if (updatePosterior(votes, known, logPrior, logConfusion, posterior) < TOLERANCE) break
  }
  return {
    posterior,
    withoutVote(index) {
      const row = new Float64Array(width)
      sumEvidence(votes, logPrior, logConfusion, votes.votes[index]!.item, index, row)
      normalizeLogs(row)
      return row
    },
  }
}

function initialPosterior({ labels, items, votes, start }: Votes, known: Int32Array): Float64Array {
  const width = labels.length
  const posterior = new Float64Array(items.length * width)
  for (const { item, label } of votes)
    posterior[item * width + label]! += 1 / (start[item + 1]! - start[item]!)
  for (let item = 0; item < items.length; item++) {
    if (known[item]! >= 0) setKnown(posterior, item, width, known[item]!)
    else if (start[item] === start[item + 1]) posterior.fill(1 / width, item * width, (item + 1) * width)
  }
  return posterior
}

/** M step, workers: log P(vote | truth) from expected counts. */
function fitWorkers(
  { labels, votes, workers }: Votes,
  posterior: Float64Array,
  logConfusion: Float64Array,
): void {
  const width = labels.length
  logConfusion.fill(PRIOR_SPREAD / width)
  for (let worker = 0; worker < workers.length; worker++) {
    for (let truth = 0; truth < width; truth++)
      logConfusion[(worker * width + truth) * width + truth]! += PRIOR_RIGHT
  }
  for (const { item, worker, label } of votes) {
    for (let truth = 0; truth < width; truth++) {
      logConfusion[(worker * width + truth) * width + label]! += posterior[item * width + truth]!
    }
  }
  for (let row = 0; row < workers.length * width; row++) {
    let total = 0
    for (let label = 0; label < width; label++) total += logConfusion[row * width + label]!
    for (let label = 0; label < width; label++) {
      logConfusion[row * width + label] = log(logConfusion[row * width + label]! / total)
    }
  }
}

/** M step, class prior. */
function fitPrior({ labels, items }: Votes, posterior: Float64Array, logPrior: Float64Array): void {
  const width = labels.length
  logPrior.fill(PRIOR_ITEMS)
  for (let item = 0; item < items.length; item++) {
    for (let label = 0; label < width; label++) logPrior[label]! += posterior[item * width + label]!
  }
  const total = items.length + PRIOR_ITEMS * width
  for (let label = 0; label < width; label++) logPrior[label] = log(logPrior[label]! / total)
}

/** E step; returns the largest change of any probability. */
function updatePosterior(
  votes: Votes,
  known: Int32Array,
  logPrior: Float64Array,
  logConfusion: Float64Array,
  posterior: Float64Array,
): number {
  const width = votes.labels.length
  const row = new Float64Array(width)
  let largest = 0
  for (let item = 0; item < votes.items.length; item++) {
    if (known[item]! >= 0) continue
    sumEvidence(votes, logPrior, logConfusion, item, -1, row)
    normalizeLogs(row)
    for (let label = 0; label < width; label++) {
      largest = Math.max(largest, Math.abs(row[label]! - posterior[item * width + label]!))
      posterior[item * width + label] = row[label]!
    }
  }
  return largest
}

/** log prior + log likelihood of every vote of an item but `leaveOut`, per possible truth, into `row`. */
function sumEvidence(
  { labels, votes, start }: Votes,
  logPrior: Float64Array,
  logConfusion: Float64Array,
  item: number,
  leaveOut: number,
  row: Float64Array,
): void {
  const width = labels.length
  row.set(logPrior)
  for (let index = start[item]!; index < start[item + 1]!; index++) {
    if (index === leaveOut) continue
    const { worker, label } = votes[index]!
    for (let truth = 0; truth < width; truth++) {
      row[truth]! += logConfusion[(worker * width + truth) * width + label]!
    }
  }
}

function normalizeLogs(row: Float64Array): void {
  let largest = row[0]!
  for (const value of row) largest = Math.max(largest, value)
  let total = 0
  for (let i = 0; i < row.length; i++) {
    row[i] = exp(row[i]! - largest)
    total += row[i]!
  }
  for (let i = 0; i < row.length; i++) row[i]! /= total
}

function setKnown(posterior: Float64Array, item: number, width: number, label: number): void {
  posterior.fill(0, item * width, (item + 1) * width)
  posterior[item * width + label] = 1
}
