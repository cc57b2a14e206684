import { expect, test } from 'vitest'
import { BOXES } from './boxes.ts'
import { objectAgreement } from './object-agreement.ts'

const box = (x: number, label = 'car', width = 10) => ({
  label,
  shape: { x, y: 0, width, height: 10, rotation: 0 },
})

test('agreement is a soft F1 over matched objects of one label', () => {
  expect(objectAgreement([], [], BOXES)).toBe(1)
  expect(objectAgreement([box(0)], [], BOXES)).toBe(0)
  expect(objectAgreement([box(0), box(50)], [box(50), box(0)], BOXES)).toBe(1)
  expect(objectAgreement([box(0), box(50)], [box(0)], BOXES)).toBeCloseTo(2 / 3, 12)
  expect(objectAgreement([box(0)], [box(5)], BOXES)).toBeCloseTo(1 / 3, 12)
  expect(objectAgreement([box(0)], [box(0, 'van')], BOXES)).toBe(0)
  expect(objectAgreement([box(0, 'car', 0)], [box(0, 'car', 0)], BOXES)).toBe(0)
})
