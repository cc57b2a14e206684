import { exp } from '../../math/log-exp.ts'
import { type AnswerTable, answerTable, type NamedAnswer } from '../answer-table.ts'
import { alignTexts, centralOrder, editDistance, type Network } from './alignment.ts'
import { Ballot, GAP } from './ballot.ts'
import { wordsOf } from './words.ts'

/** The crowd's texts: one per item, and what each answer is worth. */
export interface TextConsensus {
  readonly table: AnswerTable<string>
  /** The text of an item, and the weighted share of its voters' words that say the same, 0 to 1. */
  text(item: number): { text: string; confidence: number }
  /** Share of a worker's words that the others do not say, by worker; shrunk to the crowd's. */
  readonly error: Float64Array
  /**
   * 0 to 1: how much of an answer the item's text has, found without that answer: 1 − edits ÷ words of the longer.
   * A lone answer has 0: nothing shows that it is right.
   */
  quality(index: number): number
}

/** Only so many answers of an item vote, with about so many words together, the most central ones: bounds the cost. */
const MAX_VOTERS = 100
const MAX_VOTER_WORDS = 200_000
/** So many of the most central answers may be taken as they are, instead of a mixture of words. */
const MAX_CHOICES = 12
const ITERATIONS = 3
/** A worker is thought as good as the crowd by as many words as this. */
const PRIOR_WORDS = 20
/** An answer's weight falls by e with every half of the crowd's mean error: nothing depends on the kind of text. */
const SHARPNESS = 2
/** Beyond this a worker's error makes no difference any more, and no weight becomes 0. */
const LARGEST_RATIO = 20
/** A known text outvotes any crowd. */
const KNOWN_WEIGHT = 1e9

/** One item's answers, aligned. Texts are the voters in the table's order, then the known text if there is one. */
interface Item {
  voters: Int32Array
  /** The voters and the known text, most central first. */
  order: number[]
  words: Int32Array[]
  network: Network
  isKnown: boolean
}

/**
 * The consensus of free texts and transcriptions. Answers are aligned word by word, ignoring case and punctuation;
 * each column is decided by a vote of workers weighted by how seldom others contradict them (three rounds); then the
 * mixture or the single answer with the least weighted distance to all is taken (minimum Bayes risk: words of texts
 * that differ altogether do not mix, and then an answer wins). Words are written as the weightiest of those who have
 * them did. The same for any order of the answers.
 * After ROVER (Fiscus 1997) and RASA (Li & Fukumoto 2019).
 * @param known texts by item, where known.
 */
export function textConsensus(
  answers: readonly NamedAnswer<string>[],
  known: ReadonlyMap<string, string> = new Map(),
): TextConsensus {
  const table = answerTable(answers)
  const items = table.items.map((name, item) => alignItem(table, item, known.get(name)))
  const error = new Float64Array(table.workers.length)
  const weight = new Float64Array(table.workers.length).fill(1)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) reweigh(table, items, weight, error)
  return {
    table,
    error,
    text: (item) => {
      const name = table.items[item]!
      const text = known.get(name)
      return text === undefined ? textOf(table, items[item]!, weight) : { text, confidence: 1 }
    },
    quality: (index) => qualityOf(table, items[table.item[index]!]!, weight, index),
  }
}

/** How alike two texts are, case and punctuation aside: 1 − edits ÷ words of the longer one, or 0 when too long to tell. */
export function textAgreement(a: string, b: string): number {
  const ids = new Map<string, number>()
  return likeness(intern(wordsOf(a).keys, ids), intern(wordsOf(b).keys, ids))
}

function likeness(a: Int32Array, b: Int32Array): number {
  const longer = Math.max(a.length, b.length)
  if (longer === 0) return 1
  const edits = editDistance(a, b)
  return edits < 0 ? 0 : 1 - edits / longer
}

function intern(keys: readonly string[], ids: Map<string, number>): Int32Array {
  return Int32Array.from(keys, (key) => {
    const id = ids.get(key) ?? ids.size
    ids.set(key, id)
    return id
  })
}

function alignItem(table: AnswerTable<string>, item: number, known: string | undefined): Item {
  const ids = new Map<string, number>()
  const from = table.start[item]!
  const all = table.answer.slice(from, table.start[item + 1]!).map((text) => intern(wordsOf(text).keys, ids))
  const central = chooseVoters(all)
  const voters = Int32Array.from(central, (index) => from + index).sort((a, b) => a - b)
  const words = Array.from(voters, (index) => all[index - from]!)
  const order = central.map((index) => voters.indexOf(from + index))
  if (known !== undefined) {
    order.unshift(words.length)
    words.push(intern(wordsOf(known).keys, ids))
  }
  return { voters, order, words, network: alignTexts(words, order), isKnown: known !== undefined }
}

/** The most central answers, as many as may vote. */
function chooseVoters(texts: readonly Int32Array[]): number[] {
  const order = centralOrder(texts)
  let words = 0
  let voters = 0
  while (voters < Math.min(order.length, MAX_VOTERS) && words <= MAX_VOTER_WORDS)
    words += texts[order[voters++]!]!.length
  return order.slice(0, voters)
}

/** Weights of an item's texts, and their sum. */
function weightsOf(table: AnswerTable<string>, { voters, words, isKnown }: Item, weight: Float64Array) {
  const weights = new Float64Array(words.length)
  let total = 0
  for (let text = 0; text < words.length; text++) {
    weights[text] =
      isKnown && text === words.length - 1 ? KNOWN_WEIGHT : weight[table.worker[voters[text]!]!]!
    total += weights[text]!
  }
  return { weights, total }
}

/** One round: how often the others of an item contradict a worker, and the weights that follow. */
function reweigh(
  table: AnswerTable<string>,
  items: readonly Item[],
  weight: Float64Array,
  error: Float64Array,
): void {
  const wrong = new Float64Array(weight.length)
  const count = new Float64Array(weight.length)
  for (const item of items) {
    if (item.words.length < 2) continue
    const { weights, total } = weightsOf(table, item, weight)
    const ballot = new Ballot(item.words.length)
    for (let column = 0; column < item.network.columns; column++) {
      ballot.count(item.network, column, weights, total)
      for (let text = 0; text < item.voters.length; text++) {
        const worker = table.worker[item.voters[text]!]!
        if (ballot.winner(text, weights[text]!) !== ballot.choice[text]) wrong[worker]!++
        count[worker]!++
      }
    }
  }
  let wrongs = 0
  let counts = 0
  for (let worker = 0; worker < weight.length; worker++) {
    wrongs += wrong[worker]!
    counts += count[worker]!
  }
  const mean = counts === 0 ? 0 : wrongs / counts
  for (let worker = 0; worker < weight.length; worker++) {
    error[worker] = (wrong[worker]! + PRIOR_WORDS * mean) / (count[worker]! + PRIOR_WORDS)
    weight[worker] = mean === 0 ? 1 : exp(-SHARPNESS * Math.min(LARGEST_RATIO, error[worker]! / mean))
  }
}

/** The text with the least weighted distance to all: the mixture of words, or one of the answers. */
function textOf(table: AnswerTable<string>, item: Item, weight: Float64Array) {
  const { weights, total } = weightsOf(table, item, weight)
  const mixture = mix(item, weights, total, -1)
  let best = -1
  let least = riskOf(mixture.words, item, weights)
  for (const text of item.order.slice(0, MAX_CHOICES)) {
    const risk = riskOf(item.words[text]!, item, weights)
    if (risk < least) {
      best = text
      least = risk
    }
  }
  const confidence = mixture.confidence
  if (best >= 0) return { text: table.answer[item.voters[best]!]!.trim(), confidence }
  return { text: writeOut(table, item, mixture, weights), confidence }
}

/** Weighted sum of what each answer lacks of being alike; too long to tell counts as nothing alike. */
function riskOf(words: Int32Array, item: Item, weights: Float64Array): number {
  let risk = 0
  for (let text = 0; text < item.words.length; text++)
    risk += weights[text]! * (1 - likeness(words, item.words[text]!))
  return risk
}

interface Mixture {
  words: Int32Array
  /** The column each word comes from. */
  columns: number[]
  confidence: number
}

/** The winning word of every column, one text left out (−1 for none). */
function mix(item: Item, weights: Float64Array, total: number, without: number): Mixture {
  const ballot = new Ballot(item.words.length)
  const words: number[] = []
  const columns: number[] = []
  let agreeing = 0
  for (let column = 0; column < item.network.columns; column++) {
    ballot.count(item.network, column, weights, total)
    const winner = ballot.winner(without, without < 0 ? 0 : weights[without]!)
    agreeing += ballot.weights[winner]!
    if (ballot.words[winner] === GAP) continue
    words.push(ballot.words[winner]!)
    columns.push(column)
  }
  const all = total * item.network.columns
  return { words: Int32Array.from(words), columns, confidence: all > 0 ? Math.min(1, agreeing / all) : 1 }
}

/** Writes words as the weightiest of those who have them did, the most central of equals. */
function writeOut(
  table: AnswerTable<string>,
  { network, voters }: Item,
  { words, columns }: Mixture,
  weights: Float64Array,
): string {
  const forms = Array.from(voters, (index) => wordsOf(table.answer[index]!).forms)
  let written = ''
  columns.forEach((column, index) => {
    const support = new Map<string, number>()
    for (let entry = network.start[column]!; entry < network.start[column + 1]!; entry++) {
      if (network.word[entry] !== words[index]) continue
      const text = network.text[entry]!
      const form = forms[text]![network.place[entry]!]!
      support.set(form, (support.get(form) ?? 0) + weights[text]!)
    }
    let best = ''
    let most = -1
    for (const [form, value] of support) {
      if (value > most) {
        best = form
        most = value
      }
    }
    written += best
  })
  return written.trim()
}

function qualityOf(table: AnswerTable<string>, item: Item, weight: Float64Array, index: number): number {
  const { weights, total } = weightsOf(table, item, weight)
  const text = item.voters.indexOf(index)
  if (text >= 0 && item.words.length === 1) return 0
  const others = mix(item, weights, total, text)
  if (text >= 0) return likeness(item.words[text]!, others.words)
  // Not a voter: its words have no ids.
  return textAgreement(table.answer[index]!, writeOut(table, item, others, weights))
}
