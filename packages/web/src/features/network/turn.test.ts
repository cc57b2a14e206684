import type { Hex } from '@tagger/protocol'
import { expect, test } from 'vitest'
import { turnOf } from './turn.ts'

const [operator, requester, challenger, me] = ['1', '2', '3', '4'].map(
  (digit): Hex => `0x${digit.repeat(40)}`,
) as [Hex, Hex, Hex, Hex]
const kept = { isValid: true, salt: `0x${'ab'.repeat(32)}` as Hex }
const vote = {
  voter: me,
  weight: 9n,
  round: 1,
  state: 'committed',
  slashed: null,
  rewarded: 0n,
} as const
const before = {
  dispute: { operator, requester, challenger, round: 1 },
  phase: 'committing',
  account: me,
  weight: 9n,
  vote: undefined,
  kept: null,
  due: 0n,
} as const
const after = { ...before, vote } as const

test('who has no vote is told why', () => {
  for (const account of [operator, requester, challenger]) {
    expect(turnOf({ ...before, account })).toBe('party')
  }
  expect(turnOf({ ...before, weight: 0n })).toBe('weightless')
  expect(turnOf({ ...before, phase: 'revealing' })).toBe('late')
  expect(turnOf({ ...before, phase: 'void' })).toBe('none')
})

test('a vote is committed, then revealed where it is kept, then settled', () => {
  expect(turnOf(before)).toBe('commit')
  expect(turnOf({ ...after, kept })).toBe('committed')
  expect(turnOf({ ...after, kept, phase: 'revealing' })).toBe('reveal')
  expect(turnOf({ ...after, phase: 'revealing' })).toBe('not-kept')
  const revealed = { ...vote, state: 'valid' } as const
  expect(turnOf({ ...after, phase: 'revealing', vote: revealed })).toBe('revealed')
  expect(turnOf({ ...after, phase: 'upheld', vote: revealed })).toBe('settle')
  const settled = { ...revealed, slashed: 0n }
  expect(turnOf({ ...after, phase: 'upheld', vote: settled })).toBe('settled')
  expect(turnOf({ ...after, phase: 'upheld', vote: settled, due: 1n })).toBe('settle')
})

test('a vote that was not revealed in its round is told to be lost', () => {
  expect(turnOf({ ...after, kept, phase: 'counting' })).toBe('forgotten')
  const dispute = { ...before.dispute, round: 2 }
  expect(turnOf({ ...after, kept, dispute })).toBe('forgotten')
  expect(turnOf({ ...after, dispute, vote: { ...vote, state: 'invalid' } })).toBe('revealed')
})
