import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cosine, sine } from './trigonometry.ts'

test('sine and cosine agree with the engine to the last bits', () => {
  fc.assert(
    fc.property(fc.double({ min: -3600, max: 3600, noNaN: true }), (degrees) => {
      // The engine takes radians: turn whole circles off before they cost it digits.
      const radians = ((degrees % 360) * Math.PI) / 180
      expect(Math.abs(sine(degrees) - Math.sin(radians))).toBeLessThan(2e-15)
      expect(Math.abs(cosine(degrees) - Math.cos(radians))).toBeLessThan(2e-15)
    }),
    { numRuns: 5000 },
  )
})

test('quarters of a circle are exact', () => {
  for (const [degrees, s, c] of [
    [0, 0, 1],
    [90, 1, 0],
    [180, 0, -1],
    [270, -1, 0],
    [-90, -1, 0],
    [720, 0, 1],
  ] as const) {
    expect(Math.abs(sine(degrees) - s)).toBe(0)
    expect(Math.abs(cosine(degrees) - c)).toBe(0)
  }
  expect(sine(Infinity)).toBeNaN()
})

test('golden bits: the same on every engine', () => {
  const bits = (x: number) => {
    const view = new DataView(new ArrayBuffer(8))
    view.setFloat64(0, x)
    return view.getBigUint64(0).toString(16)
  }
  expect(
    [sine(1), sine(44.9), sine(123.4), cosine(1), cosine(60), cosine(-200.5)].map(bits),
  ).toMatchInlineSnapshot(`
    [
      "3f91df0b2b89dd1e",
      "3fe6967ff9e7b6fd",
      "3feab712ddbb4208",
      "3feffec097f5af8a",
      "3fdfffffffffffff",
      "bfedf937f47ca07c",
    ]
  `)
})
