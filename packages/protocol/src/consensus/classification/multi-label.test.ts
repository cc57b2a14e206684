import { describe, expect, test } from 'vitest'
import { dawidSkene } from './dawid-skene.ts'
import { majority } from './majority.ts'
import { type ChoiceTable, choiceQuality, multiLabel } from './multi-label.ts'

/** 200 items, three classes that come and go on their own, each seen by five workers; the last one names everything. */
function simulatedChoices(): { table: ChoiceTable; truth: Uint8Array } {
  const [items, workers, classes] = [200, 5, 3]
  let seed = 3
  const draw = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return Math.floor((seed / 4294967296) * below)
  }
  const truth = Uint8Array.from({ length: items * classes }, () => (draw(3) === 0 ? 1 : 0))
  const answers = items * workers
  const chosen = new Uint8Array(answers * classes)
  for (let i = 0; i < answers; i++) {
    const worker = i % workers
    for (let k = 0; k < classes; k++) {
      const real = truth[Math.floor(i / workers) * classes + k]!
      const error = worker === 0 ? 5 : 30
      chosen[i * classes + k] = worker === 4 ? 1 : draw(100) < error ? 1 - real : real
    }
  }
  return {
    truth,
    table: {
      items,
      workers,
      classes,
      item: Int32Array.from({ length: answers }, (_, i) => Math.floor(i / workers)),
      worker: Int32Array.from({ length: answers }, (_, i) => i % workers),
      chosen,
      start: Int32Array.from({ length: items + 1 }, (_, t) => t * workers),
    },
  }
}

function accuracy(probability: Float64Array, truth: Uint8Array): number {
  return probability.reduce((right, p, i) => right + (p > 0.5 === (truth[i] === 1) ? 1 : 0), 0) / truth.length
}

describe('multiple choice', () => {
  const { table, truth } = simulatedChoices()
  const unknown = new Int8Array(table.items * table.classes).fill(-1)

  test('every class is decided on its own, and who names everything stops counting', () => {
    const byVotes = accuracy(multiLabel(table, unknown, majority).probability, truth)
    const bySkill = accuracy(multiLabel(table, unknown, dawidSkene).probability, truth)
    expect(bySkill).toBeGreaterThan(0.93)
    expect(bySkill).toBeGreaterThan(byVotes + 0.05)
  })

  test('a known class of an item stays, the others are judged', () => {
    const known = unknown.slice()
    known[1] = 1
    const { probability } = multiLabel(table, known, dawidSkene)
    expect(probability[1]).toBe(1)
    expect(probability[0]! > 0 && probability[0]! < 1).toBe(true)
  })

  test('an answer does not speak for itself', () => {
    const { probability, withoutAnswer } = multiLabel(table, unknown, dawidSkene)
    const without = withoutAnswer(0)
    for (let k = 0; k < 3; k++) {
      if (table.chosen[k] === 1) expect(without[k]).toBeLessThan(probability[k]!)
      else expect(without[k]).toBeGreaterThan(probability[k]!)
    }
  })
})

test('quality of an answer: the right set is best, all and nothing do not pay', () => {
  const probability = Float64Array.of(0.98, 0.97, 0.03, 0.02)
  const quality = (...chosen: number[]) => choiceQuality(Uint8Array.from(chosen), probability)
  expect(quality(1, 1, 0, 0)).toBeGreaterThan(0.95)
  expect(quality(1, 0, 0, 0)).toBeLessThan(0.51)
  expect(quality(1, 1, 1, 1)).toBeCloseTo(0.5, 2)
  expect(quality(0, 0, 0, 0)).toBeLessThan(0.001)
  expect(choiceQuality(Uint8Array.of(0, 0), Float64Array.of(0, 0))).toBe(1)
})
