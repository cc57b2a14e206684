import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluate, readCategorical } from './categorical.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagger-set-'))
  const files = {
    'dataset.json': '{ "name": "small", "kind": "categorical" }',
    'labels.csv': [
      'worker,task,label',
      'w1,t1,"yes, sure"',
      'w1,t1,no',
      'w2,t1,no',
      'w1,t2,no',
      'w2,t2,"yes, sure"',
      'w2,"t ""3""",no',
      '',
    ].join('\r\n'),
    'truth.csv': 'task,label\nt1,no\nt2,no\n"t ""3""",never given\nt9,no\n',
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('quoted cells, the last answer of a worker, and a truth nobody gave', () => {
  const { name, table, truth } = readCategorical(folder)
  expect(name).toBe('small')
  expect([...table.start]).toEqual([0, 2, 4, 5])
  expect([...table.label]).toEqual([0, 0, 0, 1, 0])
  expect([...truth]).toEqual([0, 0, 2])
})

test('a tie counts by its share', async () => {
  const report = await evaluate(folder)
  expect(report).toMatchObject({ labels: 5, truths: 3, labelsPerTask: 5 / 3 })
  expect(report.majority).toBeCloseTo((1 + 1 / 2 + 0) / 3, 12)
})
