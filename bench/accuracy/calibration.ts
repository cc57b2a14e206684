import { answerByAuto, expectedCalibrationError, pickMethod } from '@tagger/protocol/classification'
import { seededRandom, shuffled } from '@tagger/protocol/seeded'
import type { CategoricalSet } from './categorical.ts'

const DRAWS = 10
const GOLD_SHARE = 0.05
/** Sets with fewer truths say little: the noise alone is above the target. */
export const LEAST_TRUTHS = 300

/** Expected calibration errors of the top label over the items with a truth that are not gold; means of ten draws. */
export interface CalibrationReport {
  /** One item with a truth in twenty is known to the method. */
  ece: number
  /** Nothing is known. */
  eceNoGold: number
  /** What noise alone would give: truth redrawn from the stated confidences. */
  eceFloor: number
}

/** What a campaign of usual terms asks of a crowd that is to overrule a known answer. */
const TARGET = { confidence: 900_000, labels: 3 }

/** Calibration of the default method on one set, from seeded draws of gold; null where there are too few truths. */
export function evaluateCalibration({ table, truth }: CategoricalSet): CalibrationReport | null {
  const judged = Array.from(truth.keys()).filter((t) => truth[t]! >= 0)
  if (judged.length < LEAST_TRUTHS) return null
  const random = seededRandom(judged.length)
  const none = new Int32Array(table.items).fill(-1)
  const answer = (known: Int32Array) => answerByAuto(pickMethod(table, known), table, known, TARGET).posterior
  const blind = answer(none)
  const report = { ece: 0, eceNoGold: 0, eceFloor: 0 }
  for (let draw = 0; draw < DRAWS; draw++) {
    const known = none.slice()
    const order = shuffled(judged, random)
    const gold = Math.round(judged.length * GOLD_SHARE)
    for (const t of order.slice(0, gold)) if (truth[t]! < table.classes) known[t] = truth[t]!
    const rest = order.slice(gold)
    const informed = outcomes(answer(known), table.classes, truth, rest)
    const uninformed = outcomes(blind, table.classes, truth, rest)
    const redrawn = informed.stated.map((p) => (random() < p ? 1 : 0))
    report.ece += expectedCalibrationError(informed.stated, informed.right) / DRAWS
    report.eceNoGold += expectedCalibrationError(uninformed.stated, uninformed.right) / DRAWS
    report.eceFloor += expectedCalibrationError(informed.stated, redrawn) / DRAWS
  }
  return report
}

function outcomes(posterior: Float64Array, classes: number, truth: Int32Array, items: readonly number[]) {
  const stated: number[] = []
  const right: number[] = []
  for (const t of items) {
    const row = posterior.subarray(t * classes, (t + 1) * classes)
    const top = row.reduce((best, p, k) => (p > row[best]! ? k : best), 0)
    stated.push(row[top]!)
    right.push(top === truth[t] ? 1 : 0)
  }
  return { stated, right }
}
