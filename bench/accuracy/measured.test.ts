import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { evaluate as evaluateBoxes } from './bbox.ts'
import { evaluate as evaluateNumbers } from './numeric.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'set-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(file: string, rows: readonly string[]) {
  writeFileSync(join(folder, file), `${rows.join('\n')}\n`)
}

test('numbers: the last answer counts, tasks without truth do not, the error is the mean of absolute ones', async () => {
  write('dataset.json', ['{"name": "small", "kind": "numeric"}'])
  write('labels.csv', [
    'worker,task,label',
    'a,t1,90',
    'a,t1,1',
    'b,t1,1',
    'c,t1,1',
    'a,t2,4',
    'b,t2,4',
    'a,t3,7',
  ])
  write('truth.csv', ['task,label', 't1,1', 't2,6'])
  const report = await evaluateNumbers(folder)
  expect(report).toMatchObject({ name: 'small', kind: 'numeric', labels: 6, labelsPerTask: 2, baseline: 1 })
  expect(report.value).toBeCloseTo(1, 6)
})

test('boxes: misses and false ones cost F1, what nobody should mark counts too', async () => {
  const box = '0,0,10,10'
  write('dataset.json', ['{"name": "small", "kind": "bbox"}'])
  write('assignments.csv', [
    'worker,task,boxes',
    ...['t1', 't2'].flatMap((task) => ['a', 'b', 'c'].map((worker) => `${worker},${task},1`)),
  ])
  write('labels.csv', [
    'worker,task,x,y,x2,y2',
    ...['a', 'b', 'c'].map((worker) => `${worker},t1,${box}`),
    `a,t2,${box}`,
    'b,t2,500,500,520,520',
  ])
  write('truth_tasks.csv', ['task,boxes', 't1,2', 't2,0'])
  write('truth.csv', ['task,x,y,x2,y2', `t1,${box}`, 't1,100,100,120,120'])
  const { value, baseline, labels, labelsPerTask } = await evaluateBoxes(folder)
  // One of two found, nothing false: 2 × 1 ÷ (1 + 2).
  expect({ value, baseline, labels, labelsPerTask }).toEqual({
    value: 2 / 3,
    baseline: 2 / 3,
    labels: 5,
    labelsPerTask: 3,
  })
})
