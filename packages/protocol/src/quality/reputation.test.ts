import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Address } from '../bytes/hex.ts'
import { MILLION } from '../math/fixed.ts'
import { posteriorOf } from './beta.ts'
import {
  EMPTY_BOOK,
  evidenceOf,
  type FinalBatch,
  foldBatch,
  HALF_LIFE,
  type ReputationBook,
  reputationAt,
} from './reputation.ts'
import { scoreReviewers } from './reviewers.ts'

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as Address
const OPERATOR = account(1000)

const batch = (n: number, overrides: Partial<FinalBatch> = {}): FinalBatch => ({
  place: { block: n, logIndex: 0 },
  finalizedAt: 1_800_000_000 + n * 3600,
  operator: OPERATOR,
  skills: ['image'],
  evidence: evidenceOf([{ account: account(1), quality: 900_000 }]),
  ...overrides,
})
const fold = (batches: FinalBatch[], book: ReputationBook = EMPTY_BOOK) => batches.reduce(foldBatch, book)
const key = { account: account(1), skill: 'image', operator: OPERATOR }

test('evidence adds up per skill and operator, and halves in a half-life', () => {
  const book = fold([batch(1), batch(2), batch(3, { operator: account(2000) })])
  const at = 1_800_000_000 + 2 * 3600
  expect(reputationAt(book, key, at)).toEqual({
    ...posteriorOf({ good: 1_800_000, bad: 200_000 }),
    evidence: 2 * MILLION,
  })
  // asOf of the first batch: half a life later half is left.
  expect(reputationAt(book, key, at - 3600 + HALF_LIFE).evidence).toBe(MILLION)
  expect(reputationAt(book, key, at - 3600 + 3 * HALF_LIFE).evidence).toBe(MILLION / 4)
  expect(reputationAt(book, { ...key, skill: 'text' }, at)).toMatchObject({ mean: 500_000, evidence: 0 })
  expect(reputationAt(book, { ...key, operator: account(2000) }, at).evidence).toBe(MILLION)
})

test('decay follows 2^(−t / half-life), and many short spans decay as much as one long', () => {
  const start = fold([batch(0, { evidence: [{ account: account(1), good: 1e12, bad: 0 }] })])
  const from = batch(0).finalizedAt
  for (const days of [1, 10, 45, 177, 400, 2000]) {
    const elapsed = Math.floor((days * 86_400) / 15_000) * 15_000
    const left = reputationAt(start, key, from + days * 86_400).evidence
    expect(left / 1e12).toBeCloseTo(2 ** (-elapsed / HALF_LIFE), 9)
  }
  // An hour is less than a step: batches an hour apart must not stop the clock.
  const idle = { evidence: [{ account: account(1), good: 0, bad: 0 }] }
  const often = fold(
    Array.from({ length: 1000 }, (_, n) => batch(n + 1, idle)),
    start,
  )
  const end = from + 1000 * 3600
  const [many, once] = [reputationAt(often, key, end), reputationAt(start, key, end)]
  expect(many.evidence / once.evidence).toBeCloseTo(1, 9)
})

test('order-exact and bit-exact: continued = from scratch, evidence in any order, batches in no other', () => {
  const quality = fc.integer({ min: 0, max: MILLION })
  const scores = fc.array(fc.record({ account: fc.integer({ min: 1, max: 4 }).map(account), quality }))
  const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000_000 }), scores), {
    minLength: 2,
    maxLength: 8,
  })
  fc.assert(
    fc.property(gaps, fc.nat(), (steps, cut) => {
      let time = 1_800_000_000
      const batches = steps.map(([gap, list], n) => {
        time += gap
        return batch(n, { finalizedAt: time, evidence: evidenceOf(list) })
      })
      const whole = fold(batches)
      const at = cut % batches.length
      expect(fold(batches.slice(at), fold(batches.slice(0, at)))).toEqual(whole)
      const shuffled = batches.map((b) => ({ ...b, evidence: b.evidence.toReversed() }))
      expect(fold(shuffled)).toEqual(whole)
      for (const { good, bad } of whole.entries.values()) {
        expect(Number.isSafeInteger(good) && Number.isSafeInteger(bad)).toBe(true)
      }
    }),
  )
  expect(() => fold([batch(2), batch(1)])).toThrow('comes after a later one')
  expect(() => fold([batch(1), batch(1)])).toThrow('comes after a later one')
})

test('a golden fold', () => {
  const book = fold([
    batch(1, {
      finalizedAt: 1_000_000_000,
      evidence: evidenceOf([{ account: account(1), quality: 912_345 }]),
    }),
    batch(2, {
      finalizedAt: 1_003_333_333,
      evidence: evidenceOf([{ account: account(1), quality: 123_456 }]),
    }),
    batch(3, {
      finalizedAt: 1_050_000_000,
      evidence: evidenceOf([{ account: account(1), quality: 999_999 }]),
    }),
  ])
  expect([...book.entries.values()]).toMatchInlineSnapshot(`
    [
      {
        "account": "0x0000000000000000000000000000000000000001",
        "asOf": 1049995000,
        "bad": 115894,
        "good": 1110601,
        "operator": "0x00000000000000000000000000000000000003e8",
        "skill": "image",
      },
    ]
  `)
})

test('a reviewer who accepts everything is worth a coin, whatever the vote says', () => {
  const checks = (name: number, accepts: (isGood: boolean, n: number) => boolean) =>
    Array.from({ length: 200 }, (_, n) => {
      const isGood = n % 10 !== 0
      return { reviewer: account(name), accepted: accepts(isGood, n), good: isGood ? MILLION : 0 }
    })
  const scores = scoreReviewers([
    ...checks(2, () => true),
    ...checks(1, (isGood, n) => (n % 11 === 0 ? !isGood : isGood)),
    ...checks(3, (_, n) => n % 20 < 10),
  ])
  expect(scores.map(({ reviewer }) => reviewer)).toEqual([1, 2, 3].map(account))
  const [careful, lazy, coin] = scores
  expect(lazy!.acceptsGood.mean).toBeGreaterThan(careful!.acceptsGood.mean)
  expect(careful!.score).toBeGreaterThan(850_000)
  expect(lazy!.score).toBeLessThan(530_000)
  expect(Math.abs(coin!.score - 500_000)).toBeLessThan(60_000)
  expect(careful!.low).toBeLessThan(careful!.score)
})

test('doubtful work says little of a reviewer, a toss-up nothing', () => {
  const one = (good: number) => scoreReviewers([{ reviewer: account(1), accepted: false, good }])[0]!
  expect(one(500_000).evidence).toBe(0)
  expect(one(600_000).evidence).toBe(200_000)
  expect(one(400_000).catchesBad.mean).toBeGreaterThan(500_000)
  expect(one(0).catchesBad.mean).toBeGreaterThan(one(400_000).catchesBad.mean)
})
