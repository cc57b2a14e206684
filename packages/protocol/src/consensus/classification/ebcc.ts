import { log } from '../../math/log-exp.ts'
import { imaginedLabels } from './dawid-skene.ts'
import type { Classifier, LabelTable } from './label-table.ts'
import { fitResponses, type ResponseFit, type ResponseMethod, voteShares } from './response-model.ts'
import { type DirichletPrior, evidenceBound, expectedLogs } from './variational.ts'

const GROUPS = 10
const RESTARTS = 5
/** Few groups of a class are used unless the labels call for more. */
const PRIOR_GROUP = 0.1 / GROUPS
const PRIOR_EACH = 1
const PRIOR_RIGHT = 3

/**
 * Enhanced Bayesian classifier combination (Li, Rubinstein and Cohn 2019): every class has kinds of items on which
 * workers err alike, which takes up correlated errors. Mean-field inference from five fixed random divisions of the
 * vote shares; the one with the highest evidence bound counts, the first of equals.
 */
export const ebcc: Classifier = (table, known) => fitEbcc(table, known)

/** {@link ebcc} with its workings and `evidence`, the lower bound of the log evidence. */
export function fitEbcc(
  table: LabelTable,
  known: Int32Array,
  restarts = RESTARTS,
): ResponseFit & { evidence: number } {
  const { classes } = table
  const dirichlet: DirichletPrior = { classes: classVotes(table, known), groups: PRIOR_GROUP }
  const method: ResponseMethod = {
    groups: GROUPS,
    imaginedResponses: imaginedLabels(classes, GROUPS, PRIOR_EACH, PRIOR_RIGHT),
    imaginedStates: new Float64Array(classes * GROUPS).fill(PRIOR_GROUP),
    maximize: (counts, model) => expectedLogs(counts, model, dirichlet),
    stop: { largest: 1e-3 },
    maxIterations: 500,
    accelerated: false,
  }
  let best: (ResponseFit & { evidence: number }) | undefined
  for (let restart = 0; restart < restarts; restart++) {
    const start = voteShares(table, known, GROUPS)
    divideAtRandom(start, restart)
    const fit = fitResponses(table, known, method, start)
    const evidence = evidenceBound(table, known, method, fit, dirichlet)
    if (best === undefined || evidence > best.evidence) best = { ...fit, evidence }
  }
  return best!
}

/** Items of each class by their vote shares. */
function classVotes(table: LabelTable, known: Int32Array): Float64Array {
  const votes = new Float64Array(table.classes)
  const shares = voteShares(table, known)
  for (let i = 0; i < shares.length; i++) votes[i % table.classes]! += shares[i]!
  return votes
}

/** Redistributes what each class of an item has over its groups by a flat Dirichlet draw, the same for each seed. */
function divideAtRandom(states: Float64Array, seed: number): void {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  const draw = new Float64Array(GROUPS)
  for (let first = 0; first < states.length; first += GROUPS) {
    let total = 0
    for (let m = 0; m < GROUPS; m++) {
      state = (state + 0x6d2b79f5) | 0
      draw[m] = -log((mix(state) + 0.5) / 4294967296)
      total += draw[m]!
    }
    for (let m = 0; m < GROUPS; m++) states[first + m]! *= (draw[m]! * GROUPS) / total
  }
}

/** Thirty-two well mixed bits of a counter (the finalizer of MurmurHash3). */
function mix(counter: number): number {
  let bits = counter
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
