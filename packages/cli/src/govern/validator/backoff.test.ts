import { expect, test } from 'vitest'
import { createBackoff } from './backoff.ts'

test('waits twice as long after each failure, a minute at most', () => {
  const backoff = createBackoff()
  expect(backoff.isDue('a', 0)).toBe(true)
  for (const pause of [1, 2, 4, 8, 16, 32, 60, 60]) {
    backoff.failed('a', 100, null)
    expect(backoff.isDue('a', 100 + pause - 0.1)).toBe(false)
    expect(backoff.isDue('a', 100 + pause)).toBe(true)
  }
  expect(backoff.isDue('b', 100)).toBe(true)
  backoff.succeeded('a')
  expect(backoff.isDue('a', 100)).toBe(true)
})

test('before a deadline it tries ten times at least', () => {
  const backoff = createBackoff()
  for (let failure = 0; failure < 10; failure++) backoff.failed('a', 100, 150)
  expect(backoff.isDue('a', 105)).toBe(true)
  for (let failure = 0; failure < 10; failure++) backoff.failed('a', 149, 150)
  expect(backoff.isDue('a', 150)).toBe(true)
})
