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

/** The rows below the header of a CSV file without quoted cells. */
export function rowsOf(folder: string, file: string): string[][] {
  return readFileSync(join(folder, file), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
}
