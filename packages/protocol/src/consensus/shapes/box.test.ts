import { expect, test } from 'vitest'
import { seededRandom } from '../../../test/seeded.ts'
import { cornersOf, type RotatedBox, rotatedIou } from './box.ts'
import { clipConvex, polygonArea } from './polygon.ts'

const box = (x: number, y: number, width: number, height: number, rotation = 0): RotatedBox => ({
  x,
  y,
  width,
  height,
  rotation,
})

/** Intersection over union by counting points of a fine grid. */
function counted(a: RotatedBox, b: RotatedBox): number {
  const inside = ({ x, y, width, height, rotation }: RotatedBox, px: number, py: number) => {
    const angle = (rotation * Math.PI) / 180
    const u = (px - x) * Math.cos(angle) + (py - y) * Math.sin(angle)
    const v = (py - y) * Math.cos(angle) - (px - x) * Math.sin(angle)
    return u >= 0 && u < width && v >= 0 && v < height
  }
  let [shared, union] = [0, 0]
  for (let i = 0; i < 400; i++)
    for (let j = 0; j < 400; j++) {
      const [p, q] = [inside(a, i / 2 - 50, j / 2 - 50), inside(b, i / 2 - 50, j / 2 - 50)]
      shared += p && q ? 1 : 0
      union += p || q ? 1 : 0
    }
  return shared / union
}

test('turned boxes overlap as counting points says', () => {
  const random = seededRandom(3)
  for (let run = 0; run < 30; run++) {
    const draw = () =>
      box(
        30 + random() * 40,
        30 + random() * 40,
        10 + random() * 40,
        10 + random() * 40,
        random() * 720 - 360,
      )
    const [a, b] = [draw(), draw()]
    expect(Math.abs(rotatedIou(a, b) - counted(a, b))).toBeLessThan(0.01)
    expect(rotatedIou(a, b)).toBeCloseTo(rotatedIou(b, a), 12)
  }
})

test('upright and turned ways of saying the same agree', () => {
  expect(rotatedIou(box(0, 0, 10, 20), box(0, 0, 10, 20))).toBe(1)
  expect(rotatedIou(box(0, 0, 10, 20), box(10, 0, 20, 10, 90))).toBeCloseTo(1, 12)
  expect(rotatedIou(box(0, 0, 10, 20), box(10, 20, 10, 20, 180))).toBeCloseTo(1, 12)
  expect(rotatedIou(box(0, 0, 10, 10), box(5, 0, 10, 10))).toBeCloseTo(1 / 3, 12)
  expect(rotatedIou(box(0, 0, 10, 10), box(10, 0, 10, 10))).toBe(0)
  expect(rotatedIou(box(0, 0, 0, 10), box(0, 0, 10, 10))).toBe(0)
})

test('a diamond in a square keeps its area, a square clipped by a diamond too', () => {
  const diamond = cornersOf(box(5, 0, Math.sqrt(50), Math.sqrt(50), 45))
  expect(polygonArea(clipConvex(diamond, cornersOf(box(0, 0, 10, 10))))).toBeCloseTo(50, 10)
  expect(polygonArea(clipConvex(cornersOf(box(0, 0, 10, 10)), diamond))).toBeCloseTo(50, 10)
  expect(clipConvex(cornersOf(box(20, 20, 1, 1)), diamond)).toEqual([])
})
