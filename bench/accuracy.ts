/**
 * Accuracy of every kind of consensus on real crowds, nothing known beforehand: one evaluator per kind of data set.
 * `npm run bench -- accuracy [--data folder of sets] [--results folder of plots] [--json]`
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { CategoricalReport } from './accuracy/categorical.ts'
import { describe, rowsOf, type SetReport } from './accuracy/set-report.ts'
import { RESULTS, writeBars } from './output/bars.ts'
import { startProgress } from './output/progress.ts'

/** Each has its evaluator in accuracy/<kind>.ts. */
const KINDS = ['categorical', 'numeric', 'text', 'sequence', 'bbox']

type Report = CategoricalReport | SetReport
interface Skipped {
  name: string
  kind: string
  why: string
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(process.env.TAGGER_DATASETS ?? '../shared/data', 'crowd') },
    results: { type: 'string', default: RESULTS },
    json: { type: 'boolean', default: false },
  },
})
const folder = resolve(values.data)
const names = existsSync(folder)
  ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'dataset.json')))
  : []
if (names.length === 0) {
  console.error(
    `There is no data set in ${folder}: give a folder of folders with a dataset.json each by --data.`,
  )
  process.exit(1)
}

const sets: Report[] = []
const skipped: Skipped[] = []
const progress = startProgress('sets', names.length)
for (const [index, name] of names.sort().entries()) {
  progress.update(index, name)
  const result = await evaluate(join(folder, name))
  if ('why' in result) skipped.push(result)
  else sets.push(result)
}
progress.end()
for (const { name, kind, why } of skipped) console.error(`skipped ${name} (${kind}): ${why}`)

const categorical = sets.filter((set) => 'majority' in set)
const mean = meansOf(categorical)
if (!values.json) printTables()
if (categorical.length > 0) console.error(`plot: ${plot()}`)
if (values.json) console.log(JSON.stringify({ sets, skipped, mean }))

async function evaluate(set: string): Promise<Report | Skipped> {
  const { name, kind } = describe(set)
  if (rowsOf(set, 'truth.csv').length === 0) return { name, kind, why: 'it has no truth to compare with' }
  const evaluator = join(import.meta.dirname, 'accuracy', `${kind}.ts`)
  if (!KINDS.includes(kind) || !existsSync(evaluator))
    return { name, kind, why: 'there is no evaluator for this kind' }
  const { evaluate }: { evaluate(folder: string): Promise<Report> } = await import(evaluator)
  return evaluate(set)
}

/** Plain means over sets, of calibration over those large enough. */
function meansOf(reports: readonly CategoricalReport[]) {
  const mean = (of: (report: CategoricalReport) => number | null) => {
    const values = reports.map(of).filter((value) => value !== null)
    return values.reduce((sum, value) => sum + value, 0) / values.length
  }
  const names = Object.keys(reports[0]?.methods ?? {})
  const methods: Record<string, number> = Object.fromEntries(
    names.map((name) => [name, mean((report) => report.methods[name]!)]),
  )
  return {
    majority: mean((report) => report.majority),
    auto: mean((report) => report.auto),
    ece: mean((report) => report.ece),
    eceNoGold: mean((report) => report.eceNoGold),
    eceFloor: mean((report) => report.eceFloor),
    methods,
  }
}

function printTables(): void {
  const methods = Object.keys(categorical[0]?.methods ?? {})
  const share = (value: number | null) => value?.toFixed(4) ?? ''
  const rows = categorical.map(({ name, labels, labelsPerTask, methods: by, ece, eceNoGold, eceFloor }) => [
    name,
    String(labels),
    labelsPerTask.toFixed(1),
    ...methods.map((method) => share(by[method]!)),
    ...[ece, eceNoGold, eceFloor].map(share),
  ])
  printColumns([
    ['set', 'labels', 'per task', ...methods, 'ece', 'no gold', 'floor'],
    ...rows,
    [
      'mean',
      '',
      '',
      ...methods.map((method) => share(mean.methods[method]!)),
      ...[mean.ece, mean.eceNoGold, mean.eceFloor].map(share),
    ],
  ])
  const others = sets.filter((set) => 'measure' in set)
  printColumns([
    ['set', 'kind', 'measure', 'value', 'baseline'],
    ...others.map(({ name, kind, measure, value, baseline }) => [
      name,
      kind,
      measure,
      share(value),
      share(baseline),
    ]),
  ])
}

function printColumns(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
  console.log()
}

function plot(): string {
  const series = ['auto', 'dawidSkene', 'majority']
  const bars = {
    title: 'Right answers on real crowds, nothing known beforehand',
    measure: 'share of items with a truth, ties averaged',
    series,
    groups: categorical.map(({ name, methods }) => ({
      label: name,
      values: series.map((method) => methods[method]!),
    })),
    from: 0.4,
    format: (value: number) => value.toFixed(3),
  }
  return writeBars('accuracy', bars, resolve(values.results))
}
