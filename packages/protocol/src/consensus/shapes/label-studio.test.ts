import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Region, type RegionResult, regionOf, regionValue } from './label-studio.ts'
import { maskArea } from './mask.ts'

const size = { original_width: 640, original_height: 480 }

test.for<RegionResult>([
  {
    type: 'rectanglelabels',
    value: { x: 10, y: 20, width: 30, height: 40, rotation: 15, rectanglelabels: ['Car'] },
  },
  {
    type: 'ellipselabels',
    value: { x: 50, y: 50, radiusX: 10, radiusY: 5, rotation: 30, ellipselabels: ['Car'] },
  },
  {
    type: 'polygonlabels',
    value: {
      points: [
        [1, 2],
        [30, 4],
        [20, 60],
      ],
      closed: true,
      polygonlabels: ['Car'],
    },
  },
  { type: 'labels', value: { start: 1.5, end: 2.25, labels: ['Car'] } },
  { type: 'timeserieslabels', value: { start: 1, end: 2, timeserieslabels: ['Car'] } },
  {
    type: 'videorectangle',
    value: {
      sequence: [
        { frame: 1, enabled: true, x: 1, y: 2, width: 3, height: 4, rotation: 0 },
        { frame: 9, enabled: false, x: 5, y: 2, width: 3, height: 4, rotation: 0 },
      ],
      labels: ['Car'],
    },
  },
])('$type goes in and comes out', ({ type, value }) => {
  const region = regionOf({ type, value, ...size })!
  expect(region.label).toBe('Car')
  const again = regionValue(region, 640, 480)
  expect(rounded(again)).toEqual(
    rounded(Object.fromEntries(Object.keys(again).map((key) => [key, value[key]]))),
  )
})

/** Numbers to nine decimals, whatever they are nested in. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner) =>
    typeof inner === 'number' ? Math.round(inner * 1e9) / 1e9 : inner,
  )
}

test('key points are named by their label', () => {
  const value = { x: 50, y: 25, width: 1, keypointlabels: ['nose'] }
  expect(regionOf({ type: 'keypointlabels', value, ...size })).toEqual({
    kind: 'keypoint',
    label: 'visible',
    shape: { name: 'nose', x: 320, y: 120, scale: 800 },
  })
})

test('brushes go in and come out', () => {
  const mask = { width: 300, height: 200, runs: [20_000, 500, 70, 3, 39_427] }
  const { rle } = regionValue({ kind: 'mask', label: '', shape: mask })
  const again = regionOf({ type: 'brushlabels', value: { rle }, original_width: 300, original_height: 200 })
  expect((again as Region & { kind: 'mask' }).shape).toEqual(mask)
})

test('brushes of the reference converter have the pixels of its images', ({ skip }) => {
  const data = process.env.TAGGER_DATASETS ?? join(import.meta.dirname, '../../../../../../shared/data')
  const file = join(data, 'label-studio/converter-cases/img-brush/input.json')
  if (!existsSync(file)) skip(`the converter cases are not at ${file}`)
  const tasks: { annotations: { result: RegionResult[] }[] }[] = JSON.parse(readFileSync(file, 'utf8'))
  const areas = tasks
    .flatMap(({ annotations }) => annotations.flatMap(({ result }) => result))
    .map(regionOf)
    .flatMap((region) => (region?.kind === 'mask' ? [maskArea(region.shape.runs)] : []))
  expect(areas).toEqual([140, 154])
})

test('what is no region, or not whole, is null', () => {
  for (const result of [
    { type: 'choices', value: { choices: ['a'] } },
    { type: 'rectanglelabels', value: { x: 1, y: 2, width: 3 } },
    { type: 'rectanglelabels', value: { x: '1', y: 2, width: 3, height: 4 } },
    { type: 'polygonlabels', value: { points: [[1], [2, 3]] } },
    { type: 'brushlabels', value: { rle: [1, 2, 3] } },
    { type: 'labels', value: { start: 0, end: Number.NaN } },
    { type: 'videorectangle', value: { sequence: [null] } },
  ])
    expect(regionOf({ ...result, ...size })).toBeNull()
})
