import type { LabelTable } from '../../consensus/classification/label-table.ts'
import { log } from '../../math/log-exp.ts'

const MIXTURE_STEPS = 20
/** Imagined answers of every class before the first: habits are unknown then. */
const IMAGINED = 0.5

/**
 * How far some labels of one worker follow what the others say: the weight of most likelihood (EM) in
 * answer = response × others + (1 − response) × the worker's own habits. 0 without labels.
 */
export function responseOf(
  { label, classes }: LabelTable,
  support: Float64Array,
  labels: Int32Array,
): number {
  if (labels.length === 0) return 0
  const habits = new Float64Array(classes).fill(IMAGINED)
  for (const i of labels) habits[label[i]!]!++
  const total = labels.length + classes * IMAGINED
  let response = 0.5
  for (let step = 0; step < MIXTURE_STEPS; step++) {
    let sum = 0
    for (const i of labels) {
      const following = response * support[i]!
      sum += following / (following + (1 - response) * (habits[label[i]!]! / total))
    }
    response = sum / labels.length
  }
  return response
}

/**
 * Log evidence that answers come from habit alone against a response of at least `least`, over labels in time order. Per
 * answer: habit ÷ (least × others + (1 − least) × habit), at most 1 for an answer most others give: who works through
 * items that are all alike answers alike. Habits are those shown before each answer, so they cannot fit it.
 */
export function blindnessOf(
  { label, classes }: LabelTable,
  support: Float64Array,
  labels: Int32Array,
  least: number,
): number {
  const habits = new Float64Array(classes).fill(IMAGINED)
  let total = classes * IMAGINED
  let evidence = 0
  for (const i of labels) {
    const habit = habits[label[i]!]! / total
    const odds = habit / (least * support[i]! + (1 - least) * habit)
    evidence += log(support[i]! >= 0.5 ? Math.min(1, odds) : odds)
    habits[label[i]!]!++
    total++
  }
  return evidence
}

/**
 * Log evidence that answers depend on the others' leading class in some fixed way, be it by always taking two classes for
 * each other: habits per leading class against habits, both as shown before each answer. `votes`: labels per item and class.
 */
export function followingOf(
  { item, label, classes }: LabelTable,
  votes: Int32Array,
  labels: Int32Array,
): number {
  const given = new Float64Array(classes * classes).fill(IMAGINED)
  const rows = new Float64Array(classes).fill(classes * IMAGINED)
  const habits = new Float64Array(classes).fill(IMAGINED)
  let total = classes * IMAGINED
  let evidence = 0
  for (const i of labels) {
    const [own, from] = [label[i]!, item[i]! * classes]
    let [leading, most] = [0, -1]
    for (let k = 0; k < classes; k++) {
      const count = votes[from + k]! - (k === own ? 1 : 0)
      if (count > most) [leading, most] = [k, count]
    }
    evidence += log((given[leading * classes + own]! / rows[leading]!) * (total / habits[own]!))
    given[leading * classes + own]!++
    rows[leading]!++
    habits[own]!++
    total++
  }
  return evidence
}
