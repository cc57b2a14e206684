import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exp, log } from './log-exp.ts'

const relative = (value: number, reference: number) =>
  reference === 0 ? Math.abs(value) : Math.abs(value / reference - 1)

test('log agrees with the engine to 2 ulp over the doubles Tagger uses', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      const reference = Math.log(x)
      // Near 1 the logarithm itself is tiny: compare absolutely there.
      expect(Math.abs(log(x) - reference)).toBeLessThanOrEqual(Math.max(4.5e-16 * Math.abs(reference), 1e-17))
    }),
    { numRuns: 5000 },
  )
})

test('exp agrees with the engine to a few ulp', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(relative(exp(x), Math.exp(x))).toBeLessThan(1e-15)
    }),
    { numRuns: 5000 },
  )
})

test('the edges are exact', () => {
  expect(log(1)).toBe(0)
  expect(log(0)).toBe(-Infinity)
  expect(log(-1)).toBeNaN()
  expect(exp(0)).toBe(1)
  expect(exp(-800)).toBe(0)
  expect(exp(800)).toBe(Infinity)
})

test('golden bits: the same on every engine', () => {
  const bits = (x: number) => {
    const view = new DataView(new ArrayBuffer(8))
    view.setFloat64(0, x)
    return view.getBigUint64(0).toString(16)
  }
  expect([log(0.1), log(3), log(1e-6), exp(-0.3), exp(1), exp(-30)].map(bits)).toMatchInlineSnapshot(`
    [
      "c0026bb1bbb55515",
      "3ff193ea7aad030b",
      "c02ba18a998fffa0",
      "3fe7b4c869c37c05",
      "4005bf0a8b14576a",
      "3d3a56e0c2ac7f75",
    ]
  `)
})
