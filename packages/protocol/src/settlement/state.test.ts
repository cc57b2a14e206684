import { expect, test } from 'vitest'
import { type Canonical, encodeCanonical } from '../bytes/canonical.ts'
import type { Hex } from '../bytes/hex.ts'
import { decodeState, emptyState, encodeState } from './state.ts'

const id: Hex = `0x${'ab'.repeat(32)}`
const account: Hex = `0x${'cd'.repeat(20)}`
const state = { ...emptyState(id), pays: [{ account, micro: 70n }] }
const written = { ...emptyState(id), pays: [{ account, micro: '70' }] }

test('a state is read as it was written', () => {
  expect(decodeState(encodeState(state))).toEqual(state)
  expect(encodeCanonical(written as unknown as Canonical)).toEqual(encodeState(state))
})

test.each([
  ['an amount with a leading zero', { pays: [{ account, micro: '070' }] }],
  ['an account in upper case', { pays: [{ account: `0x${'CD'.repeat(20)}`, micro: '70' }] }],
  ['one more entry', { more: 1 }],
  ['one more entry in a list', { pays: [{ account, micro: '70', more: 1 }] }],
])('another form of the same state is none: %s', (_, change) => {
  const bytes = encodeCanonical({ ...written, ...change } as unknown as Canonical)
  expect(() => decodeState(bytes)).toThrow('Not a state')
})
