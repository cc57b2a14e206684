import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alpha, alphaPerClass, type Level } from './alpha.ts'
import { cohenKappa, daviesFleissKappa, fleissKappa, type Weighting } from './kappa.ts'
import { percentAgreement } from './percent.ts'
import { type Coefficient, ratingsOfRows } from './ratings.ts'

const DATA = process.env.TAGGER_DATASETS ?? join(import.meta.dirname, '../../../../../../shared/data')
const CASES = join(DATA, 'quality/agreement-cases.json')

type Rows = (number | null)[][]

const read = (coefficient: Coefficient) => (coefficient.defined ? coefficient.value : coefficient.reason)
const alphaOf = (rows: Rows, level: Level) => read(alpha(ratingsOfRows(rows), level).overall)
const transpose = (columns: Rows): Rows => columns[0]!.map((_, i) => columns.map((column) => column[i]!))

/** Krippendorff's example of four observers and twelve units, values 1 to 5 ("Computing Krippendorff's Alpha-Reliability", 2011). */
const KRIPPENDORFF = transpose([
  [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
  [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
])

/** Fourteen raters, ten subjects, five categories: counts as in Fleiss' kappa's textbook example. */
const FOURTEEN_RATERS = [
  [0, 0, 0, 0, 14],
  [0, 2, 6, 4, 2],
  [0, 0, 3, 5, 6],
  [0, 3, 9, 2, 0],
  [2, 2, 8, 1, 1],
  [7, 7, 0, 0, 0],
  [3, 2, 6, 3, 0],
  [2, 5, 3, 2, 2],
  [6, 5, 2, 1, 0],
  [0, 2, 2, 3, 7],
].map((counts) => counts.flatMap((count, label) => new Array<number>(count).fill(label)))

/** Two raters' cross table as rows of ratings. */
const crossTable = (table: number[][]): Rows =>
  table.flatMap((row, a) => row.flatMap((count, b) => Array.from({ length: count }, () => [a, b])))

test("Krippendorff's own example at every level", () => {
  expect(alphaOf(KRIPPENDORFF, 'nominal')).toBeCloseTo(0.743, 3)
  expect(alphaOf(KRIPPENDORFF, 'ordinal')).toBeCloseTo(0.815, 3)
  expect(alphaOf(KRIPPENDORFF, 'interval')).toBeCloseTo(0.849, 3)
  expect(alphaOf(KRIPPENDORFF, 'ratio')).toBeCloseTo(0.797, 3)
})

test("Fleiss' kappa of fourteen raters", () => {
  expect(read(fleissKappa(ratingsOfRows(FOURTEEN_RATERS)))).toBeCloseTo(0.20993, 5)
})

test("Cohen's kappa of the textbook table, and weighted", () => {
  const grants = ratingsOfRows(
    crossTable([
      [20, 5],
      [10, 15],
    ]),
  )
  expect(read(cohenKappa(grants, 0, 1))).toBeCloseTo(0.4, 12)
  // Worked by hand from Cohen (1968): kappa_w = 1 − Σ v·o / Σ v·e.
  const scale = ratingsOfRows(
    crossTable([
      [11, 3, 1],
      [1, 9, 0],
      [0, 1, 10],
    ]),
  )
  const weighted = (weighting: Weighting) => read(cohenKappa(scale, 0, 1, weighting))
  expect(weighted('unweighted')).toBeCloseTo(1 - 6 / 36 / ((15 * 24 + 10 * 23 + 11 * 25) / 1296), 12)
  expect(weighted('linear')).toBeCloseTo(
    1 - 7 / 36 / ((15 * 13 + 15 * 11 * 2 + 10 * 12 + 10 * 11 + 11 * 12 * 2 + 11 * 13) / 1296),
    12,
  )
  expect(weighted('quadratic')).toBeCloseTo(
    1 - 9 / 36 / ((15 * 13 + 15 * 11 * 4 + 10 * 12 + 10 * 11 + 11 * 12 * 4 + 11 * 13) / 1296),
    12,
  )
})

test('what has no value says why', () => {
  const same: Rows = [
    [1, 1],
    [1, 1],
  ]
  const lone: Rows = [
    [1, null],
    [null, 2],
  ]
  for (const level of ['nominal', 'ordinal', 'interval', 'ratio'] as const) {
    expect(alphaOf(same, level)).toBe('no-variation')
    expect(alphaOf(lone, level)).toBe('no-pairs')
    expect(alphaOf([], level)).toBe('no-pairs')
  }
  expect(alphaOf([[-1, 2]], 'ratio')).toBe('negative-value')
  const coefficients = [
    fleissKappa,
    daviesFleissKappa,
    (r: ReturnType<typeof ratingsOfRows>) => cohenKappa(r, 0, 1),
  ]
  for (const coefficient of coefficients) {
    expect(read(coefficient(ratingsOfRows(same)))).toBe('no-variation')
    expect(read(coefficient(ratingsOfRows(lone)))).toBe('no-pairs')
  }
  const uneven = ratingsOfRows([
    [1, 2, 1],
    [1, 2, null],
  ])
  expect(read(fleissKappa(uneven))).toBe('unequal-ratings')
  expect(read(daviesFleissKappa(uneven))).toBe('unequal-ratings')
  expect(percentAgreement(ratingsOfRows(lone), 3)).toEqual({
    overall: null,
    perClass: [null, null, null],
    perWorker: [null, null],
  })
})

test('agreement by class and by worker', () => {
  const rows: Rows = [
    [0, 0, 1],
    [1, 1, 1],
    [0, 0, 0],
    [1, 1, 0],
  ]
  const ratings = ratingsOfRows(rows)
  const { overall, perClass, perWorker } = percentAgreement(ratings, 3)
  expect(overall).toBeCloseTo(8 / 12, 12)
  expect(perClass).toEqual([8 / 12, 8 / 12, null])
  expect(perWorker).toEqual([6 / 8, 6 / 8, 4 / 8])
  const [first, second, third] = alpha(ratings, 'nominal').perWorker.map(read) as number[]
  expect(first).toBe(second)
  expect(third).toBeLessThan(first!)
  // Of two classes, each against the rest is the whole.
  expect(alphaPerClass(ratings, 2).map(read)).toEqual(
    [0, 1].map(() => read(alpha(ratings, 'nominal').overall)),
  )
})

test('items with one rating change nothing; order of items changes nothing but the last bits', () => {
  const rating = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null })
  const rowsOf = fc.array(fc.array(rating, { minLength: 4, maxLength: 4 }), { maxLength: 20 })
  fc.assert(
    fc.property(rowsOf, fc.constantFrom<Level>('nominal', 'ordinal', 'interval', 'ratio'), (rows, level) => {
      const value = alphaOf(rows, level)
      const more = alphaOf([...rows.toReversed(), [3, null, null, null]], level)
      if (typeof value === 'string') expect(more).toBe(value)
      else expect(more).toBeCloseTo(value, 10)
    }),
  )
})

describe('cases of the reference implementations (the public data folder, see docs/data.md)', () => {
  test('all within 1e-9', ({ skip }) => {
    if (!existsSync(CASES)) skip(`no agreement cases at ${CASES}`)
    const { cases } = JSON.parse(readFileSync(CASES, 'utf8')) as {
      cases: { id: string; labels: Rows; expected: Record<string, number | Record<string, number>> }[]
    }
    expect(cases.length).toBeGreaterThan(0)
    for (const { id, labels, expected } of cases) {
      const ratings = ratingsOfRows(labels)
      const check = (name: string, mine: unknown, theirs: unknown) => {
        const what = `${id} ${name}: ${mine}, expected ${theirs}`
        // Where nothing varies the references do not agree: nltk says 1, scikit-learn nothing.
        if (mine === 'no-variation') expect([1, null], what).toContain(theirs)
        else expect(Math.abs(Number(mine) - Number(theirs)), what).toBeLessThan(1e-9)
      }
      const mine: Record<string, () => unknown> = {
        krippendorff_alpha_nominal: () => read(alpha(ratings, 'nominal').overall),
        krippendorff_alpha_interval: () => read(alpha(ratings, 'interval').overall),
        avg_observed_agreement: () =>
          percentAgreement(ratings, 1 + Math.max(...labels.flat().map(Number))).overall,
        'fleiss_multi_kappa_nltk(Davies&Fleiss)': () => read(daviesFleissKappa(ratings)),
        'scott_pi_multi(Fleiss kappa)': () => read(fleissKappa(ratings)),
        fleiss_kappa: () => read(fleissKappa(ratings)),
        cohen_kappa_quadratic_0_1: () => read(cohenKappa(ratings, 0, 1, 'quadratic')),
      }
      for (const [name, value] of Object.entries(expected)) {
        if (name === 'cohen_kappa_pairs') {
          for (const [pair, kappa] of Object.entries(value)) {
            const [a, b] = pair.split('-').map(Number) as [number, number]
            check(pair, read(cohenKappa(ratings, a, b)), kappa)
          }
          continue
        }
        expect(mine, `${id} has an expectation of an unknown kind`).toHaveProperty([name])
        check(name, mine[name]!(), value)
      }
    }
  })
})
