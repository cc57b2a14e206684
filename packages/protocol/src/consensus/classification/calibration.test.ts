import { describe, expect, test } from 'vitest'
import { crowdSet } from '../../../test/crowd-set.ts'
import { seededRandom } from '../../../test/seeded.ts'
import { pickMethod } from './auto.ts'
import { answerByAuto } from './auto-answer.ts'
import { applyCalibration, expectedCalibrationError, fitCalibration } from './calibration.ts'
import { labelTable } from './label-table.ts'
import { sharedErrors } from './shared-errors.ts'

/** Items of two classes, always said to be class 0 with the confidence given, right as often as `rightOf` says. */
function statedCrowd(items: number, rightOf: (stated: number) => number, seed: number) {
  const random = seededRandom(seed)
  const posterior = new Float64Array(items * 2)
  const truth = new Int32Array(items)
  for (let t = 0; t < items; t++) {
    const stated = 0.5 + 0.49 * random()
    posterior.set([stated, 1 - stated], t * 2)
    truth[t] = random() < rightOf(stated) ? 0 : 1
  }
  return { posterior, truth }
}

const errorOf = (posterior: Float64Array, truth: Int32Array) => {
  const classes = posterior.length / truth.length
  const stated: number[] = []
  const right: number[] = []
  for (let t = 0; t < truth.length; t++) {
    if (truth[t]! < 0) continue
    const row = posterior.subarray(t * classes, (t + 1) * classes)
    stated.push(Math.max(...row))
    right.push(row.indexOf(Math.max(...row)) === truth[t] ? 1 : 0)
  }
  return expectedCalibrationError(stated, right)
}

test('the calibration error adds what each bin is off by', () => {
  // Bin 6: stated 0.65 twice, right once; bin 9: stated 1 and 0.95, right both times.
  expect(expectedCalibrationError([0.65, 0.65, 1, 0.95], [1, 0, 1, 1])).toBeCloseTo((0.3 + 0.05) / 4, 12)
  expect(expectedCalibrationError([], [])).toBe(0)
})

test('an overconfident crowd is brought down by known items, a calibrated one is left as it is', () => {
  const cases = [
    [(stated: number) => 0.5 + (stated - 0.5) / 2, 0.1],
    [(stated: number) => stated, 0],
  ] as const
  for (const [rightOf, before] of cases) {
    const { posterior, truth } = statedCrowd(4000, rightOf, 2)
    const known = truth.map((label, t) => (t % 5 === 0 ? label : -1))
    const rest = truth.map((label, t) => (t % 5 === 0 ? -1 : label))
    const calibrated = applyCalibration(fitCalibration(posterior, 2, known, 0), posterior, 2, known)
    expect(errorOf(posterior, rest)).toBeGreaterThan(before)
    expect(errorOf(calibrated, rest)).toBeLessThan(0.04)
  }
})

test('a calibration without known items is the prior; a few known items move it little', () => {
  const { posterior, truth } = statedCrowd(1000, () => 0.5, 3)
  const none = new Int32Array(1000).fill(-1)
  expect(fitCalibration(posterior, 2, none, 0)).toEqual({ offset: 0.1, slope: 1 })
  expect(fitCalibration(posterior, 2, none, 0.2).offset).toBeCloseTo(-0.6, 12)
  const three = truth.map((label, t) => (t < 3 ? label : -1))
  expect(fitCalibration(posterior, 2, three, 0).slope).toBeGreaterThan(0.7)
})

test('the order of classes stays, rows sum to 1, known rows do not change', () => {
  const posterior = Float64Array.of(0.5, 0.45, 0.05, 1, 0, 0, 0, 1, 0, 1 / 3, 1 / 3, 1 / 3)
  const calibrated = applyCalibration({ offset: -2, slope: 0.3 }, posterior, 3, Int32Array.of(-1, -1, 1, -1))
  for (let t = 0; t < 4; t++) {
    const row = calibrated.subarray(t * 3, t * 3 + 3)
    expect(row[0]! + row[1]! + row[2]!).toBeCloseTo(1, 12)
    expect(row[t === 2 ? 1 : 0]).toBe(Math.max(...row))
  }
  expect(calibrated[0]!).toBeGreaterThan(calibrated[1]!)
  expect([...calibrated.subarray(6, 9)]).toEqual([0, 1, 0])
})

describe('errors made together', () => {
  /** 2,000 items of three classes, five labels each of 50 workers right 8 times in 10; on some items a decoy is seen instead. */
  const crowd = (decoys: number) => {
    const random = seededRandom(5)
    const truth = Int32Array.from({ length: 2000 }, () => Math.floor(random() * 3))
    const item = Int32Array.from({ length: 10_000 }, (_, i) => Math.floor(i / 5))
    const worker = Int32Array.from(item, (t, i) => (7 * t + 11 * (i % 5)) % 50)
    const seen = truth.map((k) => (random() < decoys ? (k + 1) % 3 : k))
    const label = Int32Array.from(item, (t) =>
      random() < 0.8 ? seen[t]! : (seen[t]! + 1 + Math.floor(random() * 2)) % 3,
    )
    const certain = new Float64Array(6000)
    for (const [t, k] of truth.entries()) certain[3 * t + k] = 1
    return { table: labelTable({ items: 2000, workers: 50, classes: 3, item, worker, label }), certain }
  }

  test('workers who err apart have none; a decoy on a tenth of the items shows', () => {
    const apart = crowd(0)
    expect(sharedErrors(apart.table, apart.certain)).toBeLessThan(0.02)
    const together = crowd(0.1)
    // Right .8 of nine tenths, .1 of one: deviations .07 and −.63 from the mean .73, over its variance .197.
    expect(sharedErrors(together.table, together.certain)).toBeCloseTo(0.0441 / 0.1971, 1)
  })

  test('no labels, or none that is wrong: none', () => {
    const none = new Int32Array(0)
    const empty = labelTable({ items: 1, workers: 1, classes: 2, item: none, worker: none, label: none })
    expect(sharedErrors(empty, Float64Array.of(0.5, 0.5))).toBe(0)
    const right = labelTable({
      items: 1,
      workers: 2,
      classes: 2,
      item: Int32Array.of(0, 0),
      worker: Int32Array.of(0, 1),
      label: Int32Array.of(1, 1),
    })
    expect(sharedErrors(right, Float64Array.of(0, 1))).toBe(0)
  })
})

describe('on real answers (the public data folder, see docs/data.md)', () => {
  test.for(['sp', 'zencrowd_us'])('one item in twenty known: %s', { timeout: 60_000 }, (name, { skip }) => {
    const { table, truth, noneKnown } = crowdSet(name, skip)
    const known = truth.map((label, t) => (t % 20 === 7 ? label : -1))
    const rest = truth.map((label, t) => (t % 20 === 7 ? -1 : label))
    const answer = (known: Int32Array) =>
      answerByAuto(pickMethod(table, known), table, known, { confidence: 900_000, labels: 3 })
    expect(errorOf(answer(known).posterior, rest)).toBeLessThan(0.05)
    expect(answer(noneKnown).calibration.slope).toBe(1)
  })
})
