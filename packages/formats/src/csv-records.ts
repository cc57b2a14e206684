/** One record as it stands in the file; `problem` is set when its quotes are not as RFC 4180 has them. */
export interface CsvRecord {
  cells: string[]
  problem: string | null
}

const UNCLOSED = 'a quote opened here is never closed; everything after it is part of this row'
const AFTER_QUOTE = 'text follows a closing quote'

/**
 * Splits CSV (RFC 4180) into records: quoted cells may hold delimiters, line breaks and doubled quotes;
 * rows end with \r\n, \n or \r. A quote inside an unquoted cell is kept as it is.
 */
export function* readCsvRecords(text: string, delimiter: string): Generator<CsvRecord> {
  let at = 0
  while (at < text.length) {
    const cells: string[] = []
    let problem: string | null = null
    for (let isOpen = true; isOpen; ) {
      const cell = text[at] === '"' ? quotedCell(text, at, delimiter) : plainCell(text, at, delimiter)
      cells.push(cell.value)
      problem ??= cell.problem
      at = cell.end
      isOpen = text[at] === delimiter
      if (isOpen) at += 1
    }
    at += text.startsWith('\r\n', at) ? 2 : 1
    yield { cells, problem }
  }
}

interface Cell {
  value: string
  /** Where the delimiter, the line break or the end of the text is. */
  end: number
  problem: string | null
}

function plainCell(text: string, start: number, delimiter: string): Cell {
  const end = cellEnd(text, start, delimiter)
  return { value: text.slice(start, end), end, problem: null }
}

function quotedCell(text: string, start: number, delimiter: string): Cell {
  let from = start + 1
  let value = ''
  while (true) {
    const quote = text.indexOf('"', from)
    if (quote < 0) return { value: value + text.slice(from), end: text.length, problem: UNCLOSED }
    value += text.slice(from, quote)
    if (text[quote + 1] === '"') {
      value += '"'
      from = quote + 2
      continue
    }
    const end = cellEnd(text, quote + 1, delimiter)
    const rest = text.slice(quote + 1, end)
    return { value: value + rest, end, problem: rest.trim() === '' ? null : AFTER_QUOTE }
  }
}

function cellEnd(text: string, start: number, delimiter: string): number {
  for (let i = start; i < text.length; i++) {
    const unit = text[i]
    if (unit === delimiter || unit === '\n' || unit === '\r') return i
  }
  return text.length
}
