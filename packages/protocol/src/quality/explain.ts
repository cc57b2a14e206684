import { MILLION } from '../math/fixed.ts'
import type { RecordKind } from '../records/work-record.ts'

/** Why a record scored as it did, in one sentence for the worker. Shares in millionths. */
export function explainScore(score: {
  kind: RecordKind
  /** By which rule it was scored: `reward.version` of the spec. */
  rule: 2 | undefined
  quality: number
  wasGold: boolean
  /** The result's label. */
  label: string
  /** The record's own label, null for a submission or a bare rejection. */
  answer: string | null
  /** Why reviewers rejected the item, in their words; null when it was not rejected. */
  rejection: readonly string[] | null
}): string {
  const percent = Math.floor((score.quality * 100) / MILLION + 0.5)
  if (score.kind === 'submission') {
    return score.rejection === null
      ? `Reviewers found it acceptable with ${percent} % certainty.`
      : `Reviewers rejected it${inTheirWords(score.rejection)}. It is acceptable with ${percent} % certainty.`
  }
  if (score.kind === 'review' || score.rejection === null) return explainAnswer(score, percent)
  return `${explainAnswer(score, percent)} Reviewers rejected the item${inTheirWords(score.rejection)}.`
}

type Score = Parameters<typeof explainScore>[0]

function explainAnswer(score: Score, percent: number): string {
  if (score.rule === 2) return explainLook(score, percent)
  if (score.answer === null) {
    return score.quality === MILLION
      ? 'The item was rejected, as you said.'
      : 'The item was not rejected by the others.'
  }
  if (score.wasGold) {
    return score.quality === MILLION
      ? `This item had a known answer, "${score.label}", and you gave it.`
      : `This item had a known answer, "${score.label}"; you answered "${score.answer}".`
  }
  const others = `the other answers make yours ${percent} % likely`
  return score.answer === score.label
    ? `You answered "${score.answer}", which is also the result; ${others}.`
    : `You answered "${score.answer}", the result is "${score.label}"; ${others}.`
}

/** The second rule: what the others say of this answer, and how far the worker's answers in general follow the items. */
function explainLook({ answer, label, wasGold }: Score, percent: number): string {
  const counts = 'going by the others and by how well your answers fit the items in general, it counts'
  if (answer === null) return `You rejected the item; ${counts} ${percent} %.`
  const isSame = answer === label
  const what = wasGold
    ? `This item had a known answer, "${label}"${isSame ? ', and you gave it' : `; you answered "${answer}"`}`
    : `You answered "${answer}", ${isSame ? 'which is also the result' : `the result is "${label}"`}`
  return `${what}; ${counts} ${percent} %.`
}

/** `: "blurred", "too short"`; nothing when nobody gave a reason. */
function inTheirWords(reasons: readonly string[]): string {
  const given = new Set(reasons.map((reason) => reason.trim().replace(/\.$/, '')).filter(Boolean))
  return given.size === 0 ? '' : `: ${[...given].map((reason) => `"${reason}"`).join(', ')}`
}
