/** Characters after which a slash begins a regular expression rather than a division. */
const BEFORE_REGEX =
  /(?:^|[=(,;:?!&|{[*%~^>]|(?<!\+)\+|(?<!-)-|\b(?:return|typeof|case|in|of|do|else|void|await|yield))\s*$/

/**
 * Source text with comments, strings and regular expressions blanked out; every kept character stays in its place.
 * Quotes stay too, and the code inside `${…}` of a template is code.
 */
export function maskSource(source: string): string {
  let masked = ''
  // One number per open template: how many braces are open inside its current `${`.
  const templates: number[] = []
  let at = 0

  const keep = (length: number) => {
    masked += source.slice(at, at + length)
    at += length
  }
  const blank = (end: number) => {
    masked += source.slice(at, end).replace(/[^\n]/g, ' ')
    at = end
  }
  const template = () => {
    blank(endOfTemplateText(source, at))
    if (source.startsWith('${', at)) {
      keep(2)
      templates.push(0)
    } else keep(1)
  }

  while (at < source.length) {
    const char = source[at]!
    if (source.startsWith('//', at)) blank(endOf(source, '\n', at))
    else if (source.startsWith('/*', at)) blank(Math.min(source.length, endOf(source, '*/', at + 2) + 2))
    else if (char === '"' || char === "'") {
      keep(1)
      blank(endOfQuoted(source, at, char))
      if (source[at] === char) keep(1)
    } else if (char === '`') {
      keep(1)
      template()
    } else if (char === '}' && templates.at(-1) === 0) {
      templates.pop()
      keep(1)
      template()
    } else if (char === '/' && BEFORE_REGEX.test(masked.slice(-12)) && endOfRegex(source, at) > 0) {
      keep(1)
      blank(endOfRegex(source, at - 1))
      keep(1)
    } else {
      if (templates.length > 0 && char === '{') templates[templates.length - 1]!++
      if (templates.length > 0 && char === '}') templates[templates.length - 1]!--
      keep(1)
    }
  }
  return masked
}

/** The line of a position, counted from 1. */
export function lineAt(source: string, position: number): number {
  return source.slice(0, position).split('\n').length
}

function endOf(source: string, text: string, from: number): number {
  const end = source.indexOf(text, from)
  return end < 0 ? source.length : end
}

/** A string ends at its line's end at the latest, so an apostrophe in JSX text hides one line at most. */
function endOfQuoted(source: string, from: number, quote: string): number {
  let end = from
  while (end < source.length && source[end] !== quote && source[end] !== '\n')
    end += source[end] === '\\' ? 2 : 1
  return Math.min(end, source.length)
}

function endOfTemplateText(source: string, from: number): number {
  let end = from
  while (end < source.length && source[end] !== '`' && !source.startsWith('${', end))
    end += source[end] === '\\' ? 2 : 1
  return Math.min(end, source.length)
}

/** Where the regular expression that begins here closes on its own line, or -1. */
function endOfRegex(source: string, from: number): number {
  let inClass = false
  for (let end = from + 1; end < source.length && source[end] !== '\n'; end++) {
    const char = source[end]
    if (char === '\\') end++
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '/' && !inClass) return end
  }
  return -1
}
