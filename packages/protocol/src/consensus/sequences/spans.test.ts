import { describe, expect, test } from 'vitest'
import { seededRandom, shuffled } from '../../../test/seeded.ts'
import type { NamedAnswer } from '../answer-table.ts'
import { type RelatedSpans, type Relation, relationAgreement, relationConsensus } from './relations.ts'
import { spanAgreement, spanConsensus } from './span-consensus.ts'
import { spansOfTags } from './tags.ts'
import { splitTokens, tagsOfSpans, tokensOf } from './tokens.ts'

const TEXT = "Ann O'Neill of Acme-West met 王小明 (28) in Rome."
const span = (part: string, label: string, from = 0) => {
  const start = TEXT.indexOf(part, from)
  return { start, end: start + part.length, label }
}

describe('tokens', () => {
  test('words, signs and characters of scripts without spaces', () => {
    const parts = tokensOf(TEXT).map(({ start, end }) => TEXT.slice(start, end))
    expect(parts).toEqual("Ann|O'Neill|of|Acme|-|West|met|王|小|明|(|28|)|in|Rome|.".split('|'))
  })

  test('spans and tags give each other back; offsets inside a token are widened', () => {
    const tokens = tokensOf(TEXT)
    const spans = [span("Ann O'Neill", 'person'), span('Acme-West', 'firm'), span('王小明', 'person')]
    const back = spansOfTags(tagsOfSpans(tokens, spans)).map(({ start, end, label }) => ({
      start: tokens[start]!.start,
      end: tokens[end - 1]!.end,
      label,
    }))
    expect(back).toEqual(spans)
    expect(tagsOfSpans(tokens, [span('ome', 'place')]).at(-2)).toBe('B-place')
  })

  test('of overlapping spans the first counts; empty, reversed and far ones do nothing', () => {
    const tokens = tokensOf('a b c d')
    const at = (start: number, end: number, label: string) => ({ start, end, label })
    expect(tagsOfSpans(tokens, [at(2, 7, 'y'), at(0, 3, 'x')])).toEqual(['B-x', 'I-x', 'O', 'O'])
    expect(
      tagsOfSpans(tokens, [at(1, 1, 'x'), at(5, 2, 'x'), at(90, 99, 'x'), at(NaN, 3, 'x'), at(1, 2, 'x')]),
    ).toEqual(['O', 'O', 'O', 'O'])
  })

  test('a token is split where two workers agree to', () => {
    const tokens = tokensOf('unhappy dog')
    const answers = [[{ start: 0, end: 2, label: 'x' }], [{ start: 0, end: 2, label: 'x' }]]
    expect(splitTokens(tokens, answers)).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 7 },
      { start: 8, end: 11 },
    ])
    expect(splitTokens(tokens, answers.slice(1))).toEqual(tokens)
  })
})

describe('consensus of spans', () => {
  const good = [span("Ann O'Neill", 'person'), span('Rome', 'place')]
  const answers = [good, good, [span('Ann', 'person'), span('Rome', 'place')]].map((answer, worker) => ({
    item: 'a',
    worker: `w${worker}`,
    answer,
  }))

  test('offsets of the text, how sure, and what each answer is worth', () => {
    const { find, quality } = spanConsensus(new Map([['a', TEXT]]), answers)
    expect(find(0).spans.map(({ start, end, label }) => ({ start, end, label }))).toEqual(good)
    expect(quality(0)).toBeGreaterThan(quality(2))
    expect(spanAgreement(good, answers[2]!.answer)).toBe(0.5)
  })

  test('known spans are the answer; a missing text is refused', () => {
    const known = new Map([['a', [span('Rome', 'place')]]])
    const { find } = spanConsensus(new Map([['a', TEXT]]), answers, known)
    expect(find(0).spans).toMatchObject([span('Rome', 'place')])
    expect(() => spanConsensus(new Map(), answers)).toThrow('no text of item a')
  })
})

describe('consensus of relations', () => {
  const spans = [span("Ann O'Neill", 'person'), span('Acme-West', 'firm'), span('Rome', 'place')]
  const works: Relation = { from: 0, to: 1, direction: 'right', label: 'works for' }
  const results = new Map([['a', spans]])
  const named = (given: readonly RelatedSpans[]) =>
    given.map((answer, worker) => ({ item: 'a', worker: `w${worker}`, answer }))
  const find = (given: readonly RelatedSpans[]) => relationConsensus(results, named(given)).find(0)

  test('direction and label count, the way of writing does not', () => {
    // The second lists its spans the other way round and a little off, and writes the relation backwards.
    const written: RelatedSpans = {
      spans: [span('Acme-Wes', 'firm'), span("Ann O'Neill", 'person')],
      relations: [{ from: 0, to: 1, direction: 'left', label: 'works for' }],
    }
    const found = find([{ spans, relations: [works] }, written, { spans, relations: [works] }])
    expect(found).toMatchObject([works])
    const both: Relation = { from: 2, to: 0, direction: 'bi', label: 'near' }
    const turned: Relation = { from: 0, to: 2, direction: 'bi', label: 'near' }
    expect(find([both, turned, both].map((relation) => ({ spans, relations: [relation] })))).toMatchObject([
      { from: 0, to: 2, direction: 'bi', label: 'near' },
    ])
  })

  test('what one of five marks is not found; who did not see a span is not asked', () => {
    const one = { spans, relations: [works, { ...works, direction: 'left' as const }] }
    const others = Array.from({ length: 4 }, () => ({ spans, relations: [works] }))
    expect(find([one, ...others])).toMatchObject([works])
    const blind = Array.from({ length: 4 }, () => ({ spans: [spans[2]!], relations: [] }))
    expect(find([{ spans, relations: [works] }, { spans, relations: [works] }, ...blind])).toMatchObject([
      works,
    ])
  })

  test('an answer is judged by the others; a relation to a span that is none counts against it', () => {
    const careful = { spans, relations: [works] }
    const wild = {
      spans: [...spans, span('met', 'place')],
      relations: [
        { ...works, to: 3 },
        { ...works, from: 9 },
      ],
    }
    const { quality } = relationConsensus(results, named([careful, careful, careful, wild]))
    expect(quality(0)).toBeGreaterThan(0.8)
    expect(quality(3)).toBe(0)
    const nothing = { spans, relations: [] }
    expect(relationConsensus(results, named([nothing, nothing])).quality(0)).toBe(1)
    expect(relationConsensus(results, named([nothing])).quality(0)).toBe(0)
    expect(relationConsensus(results, named([careful, careful, nothing])).quality(2)).toBeLessThan(0.2)
    expect(relationAgreement(careful, careful)).toBe(1)
    expect(relationAgreement(careful, wild)).toBe(0)
    expect(relationAgreement({ spans, relations: [] }, { spans: [], relations: [] })).toBe(1)
  })

  test('the same for any order, and nothing out of nothing', () => {
    const random = seededRandom(8)
    const answers: NamedAnswer<RelatedSpans>[] = []
    for (let item = 0; item < 20; item++) {
      for (let worker = 0; worker < 5; worker++) {
        const relations = [works, { ...works, from: 1, to: 2 }, { ...works, label: 'owns' }]
        answers.push({
          item: `i${item}`,
          worker: `w${worker}`,
          answer: { spans, relations: relations.filter((_, kind) => random() < [0.9, 0.5, 0.1][kind]!) },
        })
      }
    }
    const ofAll = new Map(answers.map(({ item }) => [item, spans]))
    const read = (given: typeof answers) => {
      const { table, find, quality } = relationConsensus(ofAll, given)
      return [table.items.map((_, i) => find(i)), table.answer.map((_, i) => quality(i))]
    }
    expect(read(shuffled(answers, seededRandom(1)))).toEqual(read(answers))
    expect(relationConsensus(new Map(), answers).find(0)).toEqual([])
    expect(relationConsensus(new Map(), []).table.items).toEqual([])
  })
})
