import { imaginedLabels } from './dawid-skene.ts'
import type { Classifier, LabelTable } from './label-table.ts'
import { fitResponses, type ResponseFit, type ResponseMethod, voteShares } from './response-model.ts'
import { type DirichletPrior, evidenceBound, expectedLogs } from './variational.ts'

const PRIOR_ITEMS = 1
/** Dirichlet parameters of a worker's row: 1 per label, 4 for the true one. */
const PRIOR_EACH = 1
const PRIOR_RIGHT = 3

/**
 * Independent Bayesian classifier combination (Kim and Ghahramani 2012), by mean-field variational inference from the
 * vote shares: Dawid–Skene with distributions of the workers' tables instead of points, so that who answered little
 * counts little.
 */
export const ibcc: Classifier = (table, known) => fitIbcc(table, known)

/** {@link ibcc} with its workings and `evidence`, the lower bound of the log evidence. */
export function fitIbcc(table: LabelTable, known: Int32Array): ResponseFit & { evidence: number } {
  const { classes } = table
  const dirichlet: DirichletPrior = { classes: new Float64Array(classes).fill(PRIOR_ITEMS), groups: 0 }
  const method: ResponseMethod = {
    groups: 1,
    imaginedResponses: imaginedLabels(classes, 1, PRIOR_EACH, PRIOR_RIGHT),
    imaginedStates: new Float64Array(classes),
    maximize: (counts, model) => expectedLogs(counts, model, dirichlet),
    stop: { largest: 1e-3 },
    maxIterations: 500,
    accelerated: false,
  }
  const fit = fitResponses(table, known, method, voteShares(table, known))
  return { ...fit, evidence: evidenceBound(table, known, method, fit, dirichlet) }
}
