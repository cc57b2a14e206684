import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import {
  type LabelTable,
  labelTable,
  type UnsortedLabels,
} from '../src/consensus/classification/label-table.ts'

/** The public data folder (docs/data.md). */
const DATA = process.env.TAGGER_DATASETS ?? join(import.meta.dirname, '../../../../shared/data')

/** A published set of crowd labels; `truth` per item, −1 where unknown. */
export interface CrowdSet {
  labels: UnsortedLabels
  table: LabelTable
  truth: Int32Array
  noneKnown: Int32Array
}

/** Reads a categorical set of the data folder; skips the test with the reason where it is not there. */
export function crowdSet(name: string, skip: TestContext['skip']): CrowdSet {
  const folder = join(DATA, 'crowd', name)
  if (!existsSync(folder)) skip(`the public data set ${name} is not at ${folder}`)
  const rows = (file: string) =>
    readFileSync(join(folder, file), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','))
  const answers = rows('labels.csv')
  const classNames = [...new Set(answers.map(([, , label]) => label!))].sort()
  const [workers, items, classes] = [new Map<string, number>(), new Map<string, number>(), new Map()]
  for (const label of classNames) classes.set(label, classes.size)
  const indexIn = (index: Map<string, number>, name: string) => {
    if (!index.has(name)) index.set(name, index.size)
    return index.get(name)!
  }
  const worker = Int32Array.from(answers, ([name]) => indexIn(workers, name!))
  const item = Int32Array.from(answers, ([, name]) => indexIn(items, name!))
  const label = Int32Array.from(answers, ([, , name]) => classes.get(name!)!)
  const labels = { workers: workers.size, items: items.size, classes: classes.size, worker, item, label }
  const truth = new Int32Array(items.size).fill(-1)
  for (const [name, label] of rows('truth.csv')) {
    const at = items.get(name!)
    if (at !== undefined) truth[at] = classes.get(label!) ?? classes.size
  }
  return { labels, table: labelTable(labels), truth, noneKnown: new Int32Array(items.size).fill(-1) }
}

/** Share of right answers among items with a truth; a tie counts by its share. */
export function accuracy(posterior: Float64Array, truth: Int32Array): number {
  const classes = posterior.length / truth.length
  let right = 0
  let judged = 0
  for (let t = 0; t < truth.length; t++) {
    if (truth[t]! < 0) continue
    judged++
    const row = posterior.subarray(t * classes, (t + 1) * classes)
    const top = Math.max(...row) - 1e-9
    if (row[truth[t]!]! >= top) right += 1 / row.filter((p) => p >= top).length
  }
  return right / judged
}
