import { expect, test } from 'vitest'
import type { RotatedBox } from './box.ts'
import { boxConsensus } from './boxes.ts'
import type { ObjectAnswer } from './objects.ts'

type Answer = ObjectAnswer<RotatedBox>

const mark = (x: number, width = 20) => ({ label: '', shape: { x, y: 0, width, height: 40, rotation: 0 } })

/** 30 items on which 7 workers mark the same lone box, or two that overlap by a third each. */
function usual(isCrowded: boolean): Answer[] {
  return Array.from({ length: 30 }, (_, t) => t).flatMap((t) =>
    Array.from({ length: 7 }, (_, j) => ({
      item: `usual ${t}`,
      worker: `w${j}`,
      objects: isCrowded ? [mark(j % 3), mark(10 + (j % 3))] : [mark(j % 3)],
    })),
  )
}

/** Workers up to `left` have it at one place, the others so far off that boxes overlap by a fifth: too little for a group. */
function torn(left: number): Answer[] {
  return Array.from({ length: 7 }, (_, j) => ({
    item: 'torn',
    worker: `w${j}`,
    objects: [j < left ? mark(0) : mark(13.3)],
  }))
}

test('complementary groups that overlap a little are one thing', () => {
  const found = boxConsensus([...usual(false), ...torn(4)]).items.get('torn')!
  expect(found).toHaveLength(1)
  expect(found[0]!.marked).toBe(7)
})

test('what a worker marked both of stays apart', () => {
  const both = torn(4).map((answer, j) => (j === 0 ? { ...answer, objects: [mark(0), mark(13.3)] } : answer))
  const found = boxConsensus([...usual(false), ...both]).items.get('torn')!
  expect(found.map(({ marked }) => marked).sort()).toEqual([4, 4])
})

test('where things often overlap, more is asked of groups to be one: two lone marks are not', () => {
  const lone = torn(1).map((answer, j) => (j < 2 ? answer : { ...answer, objects: [] }))
  expect(boxConsensus([...usual(true), ...lone]).items.get('torn')).toHaveLength(2)
})

test('boxes that do not touch are never one', () => {
  const far = torn(4).map((answer, j) => (j < 4 ? answer : { ...answer, objects: [mark(500)] }))
  expect(boxConsensus([...usual(false), ...far]).items.get('torn')).toHaveLength(2)
})
