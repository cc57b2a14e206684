/** One row of a file: values by column, all as text. `row` is its number as a spreadsheet or an editor shows it. */
export interface Row {
  row: number
  data: Readonly<Record<string, string>>
}

/** A row that cannot be read, and why. */
export interface BadRow {
  row: number
  problem: string
}

/** A file's rows in order; a bad one stands where it was found. */
export type RowReader = Iterable<Row | BadRow>

/** Whether a row could not be read. */
export function isBadRow(row: Row | BadRow): row is BadRow {
  return 'problem' in row
}

const MAX_COLUMN_NAME = 100
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be in a name
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/** Why a name cannot be a column, or null when it can. */
export function columnProblem(name: string): string | null {
  if (name === '') return 'a column has no name'
  if (name.length > MAX_COLUMN_NAME) {
    return `the column name "${name.slice(0, 20)}…" is longer than ${MAX_COLUMN_NAME} characters`
  }
  if (CONTROLS.test(name)) return 'a column name holds control characters'
  // Setting it on an object would change the object instead of adding a key.
  if (name === '__proto__') return 'a column cannot be called "__proto__"'
  return null
}
