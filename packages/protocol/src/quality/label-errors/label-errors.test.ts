import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { labelTable } from '../../consensus/classification/label-table.ts'
import { confidentJoint } from './confident-joint.ts'
import { crowdlab } from './crowdlab.ts'
import { findLabelIssues, type IssueFilter, noiseJoint } from './label-issues.ts'
import { labelQuality, type QualityMeasure, worstFirst } from './label-quality.ts'
import { roundKeepingSum } from './rounding.ts'

const DATA = process.env.TAGGER_DATASETS ?? join(import.meta.dirname, '../../../../../../shared/data')
const CASES = join(DATA, 'quality/label-issue-cases.json')

const given = (labels: number[], rows: number[][]) => ({
  classes: rows[0]!.length,
  labels,
  probabilities: Float64Array.from(rows.flat()),
})

/** Rows of items, columns of workers, null where a worker gave no label. */
function tableOf(rows: (number | null)[][], classes: number) {
  const [item, worker, label]: [number[], number[], number[]] = [[], [], []]
  rows.forEach((row, t) => {
    row.forEach((k, w) => {
      if (k === null) return
      item.push(t)
      worker.push(w)
      label.push(k)
    })
  })
  return labelTable({
    items: rows.length,
    workers: rows[0]!.length,
    classes,
    item: Int32Array.from(item),
    worker: Int32Array.from(worker),
    label: Int32Array.from(label),
  })
}

/** Eight items of two classes; the last of each class carries the other's label. */
const SWAPPED = given(
  [0, 0, 0, 1, 1, 1, 1, 0],
  [
    [0.9, 0.1],
    [0.8, 0.2],
    [0.7, 0.3],
    [0.2, 0.8],
    [0.1, 0.9],
    [0.3, 0.7],
    [0.95, 0.05],
    [0.05, 0.95],
  ],
)

test('two swapped labels are counted and found', () => {
  const { thresholds, counts, calibrated } = confidentJoint(SWAPPED)
  expect([...thresholds]).toEqual([(0.9 + 0.8 + 0.7 + 0.05) / 4, (0.8 + 0.9 + 0.7 + 0.05) / 4])
  expect([...counts]).toEqual([3, 1, 1, 3])
  expect([...calibrated]).toEqual([3, 1, 1, 3])
  expect([...noiseJoint(SWAPPED)]).toEqual([0.375, 0.125, 0.125, 0.375])
  const filters: IssueFilter[] = [
    'noise-rate',
    'class',
    'both',
    'confident',
    'predicted',
    'low-margin',
    'low-confidence',
  ]
  for (const filter of filters) expect(findLabelIssues(SWAPPED, filter), filter).toEqual([6, 7])
  expect(worstFirst(labelQuality(SWAPPED, 'self-confidence')).slice(0, 2)).toEqual([6, 7])
})

test('measures at their ends', () => {
  const sure = given(
    [0, 0],
    [
      [1, 0],
      [0, 1],
    ],
  )
  expect([...labelQuality(sure, 'self-confidence')]).toEqual([1, 0])
  expect([...labelQuality(sure, 'normalized-margin')]).toEqual([1, 0])
  const evenly = given([1], [[0.25, 0.25, 0.25, 0.25]])
  expect(labelQuality(evenly, 'confidence-weighted-entropy')[0]).toBeCloseTo(Math.log(5) / 4, 12)
})

test('a class nobody gave catches nothing, and a last item of a class stays', () => {
  const absent = given(
    [0, 0, 1],
    [
      [0.1, 0.2, 0.7],
      [0.8, 0.1, 0.1],
      [0.9, 0.05, 0.05],
    ],
  )
  const { thresholds, confidentClass } = confidentJoint(absent)
  expect(thresholds[2]).toBe(2)
  expect([...confidentClass]).not.toContain(2)
  expect(findLabelIssues(absent, 'class')).not.toContain(2)
})

test('rounding keeps the sum of each row', () => {
  expect([...roundKeepingSum(Float64Array.of(0.4, 0.4, 0.2, 1.6, 1.6, 0.8), 3)]).toEqual([0, 1, 0, 1, 2, 1])
})

test('misfits are refused', () => {
  expect(() =>
    findLabelIssues(
      given(
        [0, 2],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ),
  ).toThrow('not below 2')
  expect(() =>
    findLabelIssues(
      given(
        [0],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ),
  ).toThrow('4 probabilities')
  expect(() => findLabelIssues(given([0], [[1.2, -0.2]]))).toThrow('within 0 and 1')
  expect(() =>
    crowdlab(
      tableOf(
        [
          [0, null],
          [null, 1],
        ],
        2,
      ),
      Float64Array.of(1, 0, 0, 1),
    ),
  ).toThrow('No item has labels of two workers')
})

test('a good model decides ties, and a worker who answers by coin weighs next to nothing', () => {
  const rows: (number | null)[][] = []
  const probabilities: number[] = []
  for (let t = 0; t < 60; t++) {
    const truth = t % 2
    rows.push([truth, truth, t % 7 === 0 ? 1 - truth : truth, (t >> 1) % 2])
    probabilities.push(truth === 0 ? 0.9 : 0.1, truth === 0 ? 0.1 : 0.9)
  }
  rows[4] = [0, 1, null, null]
  rows[5] = [0, null, null, null]
  const { consensus, workerWeight, workerQuality, consensusQuality } = crowdlab(
    tableOf(rows, 2),
    Float64Array.from(probabilities),
  )
  expect(consensus[4]).toBe(0)
  expect(consensus[5]).toBe(1)
  expect(workerWeight[3]).toBeLessThan(workerWeight[0]! / 3)
  expect(workerQuality[3]).toBeLessThan(workerQuality[2]!)
  expect(consensusQuality[0]).toBeGreaterThan(consensusQuality[4]!)
})

describe('cases of the reference implementation (the public data folder, see docs/data.md)', () => {
  const read = () =>
    JSON.parse(readFileSync(CASES, 'utf8')) as { label_issues: Case[]; multiannotator: Case[] }
  type Case = { id: string; labels: never; pred_probs: number[][]; expected: Record<string, never> }
  const near = (mine: ArrayLike<number>, theirs: ArrayLike<number>, what: string) => {
    expect(mine.length, what).toBe(theirs.length)
    for (let i = 0; i < mine.length; i++) {
      expect(Math.abs(mine[i]! - theirs[i]!), `${what} at ${i}`).toBeLessThan(1e-6)
    }
  }

  test('confident learning', ({ skip }) => {
    if (!existsSync(CASES)) skip(`no label-issue cases at ${CASES}`)
    const filters: Record<string, IssueFilter> = {
      prune_by_noise_rate: 'noise-rate',
      prune_by_class: 'class',
      both: 'both',
      confident_learning: 'confident',
      predicted_neq_given: 'predicted',
      low_normalized_margin: 'low-margin',
      low_self_confidence: 'low-confidence',
    }
    for (const { id, labels, pred_probs, expected } of read().label_issues) {
      const input = given(labels, pred_probs)
      const { thresholds, counts, calibrated } = confidentJoint(input)
      for (const [name, value] of Object.entries<unknown>(expected)) {
        const what = `${id} ${name}`
        const [kind, of] = name.split(':') as [string, string]
        if (kind === 'issues') {
          expect(filters, what).toHaveProperty(of)
          expect(findLabelIssues(input, filters[of]), what).toEqual(value)
        } else if (kind === 'quality') {
          near(labelQuality(input, of.replaceAll('_', '-') as QualityMeasure), value as number[], what)
        } else {
          const mine = { thresholds, confident_joint_raw: counts, confident_joint_calibrated: calibrated }
          expect(mine, what).toHaveProperty(name)
          near(mine[name as keyof typeof mine], (value as number[]).flat(), what)
        }
      }
    }
  })

  test('several workers and a model', ({ skip }) => {
    if (!existsSync(CASES)) skip(`no label-issue cases at ${CASES}`)
    for (const { id, labels, pred_probs, expected } of read().multiannotator) {
      const mine = crowdlab(tableOf(labels, pred_probs[0]!.length), Float64Array.from(pred_probs.flat()))
      near(mine.consensus, expected.consensus_label!, `${id} consensus`)
      near(mine.consensusQuality, expected.consensus_quality!, `${id} consensus quality`)
      near(mine.agreement, expected.annotator_agreement!, `${id} agreement`)
      near(mine.workerQuality as number[], Object.values(expected.annotator_quality!), `${id} worker quality`)
      near([mine.modelWeight], [expected.model_weight!], `${id} model weight`)
      near(mine.workerWeight, expected.annotator_weight!, `${id} worker weight`)
    }
  })
})
