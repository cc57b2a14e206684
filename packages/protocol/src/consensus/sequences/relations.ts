import { compareCodePoints } from '../../bytes/order.ts'
import { stretchIou } from '../../quality/agreement/overlap.ts'
import type { Span } from '../../quality/agreement/span-f1.ts'
import { type AnswerTable, answerTable, type NamedAnswer } from '../answer-table.ts'
import { type Existence, fitExistence } from '../shapes/existence.ts'

/** A relation between two spans by index: from the first to the second (`right`), back (`left`), or both ways (`bi`). */
export interface Relation {
  readonly from: number
  readonly to: number
  readonly direction: 'right' | 'left' | 'bi'
  readonly label: string
}

/** What one worker marked in a text: spans, and relations between them. */
export interface RelatedSpans {
  readonly spans: readonly Span[]
  readonly relations: readonly Relation[]
}

/** A relation between two spans of the result; never `left`, which is `right` with the ends exchanged. */
export interface FoundRelation extends Relation {
  readonly probability: number
}

/** The crowd's relations: those of each item, and what each answer is worth. */
export interface RelationConsensus {
  readonly table: AnswerTable<RelatedSpans>
  /** Relations more likely there than not, by the indices of their spans. */
  find(item: number): readonly FoundRelation[]
  /**
   * 0 to 1: the F1 to be expected of an answer's relations when the truth is what the other answers say; of an answer
   * without relations the probability that there are none. A lone answer has 0: nothing shows that it is right.
   */
  quality(index: number): number
}

/** Two spans are the same mark when they share at least this of what they cover. */
const SAME = 0.5
const NOWHERE = -1

/** A relation that somebody marked between two spans of the result. */
interface Candidate {
  item: number
  from: number
  to: number
  direction: 'right' | 'bi'
  label: string
  /** Answers that marked it. */
  markers: Set<number>
}

/**
 * The consensus of relations. The spans of each answer are matched to the spans of the result (same label first, at
 * least half of what they cover together shared); a relation is a candidate with both ends, direction and label, put
 * before everyone who marked both of its spans, and {@link fitExistence} tells how likely it is there.
 * The same for any order of the answers.
 * @param results the spans of each item, as the consensus of spans found them.
 */
export function relationConsensus(
  results: ReadonlyMap<string, readonly Span[]>,
  answers: readonly NamedAnswer<RelatedSpans>[],
): RelationConsensus {
  const table = answerTable(answers)
  const matches = table.answer.map(({ spans }, index) =>
    matchSpans(spans, results.get(table.items[table.item[index]!]!) ?? []),
  )
  const proposed = table.answer.map(({ relations }, index) => proposalsOf(relations, matches[index]!))
  const { candidates, start } = collect(table, proposed)
  const existence = weigh(table, candidates, matches)
  const ofItem = (item: number) => candidates.slice(start[item], start[item + 1])
  return {
    table,
    find: (item) =>
      ofItem(item).flatMap(({ from, to, direction, label }, place) => {
        const probability = existence.probability[start[item]! + place]!
        return probability > 0.5 ? [{ from, to, direction, label, probability }] : []
      }),
    quality: (index) => {
      const item = table.item[index]!
      if (table.start[item + 1]! - table.start[item]! === 1) return 0
      const own = new Set(matches[index])
      let right = 0
      let expected = 0
      let nothing = 1
      ofItem(item).forEach(({ from, to, markers }, place) => {
        if (!own.has(from) || !own.has(to)) return
        const probability = existence.without(start[item]! + place, table.worker[index]!)
        if (markers.has(index)) right += probability
        expected += probability
        nothing *= 1 - probability
      })
      const given = proposed[index]!.size + lostOf(table.answer[index]!.relations, matches[index]!)
      return given === 0 ? nothing : Math.min(1, (2 * right) / (given + expected))
    },
  }
}

/** Agreement of two answers: F1 of their relations, the spans of one matched to those of the other. */
export function relationAgreement(a: RelatedSpans, b: RelatedSpans): number {
  const own = proposalsOf(
    a.relations,
    a.spans.map((_, index) => index),
  )
  const matches = matchSpans(b.spans, a.spans)
  const others = proposalsOf(b.relations, matches)
  let shared = 0
  for (const key of others.keys()) if (own.has(key)) shared++
  const total = own.size + others.size + lostOf(b.relations, matches)
  return total === 0 ? 1 : (2 * shared) / total
}

/** Of each span the span of the result that it is, or −1. */
function matchSpans(spans: readonly Span[], result: readonly Span[]): number[] {
  return spans.map((span) => {
    let best = NOWHERE
    let most = 0
    result.forEach((other, index) => {
      const shared = stretchIou(span, other)
      // A shared label counts for more than any overlap.
      const score = shared >= SAME ? shared + (span.label === other.label ? 1 : 0) : 0
      if (score > most) {
        best = index
        most = score
      }
    })
    return best
  })
}

type Proposal = Omit<Candidate, 'item' | 'markers'>

/** An answer's different relations between spans that are matched, by a key that is the same for the same relation. */
function proposalsOf(relations: readonly Relation[], matches: readonly number[]): Map<string, Proposal> {
  const proposals = new Map<string, Proposal>()
  for (const relation of relations) {
    const [a, b] = [matches[relation.from] ?? NOWHERE, matches[relation.to] ?? NOWHERE]
    if (a === NOWHERE || b === NOWHERE) continue
    const isBoth = relation.direction === 'bi'
    const isTurned = isBoth ? a > b : relation.direction === 'left'
    const [from, to] = isTurned ? [b, a] : [a, b]
    const direction = isBoth ? 'bi' : 'right'
    proposals.set(`${from}/${to}/${direction}/${relation.label}`, {
      from,
      to,
      direction,
      label: relation.label,
    })
  }
  return proposals
}

/** Relations with an end that is no span of the result. */
function lostOf(relations: readonly Relation[], matches: readonly number[]): number {
  return relations.filter(
    ({ from, to }) => (matches[from] ?? NOWHERE) === NOWHERE || (matches[to] ?? NOWHERE) === NOWHERE,
  ).length
}

/** The candidates of all items, item by item, in an order that depends on nothing but them. */
function collect(table: AnswerTable<RelatedSpans>, proposed: readonly Map<string, Proposal>[]) {
  const candidates: Candidate[] = []
  const start = [0]
  for (let item = 0; item < table.items.length; item++) {
    const ofItem = new Map<string, Candidate>()
    for (let index = table.start[item]!; index < table.start[item + 1]!; index++) {
      for (const [key, proposal] of proposed[index]!) {
        const candidate = ofItem.get(key) ?? { item, ...proposal, markers: new Set() }
        candidate.markers.add(index)
        ofItem.set(key, candidate)
      }
    }
    const sorted = [...ofItem.values()].sort(
      (a, b) =>
        a.from - b.from ||
        a.to - b.to ||
        compareCodePoints(a.direction, b.direction) ||
        compareCodePoints(a.label, b.label),
    )
    for (const candidate of sorted) candidates.push(candidate)
    start.push(candidates.length)
  }
  return { candidates, start }
}

function weigh(
  table: AnswerTable<RelatedSpans>,
  candidates: readonly Candidate[],
  matches: readonly number[][],
): Existence {
  const start = [0]
  const worker: number[] = []
  const seen: number[] = []
  const marked = matches.map((own) => new Set(own))
  for (const { item, from, to, markers } of candidates) {
    for (let index = table.start[item]!; index < table.start[item + 1]!; index++) {
      if (!marked[index]!.has(from) || !marked[index]!.has(to)) continue
      worker.push(table.worker[index]!)
      seen.push(markers.has(index) ? 1 : 0)
    }
    start.push(worker.length)
  }
  return fitExistence({
    workers: table.workers.length,
    candidates: candidates.length,
    start: Int32Array.from(start),
    worker: Int32Array.from(worker),
    seen: Uint8Array.from(seen),
    known: new Int8Array(candidates.length).fill(-1),
  })
}
