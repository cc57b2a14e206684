import { digamma } from '../../math/gamma.ts'
import { addTransitions, believe, type Transitions } from './chain.ts'
import type { TagSet } from './tags.ts'

/** What the model reads: the answers that have their item's number of tokens, tags by index. */
export interface TaggedItems {
  readonly tagSet: TagSet
  readonly workers: number
  readonly items: readonly TaggedItem[]
}

export interface TaggedItem {
  readonly length: number
  readonly answers: readonly { worker: number; tags: Int32Array }[]
  readonly known: Int32Array | null
}

/** The fitted model: log likelihoods of an item's true tags, and how true tags follow each other. */
export interface TagModel {
  readonly transitions: Transitions
  /** length × tags; of the known tags, else of the answers but one (by its place in the item's list, −1: of all). */
  logsOf(item: number, without: number): Float64Array
  /** The same as if nothing was known. */
  logsOfAnswers(item: number, without: number): Float64Array
}

const ITERATIONS = 20
/** A worker is thought to tag like the crowd by as many tokens as this, for every true tag and own tag before. */
const PRIOR_TOKENS = 20
/** So many imagined right tags, and a tenth of one of every kind, are added to the crowd's for each true tag. */
const PRIOR_RIGHT = 5
const PRIOR_ANY = 0.1
/** By so many tokens the crowd is thought not to care for the tag before. */
const PRIOR_CONTEXT = 5
/** A known tag outvotes any crowd. */
const KNOWN_LOG = -1000

/**
 * Bayesian sequence combination (BSC-seq of Simpson & Gurevych, EMNLP 2019): true tags are a Markov chain that keeps
 * to BIO; a worker's tag depends on the true tag and on the worker's own tag before, so that a missed or prolonged
 * span is one error, not one per token. Variational Bayes in 20 rounds from the shares of votes; the prior of each
 * worker is the crowd's own matrix instead of a set one.
 */
export function fitTags(data: TaggedItems): TagModel {
  const width = data.tagSet.tags.length
  const cells = indexCells(data)
  const logs = new Float64Array(cells.tag.length * width)
  const counts = new Float64Array(logs.length)
  const firsts = new Float64Array(width)
  const pairs = new Float64Array(width * width)
  countVotes(data, cells, counts, firsts, pairs)
  let transitions = transitionsOf(data.tagSet, firsts, pairs)
  const logsOfAnswers = (item: number, without: number) => {
    const { length, answers } = data.items[item]!
    const sum = new Float64Array(length * width)
    answers.forEach((_, place) => {
      if (place === without) return
      const own = cells.ofAnswer[item]![place]!
      for (let t = 0; t < length; t++) {
        for (let a = 0; a < width; a++) sum[t * width + a]! += logs[own[t]! * width + a]!
      }
    })
    return sum
  }
  const logsOf = (item: number, without: number) => {
    const { known } = data.items[item]!
    if (known === null) return logsOfAnswers(item, without)
    const sum = new Float64Array(known.length * width).fill(KNOWN_LOG)
    known.forEach((tag, t) => {
      sum[t * width + tag] = 0
    })
    return sum
  }
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    fitWorkers(cells, width, counts, logs)
    counts.fill(0)
    firsts.fill(0)
    pairs.fill(0)
    for (let item = 0; item < data.items.length; item++) {
      const chain = believe(logsOf(item, -1), transitions)
      addTransitions(chain, transitions, firsts, pairs)
      for (const own of cells.ofAnswer[item]!) {
        for (let t = 0; t < chain.length; t++) {
          for (let a = 0; a < width; a++)
            counts[own[t]! * width + a]! += chain.forward[t * width + a]! * chain.backward[t * width + a]!
        }
      }
    }
    transitions = transitionsOf(data.tagSet, firsts, pairs)
  }
  return { transitions, logsOf, logsOfAnswers }
}

/** The different (worker, tag before, tag) of a crowd, and (worker, tag before) above them. */
interface Cells {
  /** Per item and answer: the cell of each token. */
  ofAnswer: Int32Array[][]
  /** Of each cell: its tag, the tag before (the number of tags at the beginning), the group. */
  tag: number[]
  before: number[]
  group: number[]
  groups: number
}

function indexCells({ tagSet, items }: TaggedItems): Cells {
  const width = tagSet.tags.length
  const cells: Cells = { ofAnswer: [], tag: [], before: [], group: [], groups: 0 }
  const cellOf = new Map<number, number>()
  const groupOf = new Map<number, number>()
  for (const { length, answers } of items) {
    const ofItem = answers.map(({ worker, tags }) => {
      const own = new Int32Array(length)
      for (let t = 0; t < length; t++) {
        const before = t === 0 ? width : tags[t - 1]!
        const groupKey = worker * (width + 1) + before
        const key = groupKey * width + tags[t]!
        let cell = cellOf.get(key)
        if (cell === undefined) {
          const group = groupOf.get(groupKey) ?? groupOf.size
          groupOf.set(groupKey, group)
          cell = cells.tag.length
          cellOf.set(key, cell)
          cells.tag.push(tags[t]!)
          cells.before.push(before)
          cells.group.push(group)
        }
        own[t] = cell
      }
      return own
    })
    cells.ofAnswer.push(ofItem)
  }
  cells.groups = groupOf.size
  return cells
}

/** The start: every true tag by its share of votes, tokens on their own. */
function countVotes(
  { tagSet, items }: TaggedItems,
  cells: Cells,
  counts: Float64Array,
  firsts: Float64Array,
  pairs: Float64Array,
): void {
  const width = tagSet.tags.length
  items.forEach(({ length, answers, known }, item) => {
    const shares = new Float64Array(length * width)
    for (const { tags } of answers)
      for (let t = 0; t < length; t++) shares[t * width + tags[t]!]! += 1 / answers.length
    if (known !== null) {
      shares.fill(0)
      for (let t = 0; t < length; t++) shares[t * width + known[t]!] = 1
    } else if (answers.length === 0) shares.fill(1 / width)
    for (let t = 0; t < length; t++) {
      for (let b = 0; b < width; b++) {
        const share = shares[t * width + b]!
        if (t === 0) firsts[b]! += share
        else if (share > 0)
          for (let a = 0; a < width; a++) pairs[a * width + b]! += shares[(t - 1) * width + a]! * share
      }
    }
    for (const own of cells.ofAnswer[item]!) {
      for (let t = 0; t < length; t++) {
        for (let a = 0; a < width; a++) counts[own[t]! * width + a]! += shares[t * width + a]!
      }
    }
  })
}

/** Expected log likelihoods of every cell, per true tag, under Dirichlet posteriors around the crowd's matrices. */
function fitWorkers(cells: Cells, width: number, counts: Float64Array, logs: Float64Array): void {
  const crowd = crowdMatrix(cells, width, counts)
  const totals = new Float64Array(cells.groups * width)
  for (let cell = 0; cell < cells.tag.length; cell++) {
    const group = cells.group[cell]!
    for (let a = 0; a < width; a++) totals[group * width + a]! += counts[cell * width + a]!
  }
  for (let i = 0; i < totals.length; i++) totals[i] = digamma(totals[i]! + PRIOR_TOKENS)
  for (let cell = 0; cell < cells.tag.length; cell++) {
    const [tag, before, group] = [cells.tag[cell]!, cells.before[cell]!, cells.group[cell]!]
    for (let a = 0; a < width; a++) {
      const prior = PRIOR_TOKENS * crowd[(a * (width + 1) + before) * width + tag]!
      logs[cell * width + a] = digamma(counts[cell * width + a]! + prior) - totals[group * width + a]!
    }
  }
}

/** P(tag | true tag, tag before) of the whole crowd: true tags × (tags + 1) × tags. */
function crowdMatrix(cells: Cells, width: number, counts: Float64Array): Float64Array {
  const matrix = new Float64Array(width * (width + 1) * width)
  const plain = new Float64Array(width * width).fill(PRIOR_ANY)
  for (let a = 0; a < width; a++) plain[a * width + a]! += PRIOR_RIGHT
  for (let cell = 0; cell < cells.tag.length; cell++) {
    const [tag, before] = [cells.tag[cell]!, cells.before[cell]!]
    for (let a = 0; a < width; a++) {
      matrix[(a * (width + 1) + before) * width + tag]! += counts[cell * width + a]!
      plain[a * width + tag]! += counts[cell * width + a]!
    }
  }
  for (let a = 0; a < width; a++) normalize(plain, a * width, width)
  for (let a = 0; a < width; a++) {
    for (let before = 0; before <= width; before++) {
      const at = (a * (width + 1) + before) * width
      for (let tag = 0; tag < width; tag++) matrix[at + tag]! += PRIOR_CONTEXT * plain[a * width + tag]!
      normalize(matrix, at, width)
    }
  }
  return matrix
}

/** Shares with one imagined transition for every one that BIO allows. */
function transitionsOf(tagSet: TagSet, firsts: Float64Array, pairs: Float64Array): Transitions {
  const width = tagSet.tags.length
  const first = firsts.map((count, tag) => (tagSet.begins[tag] === 1 ? count + 1 : 0))
  const next = pairs.map((count, pair) => (tagSet.follows[pair] === 1 ? count + 1 : 0))
  normalize(first, 0, width)
  for (let a = 0; a < width; a++) normalize(next, a * width, width)
  return { width, first, next }
}

function normalize(values: Float64Array, from: number, width: number): void {
  let total = 0
  for (let i = from; i < from + width; i++) total += values[i]!
  for (let i = from; i < from + width; i++) values[i]! /= total
}
