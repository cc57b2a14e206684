import type { Stretch } from './overlap.ts'

/** A labeled stretch of a text: characters or tokens, `end` exclusive. */
export interface Span extends Stretch {
  readonly label: string
}

/** Precision, recall and F1; null where there is nothing to divide by. F1 is 1 when both sides found nothing. */
export interface SpanScore {
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number
}

/**
 * Exact-match span F1 of `found` against `reference` (CoNLL-2003): a span counts when start, end and label are the same.
 * F1 is symmetric, so it is also the agreement of two workers (Hripcsak & Rothschild 2005).
 */
export function spanF1(found: readonly Span[], reference: readonly Span[]): SpanScore {
  return scoreOf(countMatches(found, reference), found.length, reference.length)
}

/** {@link spanF1} of each label that either side used, in the order of first use. */
export function spanF1PerLabel(found: readonly Span[], reference: readonly Span[]): Map<string, SpanScore> {
  const labels = new Set([...found, ...reference].map(({ label }) => label))
  const of = (spans: readonly Span[], label: string) => spans.filter((span) => span.label === label)
  return new Map([...labels].map((label) => [label, spanF1(of(found, label), of(reference, label))]))
}

/** One span can be matched once: repeating it does not help. */
function countMatches(found: readonly Span[], reference: readonly Span[]): number {
  const open = new Map<string, number>()
  for (const span of reference) open.set(keyOf(span), (open.get(keyOf(span)) ?? 0) + 1)
  let matches = 0
  for (const span of found) {
    const left = open.get(keyOf(span)) ?? 0
    if (left === 0) continue
    open.set(keyOf(span), left - 1)
    matches++
  }
  return matches
}

function keyOf({ start, end, label }: Span): string {
  return `${start}/${end}/${label}`
}

function scoreOf(matches: number, found: number, reference: number): SpanScore {
  return {
    precision: found === 0 ? null : matches / found,
    recall: reference === 0 ? null : matches / reference,
    f1: found + reference === 0 ? 1 : (2 * matches) / (found + reference),
  }
}
