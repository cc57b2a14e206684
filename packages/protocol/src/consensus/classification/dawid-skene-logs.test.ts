import { describe, expect, test } from 'vitest'
import { accuracy as crowdAccuracy, crowdSet } from '../../../test/crowd-set.ts'
import { named, specWith } from '../../../test/simulated-campaign.ts'
import { type Hex, toHex } from '../../bytes/hex.ts'
import type { WorkRecord } from '../../records/work-record.ts'
import { estimate } from '../fit.ts'
import { dawidSkeneOfLogs } from './dawid-skene-logs.ts'
import type { Classifier } from './label-table.ts'
import { majority } from './majority.ts'

function specOf(labels: readonly string[], method: 'majority' | 'dawid-skene') {
  const choices = labels.map((label) => `<Choice value="${label}"/>`).join('')
  const labelingConfig = `<View><Text name="t" value="$t"/><Choices name="label" toName="t">${choices}</Choices></View>`
  return specWith({ labelingConfig, consensus: { method, version: 1 } })
}

const id = (name: string) => toHex(named(name))

function recordsOf(rows: readonly (readonly [worker: string, item: string, label: string])[]): WorkRecord[] {
  return rows.map(([worker, item, label], index) => ({
    v: 1,
    campaign: id('c'),
    account: id(worker).slice(0, 42) as Hex,
    seq: index + 1,
    prev: id('p'),
    salt: `0x${'00'.repeat(16)}`,
    kind: 'annotation',
    task: '',
    item: id(item),
    body: { answer: { label: [label] } },
    revises: null,
    assist: null,
    startedAt: 0,
    endedAt: 0,
  }))
}

/** Share of right answers, a tie counting by its share. */
function accuracy(
  estimates: ReturnType<typeof estimate>,
  truth: ReadonlyMap<string, string>,
  labels: string[],
) {
  let right = 0
  for (const [item, label] of truth) {
    const { distribution } = estimates.get(id(item))!
    const top = Math.max(...distribution)
    const best = labels.filter((_, i) => distribution[i] === top)
    right += best.includes(label) ? 1 / best.length : 0
  }
  return right / truth.size
}

test('a majority tie is a tie', () => {
  const estimates = estimate({
    spec: specOf(['a', 'b'], 'majority'),
    records: recordsOf([
      ['w1', 'i', 'a'],
      ['w2', 'i', 'b'],
    ]),
    gold: new Map(),
  })
  expect(estimates.get(id('i'))).toMatchObject({ confidence: 500_000, distribution: [500_000, 500_000] })
})

test('a careful worker outweighs three careless ones', () => {
  const rows: [string, string, string][] = []
  const label = (bit: number) => (bit === 1 ? 'b' : 'a')
  for (let i = 0; i < 200; i++) {
    const truth = i % 2
    const says = (worker: string, percentRight: number) => {
      const isRight = (named(`${worker} ${i}`)[0]! * 100) / 256 < percentRight
      rows.push([worker, `i${i}`, label(isRight ? truth : 1 - truth)])
    }
    says('careful', 98)
    for (const friend of ['friend1', 'friend2']) says(friend, 80)
    for (const careless of ['careless1', 'careless2', 'careless3']) says(careless, 50)
  }
  const gold = new Map<Hex, string>()
  const estimates = estimate({ spec: specOf(['a', 'b'], 'dawid-skene'), records: recordsOf(rows), gold })
  const truth = new Map(Array.from({ length: 200 }, (_, i) => [`i${i}`, label(i % 2)]))
  const majorityEstimates = estimate({ spec: specOf(['a', 'b'], 'majority'), records: recordsOf(rows), gold })
  expect(accuracy(estimates, truth, ['a', 'b'])).toBeGreaterThan(0.91)
  expect(accuracy(majorityEstimates, truth, ['a', 'b'])).toBeLessThan(0.88)
})

test('known answers stay as they are known', () => {
  const records = recordsOf([
    ['w1', 'i', 'a'],
    ['w2', 'i', 'a'],
    ['w1', 'j', 'b'],
  ])
  const estimates = estimate({
    spec: specOf(['a', 'b'], 'dawid-skene'),
    records,
    gold: new Map([[id('i'), 'b']]),
  })
  expect(estimates.get(id('i'))).toMatchObject({ label: 'b', confidence: 1_000_000 })
})

describe('on real answers, ties averaged (the public data folder, see docs/data.md)', () => {
  const sets = [
    // Published: crowd-kit's table (Journal of Open Source Software 9(96):6227).
    { name: 'd_product', majority: 0.897, dawidSkene: 0.937 },
    { name: 'rte', majority: 0.897, dawidSkene: 0.925 },
    { name: 'web', majority: 0.73, dawidSkene: 0.8 },
  ]
  test.for(sets)('$name', ({ name, ...figures }, { skip }) => {
    const { table, truth, noneKnown } = crowdSet(name, skip)
    const measured = (method: Classifier) => crowdAccuracy(method(table, noneKnown).posterior, truth)
    expect(measured(majority)).toBeCloseTo(figures.majority, 2)
    expect(measured(dawidSkeneOfLogs)).toBeGreaterThanOrEqual(figures.dawidSkene)
  })
})
