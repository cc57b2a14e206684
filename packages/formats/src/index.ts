export { csvLine, inertCell, readCsv } from './csv.ts'
export { jsonlLine, readJsonl } from './jsonl.ts'
export { type BadRow, isBadRow, type Row, type RowReader } from './row.ts'
export { readTextLines } from './text.ts'
