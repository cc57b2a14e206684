import type { Method, Spec } from '../spec/spec.ts'
import { type MethodPick, pickMethod } from './classification/auto.ts'
import { answerByAuto } from './classification/auto-answer.ts'
import { dawidSkeneOfLogs } from './classification/dawid-skene-logs.ts'
import type { GoldTarget } from './classification/gold-check.ts'
import type { Classification, Classifier, LabelTable } from './classification/label-table.ts'
import { majority } from './classification/majority.ts'

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
  readonly classification: Classification
  /** Label index per item, −1 where no gold is revealed or the crowd contradicts it (`auto` alone asks). */
  readonly known: Int32Array
  /** What the campaign keeps of its pick of a method: nothing where the spec names one, or labels are few. */
  readonly pick: MethodPick | undefined
}

/** Makes a fit. */
export function makeFit({ method, target, pick, table, known }: FitTask): Fitted {
  if (method !== 'auto') return { classification: FIXED[method](table, known), known, pick }
  const picked = pick ?? pickMethod(table, known)
  const classification = answerByAuto(picked, table, known, target)
  const isKept = table.label.length >= LEAST_LABELS_OF_A_PICK
  return { classification, known: classification.standing, pick: isKept ? picked : undefined }
}

/** A fit as plain data, to be sent between threads. */
export interface PackedFit extends Pick<Fitted, 'known' | 'pick'> {
  readonly posterior: Float64Array
  /** Labels × classes: {@link Classification.withoutLabel} of every label. */
  readonly withoutLabels: Float64Array
}

/** Works out all that may be asked of a fit. */
export function packFit({ classification, known, pick }: Fitted, { label, classes }: LabelTable): PackedFit {
  const { posterior, withoutLabel } = classification
  const withoutLabels = new Float64Array(label.length * classes)
  const row = new Float64Array(classes)
  for (let i = 0; i < label.length; i++) withoutLabels.set(withoutLabel(i, row), i * classes)
  return { posterior, withoutLabels, known, pick }
}

/** The fit again, as it was. */
export function unpackFit({ posterior, withoutLabels, known, pick }: PackedFit, classes: number): Fitted {
  const withoutLabel = (index: number) => withoutLabels.subarray(index * classes, (index + 1) * classes)
  return { classification: { posterior, withoutLabel }, known, pick }
}
