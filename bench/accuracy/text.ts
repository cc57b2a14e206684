import { textConsensus, wordErrors } from '@tagger/protocol'
import { rover } from './rover.ts'
import { describe, rowsOf, type SetReport } from './set-report.ts'

type Split = (text: string) => string[]

/**
 * How a text becomes the words that are compared: lower case, punctuation other than apostrophes taken for spaces.
 * With it ROVER has the 0.0664 that crowd-kit has on crowdspeech-dev-clean.
 */
const plainWords: Split = (text) => words(text.toLowerCase().replace(/[^\p{L}\p{N}\s']/gu, ' '))

/** Lower case only, as crowd-kit's published figures on translations were made (ROVER 0.6148 on crowdwsa-T1). */
const writtenWords: Split = (text) => words(text.toLowerCase())

/**
 * Word error rate, mean over tasks, of the consensus of texts on a set of the kind `text`, beside ROVER in the same
 * run. `methods` has the corpus rates (all edits ÷ all words) too, and both with punctuation left in place.
 * @param tasks only the first so many tasks of the truth are scored, their answers being all the method sees.
 */
export async function evaluate(folder: string, tasks = Number.POSITIVE_INFINITY): Promise<SetReport> {
  const { name, kind } = describe(folder)
  const truth = new Map(
    rowsOf(folder, 'truth.csv')
      .slice(0, tasks)
      .map(([item, text]) => [item!, text!]),
  )
  // Of several answers of a worker to a task the last one counts.
  const counting = new Map<string, { worker: string; item: string; answer: string }>()
  const byItem = new Map<string, string[]>()
  for (const [worker, item, answer] of rowsOf(folder, 'labels.csv')) {
    if (tasks < Number.POSITIVE_INFINITY && !truth.has(item!)) continue
    counting.set(`${worker} ${item}`, { worker: worker!, item: item!, answer: answer! })
    byItem.set(item!, [...(byItem.get(item!) ?? []), answer!])
  }
  const { table, text } = textConsensus([...counting.values()])
  const texts = new Map(table.items.map((item, index) => [item, text(index).text]))

  const score = (split: Split, answer: (item: string) => string[]) => {
    let [edits, length, rates, count] = [0, 0, 0, 0]
    for (const [item, reference] of truth) {
      if (!byItem.has(item)) continue
      const errors = wordErrors(answer(item), split(reference))
      edits += errors.edits
      length += errors.words
      rates += errors.rate ?? 0
      count++
    }
    return { mean: rates / count, corpus: edits / length }
  }
  const roverOf = (split: Split) => score(split, (item) => rover(byItem.get(item)!.map(split)))
  const consensusOf = (split: Split) => score(split, (item) => split(texts.get(item)!))
  const [consensus, peer] = [consensusOf(plainWords), roverOf(plainWords)]
  const [consensusWritten, peerWritten] = [consensusOf(writtenWords), roverOf(writtenWords)]
  return {
    name,
    kind,
    labels: counting.size,
    labelsPerTask: counting.size / table.items.length,
    measure: 'word error rate, mean over tasks',
    value: consensus.mean,
    baseline: peer.mean,
    methods: {
      'first answer': score(plainWords, (item) => plainWords(byItem.get(item)![0]!)).mean,
      rover: peer.mean,
      consensus: consensus.mean,
      'rover, corpus': peer.corpus,
      'consensus, corpus': consensus.corpus,
      'rover, corpus, punctuation kept': peerWritten.corpus,
      'consensus, corpus, punctuation kept': consensusWritten.corpus,
    },
  }
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
