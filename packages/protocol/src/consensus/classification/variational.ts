import { digamma, lgamma } from '../../math/gamma.ts'
import { exp } from '../../math/log-exp.ts'
import type { LabelTable } from './label-table.ts'
import {
  type ExpectedCounts,
  logEvidence,
  type ResponseFit,
  type ResponseMethod,
  type ResponseModel,
} from './response-model.ts'

/** Priors of the variational classifiers: Dirichlet parameters, which act as imagined counts. */
export interface DirichletPrior {
  /** Of each class. */
  classes: Float64Array
  /** Of each group of a class. */
  groups: number
}

/** The variational M step: tables as exp E[log P] under Dirichlet posteriors. */
export function expectedLogs(
  { responses, states }: ExpectedCounts,
  { response, prior, groups }: ResponseModel,
  dirichlet: DirichletPrior,
): void {
  const width = states.length
  const classes = width / groups
  const ofClasses = classCounts(states, groups, dirichlet)
  const allClasses = digamma(sum(ofClasses))
  for (let k = 0; k < classes; k++) {
    const logClass = digamma(ofClasses[k]!) - allClasses
    if (groups === 1) {
      prior[k] = exp(logClass)
      continue
    }
    const ofGroups = states.subarray(k * groups, (k + 1) * groups)
    const allGroups = digamma(sum(ofGroups))
    for (let m = 0; m < groups; m++) prior[k * groups + m] = exp(digamma(ofGroups[m]!) - allGroups + logClass)
  }
  for (let worker = 0; worker < responses.length; worker += classes * width) {
    for (let first = worker; first < worker + width; first++) {
      const end = worker + classes * width
      let labels = 0
      for (let at = first; at < end; at += width) labels += responses[at]!
      const all = digamma(labels)
      for (let at = first; at < end; at += width) response[at] = exp(digamma(responses[at]!) - all)
    }
  }
}

/** Evidence lower bound of a fit: log evidence under the expected logs less what the tables depart from their prior. */
export function evidenceBound(
  table: LabelTable,
  known: Int32Array,
  method: ResponseMethod,
  { counts, model }: ResponseFit,
  dirichlet: DirichletPrior,
): number {
  const { groups } = method
  const { classes, workers } = table
  const width = classes * groups
  const own: ResponseModel = { ...model, response: model.response.slice(), prior: model.prior.slice() }
  method.maximize(counts, own)
  let bound = logEvidence(table, known, own)
  const ofClasses = classCounts(counts.states, groups, dirichlet)
  bound -= departure(ofClasses, dirichlet.classes)
  for (let k = 0; k < classes && groups > 1; k++) {
    const ofGroups = counts.states.subarray(k * groups, (k + 1) * groups)
    bound -= departure(ofGroups, new Float64Array(groups).fill(dirichlet.groups))
  }
  const posterior = new Float64Array(classes)
  const prior = new Float64Array(classes)
  for (let w = 0; w < workers; w++) {
    for (let s = 0; s < width; s++) {
      for (let label = 0; label < classes; label++) {
        posterior[label] = counts.responses[(w * classes + label) * width + s]!
        prior[label] = method.imaginedResponses[label * width + s]!
      }
      bound -= departure(posterior, prior)
    }
  }
  return bound
}

/** Dirichlet parameters of the classes, from the counts of their groups. */
function classCounts(states: Float64Array, groups: number, dirichlet: DirichletPrior): Float64Array {
  const counts = dirichlet.classes.slice()
  for (let s = 0; s < states.length; s++)
    counts[(s - (s % groups)) / groups]! += states[s]! - dirichlet.groups
  return counts
}

/** Kullback–Leibler divergence of one Dirichlet distribution from another. */
function departure(from: Float64Array, prior: Float64Array): number {
  const total = sum(from)
  const atTotal = digamma(total)
  let divergence = lgamma(total) - lgamma(sum(prior))
  for (let i = 0; i < from.length; i++) {
    if (from[i] === prior[i]) continue
    divergence += lgamma(prior[i]!) - lgamma(from[i]!)
    divergence += (from[i]! - prior[i]!) * (digamma(from[i]!) - atTotal)
  }
  return divergence
}

function sum(values: Float64Array): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}
