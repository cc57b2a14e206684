import type { RowReader } from './row.ts'

/** Reads plain text: every line that is not blank is one row under `column`, numbered by line. */
export function* readTextLines(text: string, column: string): RowReader {
  let row = 0
  for (const line of text.split(/\r\n|\n|\r/)) {
    row += 1
    if (line.trim() !== '') yield { row, data: { [column]: line } }
  }
}
