import { expect, test } from 'vitest'
import { newId } from '../../src/db/id.ts'

test('ids made later sort later, within a millisecond too', () => {
  const now = new Date('2026-05-01T12:00:00.123Z')
  const ids = Array.from({ length: 1000 }, () => newId(now))
  ids.push(newId(new Date(now.getTime() + 1)))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})
