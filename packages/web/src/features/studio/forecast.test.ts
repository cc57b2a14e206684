import { describe, expect, it } from 'vitest'
import { forecast, majorityRight } from './forecast.ts'

describe('majorityRight', () => {
  it('is the skill itself for one answer, and for two with ties split', () => {
    expect(majorityRight(1, 0.8)).toBeCloseTo(0.8)
    expect(majorityRight(2, 0.8)).toBeCloseTo(0.8)
  })

  it('rises with answers of the skilled and stays at one half for guessing', () => {
    expect(majorityRight(3, 0.8)).toBeCloseTo(0.896)
    expect(majorityRight(5, 0.8)).toBeGreaterThan(majorityRight(3, 0.8))
    expect(majorityRight(5, 0.5)).toBeCloseTo(0.5)
  })
})

describe('forecast', () => {
  const base = { items: 100, min: 3, max: 3, people: 5, secondsPerRecord: 6, windowSeconds: 10 }

  it('asks exactly the answers of a fixed number', () => {
    expect(forecast(base).records).toBe(300)
  })

  it('never asks more than the most, nor fewer than the fewest', () => {
    const { records } = forecast({ ...base, min: 2, max: 7 })
    expect(records).toBeGreaterThanOrEqual(200)
    expect(records).toBeLessThanOrEqual(700)
  })

  it('takes half as long with twice the people, but never less than the window', () => {
    const one = forecast({ ...base, people: 1 }).seconds - 10
    expect(forecast({ ...base, people: 2 }).seconds - 10).toBeCloseTo(one / 2, -1)
    expect(forecast({ ...base, items: 0 }).seconds).toBe(10)
  })
})
