import type { Hex } from '../bytes/hex.ts'
import type { Fit } from '../consensus/fit.ts'
import { MILLION, quantize } from '../math/fixed.ts'
import type { SettledRecord } from '../records/work-record.ts'
import type { Result } from '../settlement/result.ts'
import type { Spec } from '../spec/spec.ts'

/** Quality and difficulty of one record, in millionths. */
export interface RecordQuality {
  record: SettledRecord
  quality: number
  difficulty: number
}

/**
 * Scores every counting record of the given items.
 * Quality is the probability of the record's label under everything but the record itself (the known answer, where
 * the item is gold); difficulty is the disagreement of the other votes, 1 − Σp², scaled to the spec's range.
 * A submission is as good as it is likely to be acceptable; a rejection without a label as the item is rejected.
 */
export function scoreRecords(spec: Spec, fit: Fit, results: ReadonlyMap<Hex, Result>): RecordQuality[] {
  const scored: RecordQuality[] = []
  fit.counting.forEach((record, i) => {
    const result = results.get(record.item)
    if (result === undefined) return
    const vote = fit.votes.labelOf[i]!
    scored.push(
      vote < 0
        ? { record, quality: qualityWithoutVote(record, result, fit), difficulty: spec.reward.difficulty.min }
        : { record, ...scoreVote(spec, fit, vote) },
    )
  })
  return scored
}

function scoreVote(spec: Spec, fit: Fit, index: number): { quality: number; difficulty: number } {
  const { table } = fit.votes
  const item = table.item[index]!
  const label = table.label[index]!
  const others = fit.classification.withoutLabel(index)
  const known = fit.known[item]!
  const quality = known >= 0 ? (known === label ? MILLION : 0) : quantize(others[label]!)
  const voteCount = table.start[item + 1]! - table.start[item]!
  const { min, max } = spec.reward.difficulty
  // Nobody else answered: nothing shows that the item is hard.
  if (voteCount < 2) return { quality, difficulty: min }
  const disagreement = quantize(disagreementOf(others))
  return { quality, difficulty: min + Math.floor(((max - min) * disagreement) / MILLION) }
}

/** 1 − Σp², scaled so that all labels equally likely give 1. */
function disagreementOf(probabilities: Float64Array): number {
  let squares = 0
  for (const p of probabilities) squares += p * p
  const scaled = (1 - squares) / (1 - 1 / probabilities.length)
  return Math.min(1, Math.max(0, scaled))
}

function qualityWithoutVote(record: SettledRecord, result: Result, fit: Fit): number {
  if (record.kind === 'submission') return result.distribution[fit.votes.labels.indexOf('accept')]!
  return result.status === 'rejected' ? MILLION : 0
}
