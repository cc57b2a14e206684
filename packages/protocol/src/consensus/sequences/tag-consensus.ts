import { log } from '../../math/log-exp.ts'
import type { Span } from '../../quality/agreement/span-f1.ts'
import { type AnswerTable, answerTable, type NamedAnswer } from '../answer-table.ts'
import { believe, bestPath, type Chain, pathProbability } from './chain.ts'
import { fitTags, type TaggedItem, type TagModel } from './tag-model.ts'
import { repairTags, spansOfTags, type TagSet, tagSetOf } from './tags.ts'

/**
 * How much of its weight each answer keeps where probabilities are told: errors of a crowd are alike, answers are not as
 * independent as the model has them, and no held-out answer shows it. Known sequences do; without them the usual one.
 */
const TRUSTS = [1, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2]
const USUAL_TRUST = 0.5
/** No one known sequence decides alone. */
const LEAST_PROBABILITY = 1e-6

/** A span, in tokens, with how sure it is. */
export interface FoundSpan extends Span {
  readonly probability: number
}

/** The tags of one item: the sequence, the probability that all of it is right, and its spans. */
export interface FoundTags {
  readonly tags: readonly string[]
  readonly confidence: number
  readonly spans: readonly FoundSpan[]
}

/** The crowd's sequences of tags: one per item, and what each answer is worth. */
export interface TagConsensus {
  readonly table: AnswerTable<readonly string[]>
  find(item: number): FoundTags
  /**
   * 0 to 1: the span F1 to be expected of an answer when the truth is what the other answers say; of an answer without
   * spans the probability that there are none. 0 for an answer whose number of tokens is not its item's.
   */
  quality(index: number): number
}

/**
 * The consensus of sequences of tags: BIO (`B-x`, `I-x`, `O`), or any other tags, one per token. The number of tokens of an
 * item is the one most answers have (of equals the larger); others do not take part. See {@link fitTags} for the model; the answer is its most
 * probable valid sequence. The same for any order of the answers.
 * @param known right tags by item, where known.
 */
export function tagConsensus(
  answers: readonly NamedAnswer<readonly string[]>[],
  known: ReadonlyMap<string, readonly string[]> = new Map(),
): TagConsensus {
  const table = answerTable(answers)
  const knownHere = table.items.map((name) => known.get(name) ?? null)
  const tagSet = tagSetOf([...table.answer, ...knownHere.filter((tags) => tags !== null)])
  const places = new Int32Array(table.answer.length).fill(-1)
  const items = table.items.map((_, item) => readItem(table, item, knownHere[item]!, tagSet, places))
  const model = fitTags({ tagSet, workers: table.workers.length, items })
  const trust = trustOf(model, items)
  const chainOf = (item: number, without: number) =>
    believe(
      model.logsOf(item, without).map((value) => value * trust),
      model.transitions,
    )
  return {
    table,
    find: (item) => {
      const path = bestPath(believe(model.logsOf(item, -1), model.transitions), model.transitions)
      return findTags(chainOf(item, -1), path, model, tagSet)
    },
    quality: (index) => {
      if (places[index]! < 0) return 0
      const chain = chainOf(table.item[index]!, places[index]!)
      return expectedF1(chain, model, tagSet, table.answer[index]!)
    },
  }
}

/** The trust under which the known sequences are most probable given their answers, a usual one being probable too. */
function trustOf(model: TagModel, items: readonly TaggedItem[]): number {
  let best = USUAL_TRUST
  let most = -Infinity
  for (const trust of TRUSTS) {
    const distance = log(trust / USUAL_TRUST)
    let score = -2 * distance * distance
    items.forEach(({ known }, item) => {
      if (known === null || known.length === 0) return
      const logs = model.logsOfAnswers(item, -1).map((value) => value * trust)
      const right = pathProbability(believe(logs, model.transitions), model.transitions, 0, [...known])
      score += log(Math.max(right, LEAST_PROBABILITY))
    })
    if (score > most) {
      best = trust
      most = score
    }
  }
  return best
}

/** An item's answers as indices; fills in which place each of them got. */
function readItem(
  table: AnswerTable<readonly string[]>,
  item: number,
  known: readonly string[] | null,
  tagSet: TagSet,
  places: Int32Array,
): TaggedItem {
  const indices = Array.from(
    { length: table.start[item + 1]! - table.start[item]! },
    (_, place) => table.start[item]! + place,
  )
  const toIndices = (tags: readonly string[]) => Int32Array.from(tags, (tag) => tagSet.indexOf.get(tag)!)
  const length = known?.length ?? commonLength(indices.map((index) => table.answer[index]!.length))
  const fitting = indices.filter((index) => table.answer[index]!.length === length)
  fitting.forEach((index, place) => {
    places[index] = place
  })
  return {
    length,
    answers: fitting.map((index) => ({
      worker: table.worker[index]!,
      tags: toIndices(table.answer[index]!),
    })),
    known: known === null ? null : toIndices(repairTags(known)),
  }
}

function commonLength(lengths: readonly number[]): number {
  const count = new Map<number, number>()
  for (const length of lengths) count.set(length, (count.get(length) ?? 0) + 1)
  let best = 0
  for (const [length, votes] of count) {
    const most = count.get(best) ?? 0
    if (votes > most || (votes === most && length > best)) best = length
  }
  return best
}

function findTags(chain: Chain, path: readonly number[], model: TagModel, tagSet: TagSet): FoundTags {
  const tags = path.map((tag) => tagSet.tags[tag]!)
  return {
    tags,
    confidence: pathProbability(chain, model.transitions, 0, path),
    spans: spansOfTags(tags).map((span) => ({
      ...span,
      probability: spanProbability(chain, model, tagSet, span, tags),
    })),
  }
}

/** Probability that a span of a sequence is there, with both its ends. */
function spanProbability(
  chain: Chain,
  { transitions }: TagModel,
  { indexOf }: TagSet,
  { start, end, label }: Span,
  tags: readonly string[],
): number {
  const path = tags.slice(start, end).map((tag) => indexOf.get(tag)!)
  return pathProbability(chain, transitions, start, path, indexOf.get(`I-${label}`) ?? -1)
}

function expectedF1(chain: Chain, model: TagModel, tagSet: TagSet, answer: readonly string[]): number {
  const tags = repairTags(answer)
  const spans = spansOfTags(tags)
  if (spans.length === 0) {
    const nothing = tags.map(() => 0)
    return pathProbability(chain, model.transitions, 0, nothing)
  }
  let right = 0
  for (const span of spans) right += spanProbability(chain, model, tagSet, span, tags)
  let expected = 0
  const width = tagSet.tags.length
  tagSet.begins.forEach((begins, index) => {
    // Every span begins once, with a tag that may begin a sequence.
    if (index === 0 || begins === 0) return
    for (let t = 0; t < chain.length; t++)
      expected += chain.forward[t * width + index]! * chain.backward[t * width + index]!
  })
  return Math.min(1, (2 * right) / (spans.length + expected))
}
