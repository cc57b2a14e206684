import { TaggerError } from '@tagger/protocol'
import { type CsvRecord, readCsvRecords } from './csv-records.ts'
import { columnProblem, type RowReader } from './row.ts'

const DELIMITERS = [',', ';', '\t'] as const

/**
 * Reads CSV with a header row, delimited by commas, semicolons or tabs (whichever the header has most of).
 * Rows are numbered as in a spreadsheet: the header is row 1. Blank lines hold nothing and are passed over.
 * Throws `bad-document` when the header cannot be read.
 */
export function readCsv(text: string): RowReader {
  const delimiter = detectDelimiter(text)
  const columns = readHeader(readCsvRecords(text, delimiter))
  return rowsOf(readCsvRecords(text, delimiter), columns)
}

function* rowsOf(records: Iterable<CsvRecord>, columns: readonly string[]): RowReader {
  let row = 0
  for (const { cells, problem } of records) {
    row += 1
    if (row === 1) continue
    const isBlank = cells.length === 1 && cells[0] === ''
    if (isBlank && columns.length > 1) continue
    if (problem !== null) {
      yield { row, problem }
    } else if (cells.length !== columns.length) {
      yield { row, problem: `${cells.length} cells where the header has ${columns.length}` }
    } else {
      yield { row, data: Object.fromEntries(columns.map((column, i) => [column, cells[i]!])) }
    }
  }
}

function readHeader(records: Generator<CsvRecord>): string[] {
  const { value: header } = records.next() as { value: CsvRecord | undefined }
  if (header === undefined) throw unreadable('it is empty')
  if (header.problem !== null) throw unreadable(header.problem)
  const columns = header.cells.map((cell) => cell.trim())
  for (const column of columns) {
    const problem = columnProblem(column)
    if (problem !== null) throw unreadable(problem)
  }
  const twice = columns.find((column, i) => columns.indexOf(column) !== i)
  if (twice !== undefined) throw unreadable(`two columns are called "${twice}"`)
  return columns
}

function detectDelimiter(text: string): string {
  const counts = new Map<string, number>(DELIMITERS.map((delimiter) => [delimiter, 0]))
  let isQuoted = false
  for (const unit of text) {
    if (unit === '"') isQuoted = !isQuoted
    if (isQuoted) continue
    if (unit === '\n' || unit === '\r') break
    const count = counts.get(unit)
    if (count !== undefined) counts.set(unit, count + 1)
  }
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0]
}

function unreadable(problem: string): TaggerError {
  return new TaggerError('bad-document', `The header of this CSV cannot be read: ${problem}`, {
    hints: ['The first row must name every column once.'],
  })
}

/** One CSV line with its line break; cells are quoted where they must be. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoteCell).join(',')}\r\n`
}

/** A cell that a spreadsheet shows as text even when it looks like a formula: contributors' texts are not trusted. */
export function inertCell(cell: string): string {
  const looksLikeFormula = /^[=@\t\r]/.test(cell) || (/^[+-]/.test(cell) && !/^[+-]?[\d.,]+$/.test(cell))
  return looksLikeFormula ? `'${cell}` : cell
}

function quoteCell(cell: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
