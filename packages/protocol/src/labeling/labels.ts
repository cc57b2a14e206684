import { TaggerError } from '../errors.ts'
import type { Answer, SettledRecord } from '../records/work-record.ts'
import type { Spec } from '../spec/spec.ts'
import { parseLabelingConfig } from './config.ts'

/** The question reviewers of a collect campaign answer about each submission. */
export const ACCEPTANCE = { name: 'acceptance', labels: ['accept', 'reject'] } as const

interface AskedQuestion {
  name: string
  labels: readonly string[]
}

const questions = new WeakMap<Spec, AskedQuestion>()

/** Name of a campaign's question and its labels in config order. The config of a spec is read once. */
export function questionOf(spec: Spec): AskedQuestion {
  if (spec.kind === 'collect') return ACCEPTANCE
  const known = questions.get(spec)
  if (known !== undefined) return known
  const { question } = parseLabelingConfig(spec.labelingConfig)
  const asked = { name: question.name, labels: question.choices.map((choice) => choice.value) }
  questions.set(spec, asked)
  return asked
}

/** The labels of a campaign in config order. */
export function labelsOf(spec: Spec): readonly string[] {
  return questionOf(spec).labels
}

/** An answer to a campaign's question. */
export function answerOf(spec: Spec, label: string): Answer {
  return { [questionOf(spec).name]: [label] }
}

/**
 * Reads labels off the records of one campaign.
 * A submission answers nothing. A rejection votes for `reject` in a collect campaign and for nothing elsewhere.
 */
export function labelReader(spec: Spec): (record: SettledRecord) => string | null {
  const { name } = questionOf(spec)
  const isCollect = spec.kind === 'collect'
  return (record) => {
    if (record.kind === 'submission') return null
    if (record.kind === 'review' && isCollect) return record.body.verdict === 'reject' ? 'reject' : 'accept'
    return record.body.answer?.[name]?.[0] ?? null
  }
}

/** The label one record votes for; see {@link labelReader} for many. */
export function labelOf(record: SettledRecord, spec: Spec): string | null {
  return labelReader(spec)(record)
}

/**
 * Checks record bodies of one campaign against its question: kind, question name, exactly one known label.
 * The returned function throws `answer-invalid`.
 */
export function bodyChecker(spec: Spec): (record: SettledRecord) => void {
  const { name, labels } = questionOf(spec)
  const isCollect = spec.kind === 'collect'
  const checkAnswer = (answer: Answer, seq: number) => {
    const keys = Object.keys(answer)
    const chosen = answer[name]
    if (keys.length !== 1 || chosen === undefined || chosen.length !== 1 || !labels.includes(chosen[0]!)) {
      throw new TaggerError(
        'answer-invalid',
        `Record ${seq} does not answer "${name}" with one of its labels`,
        {
          data: { seq, question: name, labels },
        },
      )
    }
  }
  const refuse = (seq: number, message: string): never => {
    throw new TaggerError('answer-invalid', `Record ${seq}: ${message}`, { data: { seq } })
  }
  return ({ kind, body, seq }) => {
    if (kind === 'submission') {
      if (!isCollect) refuse(seq, 'an annotate campaign takes no submissions')
    } else if (kind === 'annotation') {
      if (isCollect) refuse(seq, 'a collect campaign takes no annotations')
      checkAnswer(body.answer, seq)
    } else if (body.verdict === 'reject') {
      if (body.answer !== null) refuse(seq, 'a rejection carries no answer')
      if (body.reason.trim() === '') refuse(seq, 'a rejection needs a reason')
    } else if (isCollect) {
      if (body.verdict !== 'accept' || body.answer !== null)
        refuse(seq, 'a submission is accepted or rejected')
    } else if (body.answer === null) {
      refuse(seq, 'an accepted or fixed answer must be given')
    } else {
      checkAnswer(body.answer, seq)
    }
  }
}

/** Checks one body; see {@link bodyChecker} for many. */
export function checkBody(record: SettledRecord, spec: Spec): void {
  bodyChecker(spec)(record)
}
