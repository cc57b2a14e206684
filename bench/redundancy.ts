/**
 * Labels saved by adaptive redundancy on real crowds: each set with a truth is collected anew in random orders, the rule
 * stopping items, and `auto` on what was collected is held against majority over all labels.
 * `npm run bench -- redundancy [--data folder of sets] [--orders 20] [--json]`
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { auto, majority } from '@tagger/protocol/classification'
import { readCategorical, tieAveragedAccuracy } from './accuracy/categorical.ts'
import { describe, rowsOf } from './accuracy/set-report.ts'
import { writeBars } from './output/bars.ts'
import { startProgress } from './output/progress.ts'
import { collect } from './redundancy/replay.ts'

/** Where fewer labels were collected there is little to save; such sets are shown and left out of the mean. */
const LEAST_LABELS_PER_TASK = 5

interface SetReport {
  name: string
  /** One label per worker and item. */
  labelsPerTask: number
  orders: number
  /** Share of the labels that were not asked for. */
  saved: number
  /** Accuracy of `auto` on what was collected minus that of majority over all labels, mean over orders. */
  accuracyChange: number
  /** The same of the worst order. */
  worstOrder: number
  /** The same of `auto` over all labels: what the method gives without saving. */
  accuracyChangeUnsaved: number
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(process.env.TAGGER_DATASETS ?? '../shared/data', 'crowd') },
    orders: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
})
const folder = resolve(values.data)
const orders = Number(values.orders)
const names = existsSync(folder) ? readdirSync(folder).filter(isMeasured).sort() : []
if (names.length === 0 || !(orders >= 1)) {
  console.error(
    `There is no categorical data set with a truth in ${folder}, or --orders is no count: give a folder of folders ` +
      'with a dataset.json, labels.csv and truth.csv each by --data.',
  )
  process.exit(1)
}

const progress = startProgress('replays', names.length * orders)
const sets = names.map((name, index) => measure(name, index * orders))
progress.end()
const counted = sets.filter((set) => set.labelsPerTask >= LEAST_LABELS_PER_TASK)
const mean = {
  saved: meanOf(counted.map((set) => set.saved)),
  accuracyChange: meanOf(counted.map((set) => set.accuracyChange)),
}
if (!values.json) printSentences()
console.error(`plot: ${plot()}`)
if (values.json) console.log(JSON.stringify({ sets, mean }))

function isMeasured(name: string): boolean {
  const set = join(folder, name)
  return (
    existsSync(join(set, 'dataset.json')) &&
    describe(set).kind === 'categorical' &&
    rowsOf(set, 'truth.csv').length > 0
  )
}

function measure(name: string, done: number): SetReport {
  const { table, truth } = readCategorical(join(folder, name))
  const unknown = new Int32Array(table.items).fill(-1)
  const baseline = tieAveragedAccuracy(majority(table, unknown).posterior, truth)
  const changeOf = (labels: typeof table) =>
    tieAveragedAccuracy(auto(labels, unknown).posterior, truth) - baseline
  const saved: number[] = []
  const changes: number[] = []
  for (let order = 1; order <= orders; order++) {
    progress.update(done + order - 1, name)
    const collected = collect(table, order)
    saved.push(1 - collected.item.length / table.item.length)
    changes.push(changeOf(collected))
  }
  return {
    name,
    labelsPerTask: table.item.length / table.items,
    orders,
    saved: meanOf(saved),
    accuracyChange: meanOf(changes),
    worstOrder: Math.min(...changes),
    accuracyChangeUnsaved: changeOf(table),
  }
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function printSentences(): void {
  const points = (change: number) => `${change < 0 ? '−' : '+'}${Math.abs(100 * change).toFixed(2)}`
  for (const set of sets) {
    const outside = set.labelsPerTask < LEAST_LABELS_PER_TASK ? ' (not in the mean)' : ''
    console.log(
      `${set.name}: ${set.labelsPerTask.toFixed(1)} labels per task, ${(100 * set.saved).toFixed(1)} % saved, accuracy ` +
        `${points(set.accuracyChange)} points (worst order ${points(set.worstOrder)}, nothing saved ` +
        `${points(set.accuracyChangeUnsaved)})${outside}`,
    )
  }
  console.log(
    `mean of ${counted.length} sets: ${(100 * mean.saved).toFixed(1)} % saved, ${points(mean.accuracyChange)} points`,
  )
}

function plot(): string {
  return writeBars('redundancy', {
    title: 'Labels saved by asking only where it helps',
    measure: `share of labels not asked for; points of accuracy against majority over all, mean of ${orders} orders`,
    series: ['saved'],
    groups: sets.map(({ name, saved, accuracyChange }) => ({
      label: `${name} (${accuracyChange < 0 ? '−' : '+'}${Math.abs(100 * accuracyChange).toFixed(1)})`,
      values: [saved],
    })),
    format: (value) => `${(100 * value).toFixed(0)} %`,
  })
}
