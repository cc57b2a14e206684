import type { Classification, LabelTable } from './label-table.ts'

/** What all labels of a table but one say of that one: columns, one row per label. */
export interface Others {
  /** How probable they make its class. */
  readonly support: Float64Array
  /** How little they agree among each other, see {@link disagreementOf}. */
  readonly disagreement: Float64Array
}

/** Works it out for every label. */
export function othersOf(
  { label, classes }: LabelTable,
  { withoutLabel }: Pick<Classification, 'withoutLabel'>,
): Others {
  const support = new Float64Array(label.length)
  const disagreement = new Float64Array(label.length)
  const lent = new Float64Array(classes)
  for (let i = 0; i < label.length; i++) {
    const row = withoutLabel(i, lent)
    support[i] = row[label[i]!]!
    disagreement[i] = disagreementOf(row)
  }
  return { support, disagreement }
}

/** 1 − Σp², scaled so that all labels equally likely give 1. */
export function disagreementOf(probabilities: Float64Array): number {
  let squares = 0
  for (let k = 0; k < probabilities.length; k++) squares += probabilities[k]! * probabilities[k]!
  const scaled = (1 - squares) / (1 - 1 / probabilities.length)
  return Math.min(1, Math.max(0, scaled))
}
