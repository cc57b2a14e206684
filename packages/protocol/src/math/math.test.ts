import { expect, test } from 'vitest'
import { functions } from '../../test/golden-vectors.ts'
import vectors from '../../test/vectors/math.json' with { type: 'json' }
import { digamma, digammaRise, lgamma } from './gamma.ts'
import { exp, log } from './log-exp.ts'

/** `reference` is the true value as the sum of two doubles, from 60-digit arithmetic; `value` is ours, bit for bit. */
interface Vector {
  x: number
  value: number
  reference: number[]
}

/** How far a value is from the reference. */
function errorOf({ value, reference }: Vector): number {
  return Math.abs(value - reference[0]! - reference[1]!)
}

/** The distance from |x| to the next double. */
function ulpOf(x: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  view.setBigUint64(0, view.getBigUint64(0) + 1n)
  return view.getFloat64(0) - Math.abs(x)
}

test.each(Object.entries(functions))('%s gives the bits of the golden vectors', (name, evaluate) => {
  for (const { x, value } of vectors[name as keyof typeof functions])
    expect([x, evaluate(x)]).toEqual([x, value])
})

test.each(['exp', 'log'] as const)('%s is within 1 ulp of the true value', (name) => {
  for (const vector of vectors[name])
    expect(errorOf(vector) / ulpOf(vector.reference[0]!), `at ${vector.x}`).toBeLessThanOrEqual(1)
})

test.each(['lgamma', 'digamma'] as const)('%s is within 1e-14 of the true value', (name) => {
  for (const vector of vectors[name]) {
    // Relative, and absolute where the function is near one of its zeros.
    const scale = Math.max(Math.abs(vector.reference[0]!), 0.5)
    expect(errorOf(vector) / scale, `at ${vector.x}`).toBeLessThan(1e-14)
  }
})

test('lgamma keeps its relative precision at its zeros', () => {
  for (const vector of vectors.lgamma) {
    if (vector.reference[0] !== 0)
      expect(errorOf(vector) / Math.abs(vector.reference[0]!), `at ${vector.x}`).toBeLessThan(1e-14)
  }
})

test('the edges are exact', () => {
  expect([log(1), log(0), log(Infinity), log(-1)]).toEqual([0, -Infinity, Infinity, NaN])
  expect([exp(0), exp(-800), exp(800)]).toEqual([1, 0, Infinity])
  expect([lgamma(1), lgamma(2), lgamma(0), lgamma(-1), lgamma(Infinity)]).toEqual([
    0,
    0,
    Infinity,
    NaN,
    Infinity,
  ])
  expect([digamma(0), digamma(-1)]).toEqual([-Infinity, NaN])
})

test('the rise of digamma is that of digamma', () => {
  for (const x of [1e-6, 0.003, 0.5, 1, 7.9, 8, 60, 1e5]) {
    for (const by of [0, 1e-7, 0.2, 1, 9, 3000, 1e12]) {
      const rise = digamma(x + by) - digamma(x)
      const scale = Math.max(1, Math.abs(digamma(x)), Math.abs(digamma(x + by)))
      expect(Math.abs(digammaRise(x, by) - rise) / scale, `from ${x} by ${by}`).toBeLessThan(1e-14)
    }
  }
})

test('gamma obeys its recurrence', () => {
  for (let x = 0.05; x < 30; x += 0.05) {
    expect(lgamma(x + 1)).toBeCloseTo(lgamma(x) + log(x), 12)
    expect(digamma(x + 1)).toBeCloseTo(digamma(x) + 1 / x, 12)
  }
})
