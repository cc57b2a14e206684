import type { Hex } from '../bytes/hex.ts'
import type { Others } from '../consensus/classification/others.ts'
import type { Fit } from '../consensus/fit.ts'
import type { Votes } from '../consensus/votes.ts'
import { MILLION, quantize } from '../math/fixed.ts'
import type { SettledRecord } from '../records/work-record.ts'
import type { Result } from '../settlement/result.ts'
import type { Spec } from '../spec/spec.ts'
import { qualityRule, type Statements, statementsOf } from './looking.ts'

/** Quality and difficulty of one record, in millionths. */
export interface RecordQuality {
  record: SettledRecord
  quality: number
  difficulty: number
}

/**
 * Scores every counting record of the given items, by the rule the spec's reward names.
 * Difficulty is the disagreement of the other votes, 1 − Σp², scaled to the spec's range. Quality of a record that names
 * a label is by the first rule its probability under everything but the record itself (the known answer, where the item
 * is gold), by the second how likely it came from looking at the item ({@link qualityRule}).
 * A submission is as good as it is likely to be acceptable.
 */
export function scoreRecords(spec: Spec, fit: Fit, results: ReadonlyMap<Hex, Result>): RecordQuality[] {
  const others = fit.others()
  const ruleOf = spec.reward.version === 2 ? lookedQualities : supportedQualities
  const qualityOf = ruleOf(fit, others, results)
  const { difficulty } = spec.reward
  const scored: RecordQuality[] = []
  fit.counting.forEach((record, i) => {
    const result = results.get(record.item)
    if (result === undefined) return
    const vote = fit.votes.labelOf[i]!
    const quality =
      record.kind === 'submission'
        ? result.distribution[fit.votes.labels.indexOf('accept')]!
        : qualityOf(i, result)
    scored.push({
      record,
      quality,
      difficulty: vote < 0 ? difficulty.min : difficultyOf(difficulty, fit.votes, others, vote),
    })
  })
  return scored
}

/** The quality of counting record `i` (no submission) of an item with this result, in millionths. */
type QualityRule = (i: number, result: Result) => number

/** The first rule: what all else says of the label; a rejection without one is right when the item is rejected. */
function supportedQualities(fit: Fit, { support }: Others): QualityRule {
  const { table, labelOf } = fit.votes
  return (i, result) => {
    const vote = labelOf[i]!
    if (vote < 0) return result.status === 'rejected' ? MILLION : 0
    const known = fit.known[table.item[vote]!]!
    const label = table.label[vote]!
    if (known >= 0) return known === label ? MILLION : 0
    return quantize(support[vote]!)
  }
}

/**
 * The second rule. A rejection without a label says that the result is wrong: it is as likely as the result is not, and
 * as habitual as the worker's reviews of the batch are rejections.
 */
function lookedQualities(fit: Fit, { support }: Others, results: ReadonlyMap<Hex, Result>): QualityRule {
  const { counting, votes } = fit
  const labels = statementsOf(votes.table, fit.known, support)
  const rejections = counting.flatMap((record, i) =>
    record.kind === 'review' && votes.labelOf[i]! < 0 && results.has(record.item) ? [i] : [],
  )
  const placeOf = new Map(rejections.map((i, place) => [i, labels.worker.length + place]))
  const qualityOf = qualityRule(
    rejections.length === 0 ? labels : withRejections(labels, fit, results, rejections),
  )
  return (i) => quantize(qualityOf(votes.labelOf[i]! < 0 ? placeOf.get(i)! : votes.labelOf[i]!))
}

function withRejections(
  { workers, worker, others, habit }: Statements,
  { counting, votes }: Fit,
  results: ReadonlyMap<Hex, Result>,
  rejections: readonly number[],
): Statements {
  const reviews = new Map<string, { all: number; rejected: number }>()
  counting.forEach(({ kind, account }, i) => {
    if (kind !== 'review') return
    const { all, rejected } = reviews.get(account) ?? { all: 0, rejected: 0 }
    reviews.set(account, { all: all + 1, rejected: rejected + (votes.labelOf[i]! < 0 ? 1 : 0) })
  })
  const index = new Map(votes.workers.map((account, w) => [account, w]))
  const rows = rejections.map((i) => {
    const { account, item } = counting[i]!
    const { all, rejected } = reviews.get(account)!
    const habit = (rejected + 1) / (all + 2)
    const at = votes.itemOf[i]!
    const isAlone = votes.table.start[at] === votes.table.start[at + 1]
    const others = isAlone ? habit : (MILLION - results.get(item)!.confidence) / MILLION
    return { worker: index.get(account)!, others, habit }
  })
  return {
    workers,
    worker: Int32Array.from([...worker, ...rows.map((row) => row.worker)]),
    others: Float64Array.from([...others, ...rows.map((row) => row.others)]),
    habit: Float64Array.from([...habit, ...rows.map((row) => row.habit)]),
  }
}

function difficultyOf(
  { min, max }: Spec['reward']['difficulty'],
  { table }: Votes,
  others: Others,
  vote: number,
): number {
  const item = table.item[vote]!
  // Nobody else answered: nothing shows that the item is hard.
  if (table.start[item + 1]! - table.start[item]! < 2) return min
  const disagreement = quantize(others.disagreement[vote]!)
  return min + Math.floor(((max - min) * disagreement) / MILLION)
}
