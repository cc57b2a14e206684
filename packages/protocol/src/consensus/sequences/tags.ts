import { compareCodePoints } from '../../bytes/order.ts'
import { TaggerError } from '../../errors.ts'
import { type Span, spanF1 } from '../../quality/agreement/span-f1.ts'

export const OUTSIDE = 'O'
/** Costs grow with the cube of the number of tags. */
const MAX_TAGS = 128

/** The tags of a campaign by index, and which may follow which. */
export interface TagSet {
  readonly tags: readonly string[]
  readonly indexOf: ReadonlyMap<string, number>
  /** tags × tags: 1 where the second may follow the first. */
  readonly follows: Uint8Array
  /** 1 where a sequence may begin so. */
  readonly begins: Uint8Array
}

/** All tags of some sequences, O first, then by code point; every I-x brings its B-x. Throws `answer-invalid` beyond 128. */
export function tagSetOf(sequences: Iterable<readonly string[]>): TagSet {
  const found = new Set<string>()
  for (const sequence of sequences) {
    for (const tag of sequence) {
      found.add(tag)
      if (isInside(tag)) found.add(beginOf(tag))
    }
  }
  found.delete(OUTSIDE)
  const tags = [OUTSIDE, ...[...found].sort(compareCodePoints)]
  if (tags.length > MAX_TAGS) {
    throw new TaggerError('answer-invalid', `${tags.length} different tags, of at most ${MAX_TAGS}`, {
      hints: ['Check the tags against the labels of the campaign first.'],
    })
  }
  const follows = new Uint8Array(tags.length * tags.length)
  const begins = new Uint8Array(tags.length)
  tags.forEach((tag, next) => {
    begins[next] = isInside(tag) ? 0 : 1
    tags.forEach((before, index) => {
      follows[index * tags.length + next] =
        !isInside(tag) || before === tag || before === beginOf(tag) ? 1 : 0
    })
  })
  return { tags, indexOf: new Map(tags.map((tag, index) => [tag, index])), follows, begins }
}

/** A sequence in which every I-x continues an x: others become B-x. */
export function repairTags(sequence: readonly string[]): string[] {
  return sequence.map((tag, index) => {
    const before = sequence[index - 1]
    if (!isInside(tag) || before === tag || before === beginOf(tag)) return tag
    return beginOf(tag)
  })
}

/** The spans of a sequence of tags, in tokens. A tag that is neither O, B-x nor I-x is a span of one token. */
export function spansOfTags(sequence: readonly string[]): Span[] {
  const spans: { start: number; end: number; label: string }[] = []
  repairTags(sequence).forEach((tag, index) => {
    if (tag === OUTSIDE) return
    if (isInside(tag)) spans.at(-1)!.end = index + 1
    else spans.push({ start: index, end: index + 1, label: tag.startsWith('B-') ? tag.slice(2) : tag })
  })
  return spans
}

/** Agreement of two sequences: exact-match F1 of their spans, 1 when neither has any. */
export function tagAgreement(a: readonly string[], b: readonly string[]): number {
  return spanF1(spansOfTags(a), spansOfTags(b)).f1
}

export function isInside(tag: string): boolean {
  return tag.startsWith('I-')
}

function beginOf(inside: string): string {
  return `B-${inside.slice(2)}`
}
