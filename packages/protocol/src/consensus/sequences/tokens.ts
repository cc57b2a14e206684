import type { Stretch } from '../../quality/agreement/overlap.ts'
import type { Span } from '../../quality/agreement/span-f1.ts'
import { UNSPACED } from '../text/words.ts'
import { OUTSIDE } from './tags.ts'

const LETTERS = `(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}])+`
const TOKEN = new RegExp(`${UNSPACED}\\p{M}*|${LETTERS}(?:['’]${LETTERS})*|\\S`, 'gu')
/** A boundary inside a token splits it when so many workers set it there. */
const SPLITTERS = 2

/** The tokens of a text of any language, by offsets in UTF-16 units: words, and every other sign for itself. */
export function tokensOf(text: string): Stretch[] {
  return Array.from(text.matchAll(TOKEN), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** Tokens split where two or more of the answers begin or end a span inside one. */
export function splitTokens(tokens: readonly Stretch[], answers: readonly (readonly Span[])[]): Stretch[] {
  const setters = new Map<number, number>()
  for (const spans of answers) {
    const own = new Set(spans.flatMap(({ start, end }) => [start, end]))
    for (const offset of own) setters.set(offset, (setters.get(offset) ?? 0) + 1)
  }
  const cuts = [...setters]
    .filter(([offset, workers]) => workers >= SPLITTERS && Number.isInteger(offset))
    .map(([offset]) => offset)
    .sort((a, b) => a - b)
  const split: Stretch[] = []
  let cut = 0
  for (const { start, end } of tokens) {
    let from = start
    while (cut < cuts.length && cuts[cut]! <= start) cut++
    for (; cut < cuts.length && cuts[cut]! < end; cut++) {
      split.push({ start: from, end: cuts[cut]! })
      from = cuts[cut]!
    }
    split.push({ start: from, end })
  }
  return split
}

/**
 * Spans of a text as BIO tags of its tokens. A span is widened to whole tokens; of overlapping ones the first counts,
 * of equal starts the longer (as Label Studio's CoNLL export does); one that reaches no token is passed over.
 */
export function tagsOfSpans(tokens: readonly Stretch[], spans: readonly Span[]): string[] {
  const tags = new Array<string>(tokens.length).fill(OUTSIDE)
  const sorted = spans
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || b.end - a.end)
  let token = 0
  for (const { start, end, label } of sorted) {
    while (token < tokens.length && tokens[token]!.end <= start) token++
    if (token === tokens.length || tokens[token]!.start >= end || tags[token] !== OUTSIDE) continue
    for (let i = token; i < tokens.length && tokens[i]!.start < end; i++)
      tags[i] = `${i === token ? 'B' : 'I'}-${label}`
  }
  return tags
}
