import {
  auto,
  bwa,
  type Classifier,
  dawidSkene,
  ebcc,
  glad,
  ibcc,
  type LabelTable,
  labelTable,
  mace,
  majority,
  oneCoin,
  wawa,
  zeroBasedSkill,
} from '@tagger/protocol/classification'
import { type CalibrationReport, evaluateCalibration } from './calibration.ts'
import { describe, rowsOf } from './set-report.ts'

/** Every method of single choice that is measured, by the name it has in the report. */
export const METHODS: Record<string, Classifier> = {
  auto,
  majority,
  wawa,
  zeroBasedSkill,
  oneCoin,
  dawidSkene,
  ibcc,
  ebcc,
  mace,
  glad,
  bwa,
}

/** What the evaluator says of one categorical set. Accuracies are shares of the items with a truth, ties by their share. */
export interface CategoricalReport extends Nullable<CalibrationReport> {
  name: string
  kind: string
  labels: number
  /** Last answers of each worker, over items that have any. */
  labelsPerTask: number
  truths: number
  majority: number
  /** The default method. */
  auto: number
  methods: Record<string, number>
}

/** Calibration errors are null where there are too few truths to tell. */
type Nullable<T> = { [K in keyof T]: T[K] | null }

export interface CategoricalSet {
  name: string
  kind: string
  table: LabelTable
  /** Class index per item, −1 where it is not known; `classes` where nobody ever gave that label. */
  truth: Int32Array
}

/** Accuracy of every method on a set of the kind `categorical`, nothing known, and how far the default's confidence is off. */
export async function evaluate(folder: string): Promise<CategoricalReport> {
  const set = readCategorical(folder)
  const unknown = new Int32Array(set.table.items).fill(-1)
  const methods: Record<string, number> = {}
  for (const [name, method] of Object.entries(METHODS))
    methods[name] = tieAveragedAccuracy(method(set.table, unknown).posterior, set.truth)
  return {
    name: set.name,
    kind: set.kind,
    labels: set.table.item.length,
    labelsPerTask: set.table.item.length / set.table.items,
    truths: set.truth.filter((k) => k >= 0).length,
    majority: methods.majority!,
    auto: methods.auto!,
    ...(evaluateCalibration(set) ?? { ece: null, eceNoGold: null, eceFloor: null }),
    methods,
  }
}

/** A set as numbers: classes in the order of their names, items and workers as they first appear; the last answer counts. */
export function readCategorical(folder: string): CategoricalSet {
  const answers = rowsOf(folder, 'labels.csv')
  const classes = new Map(
    [...new Set(answers.map((row) => row[2]!))].sort().map((label, index) => [label, index]),
  )
  const workers = new Map<string, number>()
  const items = new Map<string, number>()
  const item = Int32Array.from(answers, (row) => indexIn(items, row[1]!))
  const worker = Int32Array.from(answers, (row) => indexIn(workers, row[0]!))
  const label = Int32Array.from(answers, (row) => classes.get(row[2]!)!)
  const truth = new Int32Array(items.size).fill(-1)
  for (const [name, label] of rowsOf(folder, 'truth.csv')) {
    const at = items.get(name!)
    if (at !== undefined) truth[at] = classes.get(label!) ?? classes.size
  }
  const sizes = { items: items.size, workers: workers.size, classes: classes.size }
  return { ...describe(folder), table: labelTable({ ...sizes, item, worker, label }), truth }
}

/** Share of right top classes among items with a truth; probabilities within 1e-9 of the top are ties. */
export function tieAveragedAccuracy(posterior: Float64Array, truth: Int32Array): number {
  const classes = posterior.length / truth.length
  let right = 0
  let judged = 0
  for (const [t, k] of truth.entries()) {
    if (k < 0) continue
    judged++
    const row = posterior.subarray(t * classes, (t + 1) * classes)
    const top = Math.max(...row) - 1e-9
    if (k < classes && row[k]! >= top) right += 1 / row.filter((p) => p >= top).length
  }
  return right / judged
}

function indexIn(index: Map<string, number>, name: string): number {
  const at = index.get(name) ?? index.size
  index.set(name, at)
  return at
}
