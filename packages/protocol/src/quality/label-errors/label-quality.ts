import { log } from '../../math/log-exp.ts'
import type { ModelLabels } from './model-labels.ts'

const LEAST = 1e-6

/** How a given label is rated from 0 to 1, higher is better. */
export type QualityMeasure =
  /** The model's probability of the label. */
  | 'self-confidence'
  /** How far the label is ahead of the best other one, from 0 (certainly another) over ½ to 1. */
  | 'normalized-margin'
  /** Doubt of the model per probability of the label, turned around. */
  | 'confidence-weighted-entropy'

/** Quality of each given label under the model's probabilities: Northcutt et al. (2021), Kuan & Mueller (2022). */
export function labelQuality(given: ModelLabels, measure: QualityMeasure): Float64Array {
  const rate = MEASURES[measure]
  const { classes, labels, probabilities } = given
  const quality = new Float64Array(labels.length)
  for (let t = 0; t < labels.length; t++) {
    quality[t] = rate(probabilities.subarray(t * classes, (t + 1) * classes), labels[t]!)
  }
  return quality
}

/** Item indices from the worst label to the best; equals in the order given. */
export function worstFirst(quality: Float64Array): number[] {
  return Array.from(quality, (_, index) => index).sort((a, b) => quality[a]! - quality[b]! || a - b)
}

const MEASURES: Record<QualityMeasure, (row: Float64Array, label: number) => number> = {
  'self-confidence': (row, label) => row[label]!,
  'normalized-margin': (row, label) => {
    let best = 0
    for (let k = 0; k < row.length; k++) if (k !== label) best = Math.max(best, row[k]!)
    return (row[label]! - best + 1) / 2
  },
  'confidence-weighted-entropy': (row, label) => {
    const doubt = normalizedEntropy(row) / Math.max(LEAST, row[label]!)
    // log(1 + x) / x tends to 1; below the least doubt it is the reference's quotient.
    return log(doubt + 1) / Math.max(LEAST, doubt)
  },
}

function normalizedEntropy(row: Float64Array): number {
  let entropy = 0
  for (const p of row) if (p > 0) entropy -= p * log(p)
  return entropy / log(row.length)
}
