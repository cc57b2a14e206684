import { TaggerError } from '../../errors.ts'
import type { Stretch } from '../../quality/agreement/overlap.ts'
import { type Span, spanF1 } from '../../quality/agreement/span-f1.ts'
import { type AnswerTable, answerTable, type NamedAnswer } from '../answer-table.ts'
import { type FoundSpan, tagConsensus } from './tag-consensus.ts'
import { splitTokens, tagsOfSpans, tokensOf } from './tokens.ts'

/** The crowd's spans of texts: those of each item, and what each answer is worth. */
export interface SpanConsensus {
  readonly table: AnswerTable<readonly Span[]>
  /** Spans by offsets in UTF-16 units, in the order of the text, and the probability that exactly these are right. */
  find(item: number): { spans: readonly FoundSpan[]; confidence: number }
  /** 0 to 1: the span F1 to be expected of an answer when the truth is what the other answers say. */
  quality(index: number): number
}

/**
 * The consensus of labeled spans of texts (offsets in UTF-16 units, as Label Studio has them): texts are cut into
 * tokens, spans become tags, see {@link tagConsensus}. Spans of one answer do not overlap: of overlapping ones the first
 * counts. Throws `answer-invalid` for an answer to an item whose text is not given.
 * @param texts by item.
 * @param known right spans by item, where known.
 */
export function spanConsensus(
  texts: ReadonlyMap<string, string>,
  answers: readonly NamedAnswer<readonly Span[]>[],
  known: ReadonlyMap<string, readonly Span[]> = new Map(),
): SpanConsensus {
  const table = answerTable(answers)
  const tokens = table.items.map((item, index) => {
    const text = texts.get(item)
    if (text === undefined) {
      throw new TaggerError('answer-invalid', `there is no text of item ${item}`, {
        hints: ['Pass the texts of all items that have answers.'],
      })
    }
    return splitTokens(tokensOf(text), table.answer.slice(table.start[index]!, table.start[index + 1]!))
  })
  const tagged = table.answer.map((spans, index) => ({
    item: table.items[table.item[index]!]!,
    worker: table.workers[table.worker[index]!]!,
    answer: tagsOfSpans(tokens[table.item[index]!]!, spans),
  }))
  const knownTags = new Map(
    table.items.flatMap((item, index) => {
      const spans = known.get(item)
      return spans === undefined ? [] : [[item, tagsOfSpans(tokens[index]!, spans)] as const]
    }),
  )
  const { find, quality } = tagConsensus(tagged, knownTags)
  return {
    table,
    quality,
    find: (item) => {
      const { spans, confidence } = find(item)
      return { spans: spans.map((span) => toOffsets(tokens[item]!, span)), confidence }
    },
  }
}

/** Agreement of two answers: exact-match F1 of their spans, 1 when neither has any. */
export function spanAgreement(a: readonly Span[], b: readonly Span[]): number {
  return spanF1(a, b).f1
}

function toOffsets(tokens: readonly Stretch[], span: FoundSpan): FoundSpan {
  return { ...span, start: tokens[span.start]!.start, end: tokens[span.end - 1]!.end }
}
