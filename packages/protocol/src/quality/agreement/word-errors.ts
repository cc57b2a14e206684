/** Word errors of a text against a reference; `rate` is null for an empty reference. */
export interface WordErrors {
  readonly edits: number
  readonly words: number
  readonly rate: number | null
}

/**
 * Word error rate: substitutions, deletions and insertions of the shortest edit (Levenshtein 1966) divided by the
 * reference's length. May exceed 1. Texts come as tokens; how to split and fold case is the caller's choice.
 */
export function wordErrors(text: readonly string[], reference: readonly string[]): WordErrors {
  const edits = editDistance(text, reference)
  const words = reference.length
  return { edits, words, rate: words === 0 ? null : edits / words }
}

/** Symmetric agreement of two texts: 1 − edits ÷ the longer one's length; two empty texts agree fully. */
export function wordAgreement(a: readonly string[], b: readonly string[]): number {
  const longer = Math.max(a.length, b.length)
  return longer === 0 ? 1 : 1 - editDistance(a, b) / longer
}

function editDistance(a: readonly string[], b: readonly string[]): number {
  let row = Int32Array.from({ length: b.length + 1 }, (_, j) => j)
  let next = new Int32Array(b.length + 1)
  for (let i = 1; i <= a.length; i++) {
    next[0] = i
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next[j] = Math.min(swap, row[j]! + 1, next[j - 1]! + 1)
    }
    ;[row, next] = [next, row]
  }
  return row[b.length]!
}
