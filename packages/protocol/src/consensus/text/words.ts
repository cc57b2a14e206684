/** A text as words: what is compared, and how each was written. */
export interface Words {
  /** Lower case, without punctuation; an apostrophe within a word stays. */
  readonly keys: readonly string[]
  /** The word as written with the punctuation at it, and a space after it where one was or must be. */
  readonly forms: readonly string[]
}

/** Words of a text beyond this many are not looked at. */
export const MAX_WORDS = 20_000

/** Scripts written without spaces: each of their characters is a word. */
export const UNSPACED =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]'
const WORD = new RegExp(`${UNSPACED}\\p{M}*|(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}'’])+`, 'gu')
const IS_UNSPACED = new RegExp(`^${UNSPACED}`, 'u')
const SPACE = /\s/u

/**
 * Splits a text of any language into words. Case and punctuation are ignored in `keys` only, so that the same words
 * align; joined, the `forms` give the text back, but for runs of spaces.
 */
export function wordsOf(text: string): Words {
  const keys: string[] = []
  const forms: string[] = []
  let lead = ''
  let from = 0
  for (const match of text.matchAll(WORD)) {
    const key = match[0]
      .toLowerCase()
      .replaceAll('’', "'")
      .replace(/^'+|'+$/g, '')
    if (key === '') continue
    if (keys.length === MAX_WORDS) break
    const gap = text.slice(from, match.index)
    if (keys.length === 0) lead = gap.trimStart()
    else lead = attachGap(forms, gap)
    keys.push(key)
    forms.push(lead + match[0])
    from = match.index + match[0].length
  }
  if (keys.length > 0) forms[forms.length - 1] += endOf(keys.at(-1)!, text.slice(from))
  return { keys, forms }
}

/** Gives what stands between two words to the one before; returns what belongs to the one after. */
function attachGap(forms: string[], gap: string): string {
  const last = forms.length - 1
  const parts = gap.split(/\s+/u)
  if (parts.length === 1) {
    forms[last] += gap
    return ''
  }
  forms[last] += `${parts.slice(0, -1).join(' ').trimEnd()} `
  return parts.at(-1)!
}

/** What follows the last word; a space in case another word comes to stand after it. */
function endOf(key: string, rest: string): string {
  const end = rest.split(/\s+/u).join(' ').trimEnd()
  return IS_UNSPACED.test(key) && !SPACE.test(rest) ? end : `${end} `
}
