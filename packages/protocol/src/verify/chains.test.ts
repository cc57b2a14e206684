import { expect, test } from 'vitest'
import type { Hex } from '../bytes/hex.ts'
import { emptyState } from '../settlement/state.ts'
import { openBefore } from './chains.ts'

const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`

test('records open before a batch are in order, however many one worker has', () => {
  const many = 200_000
  const segments = [
    {
      account: account(2),
      from: { count: 5 },
      payloadHashes: Array.from({ length: many }, (_, i) => hash(i)),
    },
    { account: account(1), from: { count: 0 }, payloadHashes: [hash(7), hash(8)] },
  ] as unknown as Parameters<typeof openBefore>[1]
  const state = {
    ...emptyState(hash(0)),
    open: [
      { account: account(1), seq: 9, payloadHash: hash(3) },
      { account: account(2), seq: 5, payloadHash: hash(4) },
    ],
  }
  const open = openBefore(state, segments)
  expect(open).toHaveLength(many + 4)
  expect(open.slice(0, 5)).toEqual([
    { account: account(1), seq: 1, payloadHash: hash(7) },
    { account: account(1), seq: 2, payloadHash: hash(8) },
    { account: account(1), seq: 9, payloadHash: hash(3) },
    { account: account(2), seq: 5, payloadHash: hash(4) },
    { account: account(2), seq: 6, payloadHash: hash(0) },
  ])
})
