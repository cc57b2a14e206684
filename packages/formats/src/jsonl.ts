import { columnProblem, type RowReader } from './row.ts'

/**
 * Reads JSON Lines: one object a line, rows numbered by line. Numbers keep their digits, nested values become
 * JSON text, null an empty text. Blank lines are passed over.
 */
export function* readJsonl(text: string): RowReader {
  let row = 0
  for (const line of linesOf(text)) {
    row += 1
    if (line.trim() === '') continue
    const cells = readLine(line)
    if (typeof cells === 'string') {
      yield { row, problem: cells }
    } else {
      const problem = Object.keys(cells)
        .map(columnProblem)
        .find((found) => found !== null)
      yield problem ? { row, problem } : { row, data: cells }
    }
  }
}

/** One line of JSON Lines. */
export function jsonlLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}

function* linesOf(text: string): Generator<string> {
  let from = 0
  while (from < text.length) {
    const end = text.indexOf('\n', from)
    if (end < 0) {
      yield text.slice(from)
      return
    }
    yield text.slice(from, end)
    from = end + 1
  }
}

/** A number of the file as its digits: 12345678901234567890 would not survive as a double. */
class Digits {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown

// Engines of today pass the source text; older ones give the double's own digits.
const keepDigits: Reviver = (_key, value, context) =>
  typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value

/** The cells of one line, or why there are none. */
function readLine(line: string): Record<string, string> | string {
  try {
    const value: unknown = JSON.parse(line, keepDigits as (key: string, value: unknown) => unknown)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (!isObject || value instanceof Digits) return 'this line is JSON, but not an object'
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, cellOf(entry)]))
  } catch (error) {
    return error instanceof RangeError ? 'this line is nested too deeply' : 'this line is not JSON'
  }
}

function cellOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null ? '' : jsonText(value)
}

function jsonText(value: unknown): string {
  if (value instanceof Digits) return value.source
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}:${jsonText(entry)}`)
  return `{${entries.join(',')}}`
}
