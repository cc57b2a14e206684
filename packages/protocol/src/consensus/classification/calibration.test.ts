import { describe, expect, test } from 'vitest'
import { crowdSet } from '../../../test/crowd-set.ts'
import { seededRandom } from '../../../test/seeded.ts'
import { auto } from './auto.ts'
import { applyCalibration, calibrate, expectedCalibrationError, fitCalibration } from './calibration.ts'

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
    const calibrated = applyCalibration(fitCalibration(posterior, 2, known), posterior, 2, known)
    expect(errorOf(posterior, rest)).toBeGreaterThan(before)
    expect(errorOf(calibrated, rest)).toBeLessThan(0.04)
  }
})

test('a calibration without known items is the prior; a few known items move it little', () => {
  const { posterior, truth } = statedCrowd(1000, () => 0.5, 3)
  const none = new Int32Array(1000).fill(-1)
  expect(fitCalibration(posterior, 2, none)).toEqual({ offset: 0, slope: 0.7 })
  const three = truth.map((label, t) => (t < 3 ? label : -1))
  expect(fitCalibration(posterior, 2, three).slope).toBeGreaterThan(0.4)
})

test('the order of classes stays, rows sum to 1, known rows do not change', () => {
  const posterior = Float64Array.of(0.5, 0.45, 0.05, 1, 0, 0, 0, 1, 0, 1 / 3, 1 / 3, 1 / 3)
  const calibrated = applyCalibration({ offset: -2, slope: 0.3 }, posterior, 3, Int32Array.of(-1, -1, 1, -1))
  for (let t = 0; t < 4; t++) {
    const row = calibrated.subarray(t * 3, t * 3 + 3)
    expect(row[0]! + row[1]! + row[2]!).toBeCloseTo(1, 12)
    expect(row[t === 2 ? 1 : 0]).toBe(Math.max(...row))
  }
  expect(calibrated[0]! / calibrated[1]!).toBeGreaterThanOrEqual(1)
  expect([...calibrated.subarray(6, 9)]).toEqual([0, 1, 0])
})

describe('on real answers (the public data folder, see docs/data.md)', () => {
  test.for(['sp', 'zencrowd_us'])('one item in twenty known: %s', { timeout: 60_000 }, (name, { skip }) => {
    const { table, truth, noneKnown } = crowdSet(name, skip)
    const known = truth.map((label, t) => (t % 20 === 7 ? label : -1))
    const rest = truth.map((label, t) => (t % 20 === 7 ? -1 : label))
    const { posterior } = calibrate(auto, table, known)
    expect(errorOf(posterior, rest)).toBeLessThan(0.05)
    expect(calibrate(auto, table, noneKnown).calibration).toEqual({ offset: 0, slope: 0.7 })
  })
})
