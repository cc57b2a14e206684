import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What an evaluator of one kind says of one data set: the default consensus against the best naive answer. */
export interface SetReport {
  name: string
  kind: string
  labels: number
  labelsPerTask: number
  /** What `value`, `baseline` and `methods` measure. */
  measure: string
  value: number
  baseline: number
  methods: Record<string, number>
}

/** Name and kind of the data set in a folder. */
export function describe(folder: string): { name: string; kind: string } {
  return JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8'))
}

/** The rows below the header of a CSV file; quoted cells may hold commas, line breaks and doubled quotes. */
export function rowsOf(folder: string, file: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const text = readFileSync(join(folder, file), 'utf8')
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain!)
    if (end === ',') continue
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  return rows.slice(1)
}
