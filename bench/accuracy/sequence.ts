import { type NamedAnswer, type Span, spansOfTags, tagConsensus } from '@tagger/protocol'
import { describe, rowsOf, type SetReport } from './set-report.ts'

type Tags = readonly string[]

/**
 * Span F1 (exact match, all spans together, as CoNLL-2003 counts) of the consensus of tags on a set of the kind
 * `sequence`, beside the majority of each token in the same run: of tied tags the one other than O, which is the better
 * of the two ways. `methods` has both, and the majority of whole spans.
 * For the sentences of `ner-mturk` before half were put aside, Simpson & Gurevych (EMNLP 2019) have 0.654 for the majority
 * and 0.774 for BSC-seq, which also reads the words: quoted from memory, to be checked against the paper.
 * @param tasks only the first so many tasks of the truth are scored, their answers being all the method sees.
 */
export async function evaluate(folder: string, tasks = Number.POSITIVE_INFINITY): Promise<SetReport> {
  const { name, kind } = describe(folder)
  const split = (text: string): Tags => text.split(' ').filter((tag) => tag !== '')
  const truth = new Map(
    rowsOf(folder, 'truth.csv')
      .slice(0, tasks)
      .map(([item, tags]) => [item!, spansOfTags(split(tags!))]),
  )
  // Of several answers of a worker to a task the last one counts.
  const counting = new Map<string, NamedAnswer<Tags>>()
  for (const [worker, item, tags] of rowsOf(folder, 'labels.csv')) {
    if (tasks < Number.POSITIVE_INFINITY && !truth.has(item!)) continue
    counting.set(`${worker} ${item}`, { worker: worker!, item: item!, answer: split(tags!) })
  }
  const { table, find } = tagConsensus([...counting.values()])
  const score = (spansOf: (item: number, answers: readonly Tags[]) => readonly Span[]) => {
    let [right, found, there] = [0, 0, 0]
    table.items.forEach((item, index) => {
      const reference = truth.get(item)
      if (reference === undefined) return
      const keys = new Set(reference.map(keyOf))
      const spans = spansOf(index, table.answer.slice(table.start[index]!, table.start[index + 1]!))
      right += spans.filter((span) => keys.has(keyOf(span))).length
      found += spans.length
      there += keys.size
    })
    return (2 * right) / (found + there)
  }
  const consensus = score((item) => find(item).spans)
  const outsideFirst = score((_, answers) => spansOfTags(tokenMajority(answers, 0.5)))
  const outsideLast = score((_, answers) => spansOfTags(tokenMajority(answers, -0.5)))
  return {
    name,
    kind,
    labels: counting.size,
    labelsPerTask: counting.size / table.items.length,
    measure: 'span F1',
    value: consensus,
    baseline: Math.max(outsideFirst, outsideLast),
    methods: {
      'token majority, ties to O': outsideFirst,
      'token majority, ties to others': outsideLast,
      'span majority': score((_, answers) => spanMajority(answers)),
      consensus,
    },
  }
}

/** The tag of most votes per token, O with so many votes more; of other equals the first. */
function tokenMajority(answers: readonly Tags[], outside: number): string[] {
  return answers[0]!.map((_, token) => {
    const votes = new Map([['O', outside]])
    for (const answer of answers) votes.set(answer[token]!, (votes.get(answer[token]!) ?? 0) + 1)
    return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0]
  })
}

/** The spans that more than half of the answers have. */
function spanMajority(answers: readonly Tags[]): Span[] {
  const votes = new Map<string, { span: Span; count: number }>()
  for (const answer of answers) {
    for (const span of spansOfTags(answer)) {
      const vote = votes.get(keyOf(span)) ?? { span, count: 0 }
      vote.count++
      votes.set(keyOf(span), vote)
    }
  }
  return [...votes.values()].filter(({ count }) => count * 2 > answers.length).map(({ span }) => span)
}

function keyOf({ start, end, label }: Span): string {
  return `${start}/${end}/${label}`
}
