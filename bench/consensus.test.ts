import { dawidSkene, fitDawidSkene, labelTable, majority } from '@tagger/protocol/classification'
import { expect, test } from 'vitest'
import { tieAveragedAccuracy } from './accuracy/categorical.ts'
import { simulateCrowd } from './consensus/crowd.ts'

test('the benchmark in small: as accurate as it says, in few iterations, in linear time', () => {
  const { labels, truth } = simulateCrowd(50_000, 500)
  const table = labelTable(labels)
  const known = new Int32Array(table.items).fill(-1)
  expect(table.item.length).toBe(50_000)
  expect(tieAveragedAccuracy(majority(table, known).posterior, truth)).toBeCloseTo(0.8872, 3)
  const start = process.cpuUsage()
  const { posterior, iterations } = fitDawidSkene(table, known)
  // A fortieth of that is needed.
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000)
  expect(tieAveragedAccuracy(posterior, truth)).toBeCloseTo(0.8968, 3)
  expect(iterations).toBeLessThan(30)
})

test('more iterations move nothing by more than the stated change', () => {
  const { labels } = simulateCrowd(20_000, 300)
  const table = labelTable(labels)
  const known = new Int32Array(table.items).fill(-1)
  const stopped = dawidSkene(table, known).posterior
  const exact = fitDawidSkene(table, known, { tolerance: 1e-10, accelerated: false }).posterior
  let largest = 0
  for (const [i, p] of stopped.entries()) largest = Math.max(largest, Math.abs(p - exact[i]!))
  expect(largest).toBeLessThan(1e-3)
})
