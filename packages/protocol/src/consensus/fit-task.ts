import type { Method, Spec } from '../spec/spec.ts'
import { type MethodPick, pickMethod } from './classification/auto.ts'
import { answerByAuto } from './classification/auto-answer.ts'
import { dawidSkeneOfLogs } from './classification/dawid-skene-logs.ts'
import type { GoldTarget } from './classification/gold-check.ts'
import type { Classification, Classifier, LabelTable } from './classification/label-table.ts'
import { majority } from './classification/majority.ts'
import { type Others, othersOf } from './classification/others.ts'

/** The methods that need no pick. */
const FIXED: Record<Exclude<Method, 'auto'>, Classifier> = { majority, 'dawid-skene': dawidSkeneOfLogs }
/** A pick made from fewer labels is made anew for the next batch. */
const LEAST_LABELS_OF_A_PICK = 100

/** A fit to be made. Plain data: it may be made in another thread. */
export interface FitTask {
  readonly method: Spec['consensus']['method']
  readonly target: GoldTarget
  /** The method picked in an earlier batch. */
  readonly pick: MethodPick | undefined
  readonly table: LabelTable
  /** Label index per item, −1 where no gold is revealed. */
  readonly known: Int32Array
}

/** What came of it. */
export interface Fitted {
  /** Items × classes. */
  readonly posterior: Float64Array
  readonly others: () => Others
  /** Label index per item, −1 where no gold is revealed or the crowd contradicts it (`auto` alone asks). */
  readonly known: Int32Array
  /** What the campaign keeps of its pick of a method: nothing where the spec names one, or labels are few. */
  readonly pick: MethodPick | undefined
}

/** Makes a fit. */
export function makeFit({ method, target, pick, table, known }: FitTask): Fitted {
  if (method !== 'auto') return { ...fittedBy(table, FIXED[method](table, known)), known, pick }
  const picked = pick ?? pickMethod(table, known)
  const answer = answerByAuto(picked, table, known, target)
  const isKept = table.label.length >= LEAST_LABELS_OF_A_PICK
  return { ...fittedBy(table, answer), known: answer.standing, pick: isKept ? picked : undefined }
}

function fittedBy(table: LabelTable, classification: Classification): Pick<Fitted, 'posterior' | 'others'> {
  return { posterior: classification.posterior, others: () => othersOf(table, classification) }
}

/** A fit as plain data, to be sent between threads. */
export interface PackedFit extends Omit<Fitted, 'others'> {
  readonly others: Others
}

/** Works out all that may be asked of a fit. */
export function packFit({ others, ...fitted }: Fitted): PackedFit {
  return { ...fitted, others: others() }
}

/** The fit again, as it was. */
export function unpackFit({ others, ...fitted }: PackedFit): Fitted {
  return { ...fitted, others: () => others }
}
