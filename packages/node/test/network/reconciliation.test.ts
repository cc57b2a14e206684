import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Node } from '../../src/node.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import { openCampaign } from '../work.ts'

let asked = 0
let t: TestNode
beforeAll(async () => {
  const client = {
    getBlockNumber: async () => 0n,
    readContract: async () => {
      asked += 1
      const nothing = { payoutsTotal: 0n, claimedTotal: 0n, operatorFeePaid: 0n, protocolFeePaid: 0n }
      return { funded: 10n ** 18n, refunded: 0n, ...nothing }
    },
  } as unknown as Node['chain']['client']
  t = await createTestNode({ chain: { client } })
  await openCampaign(t)
})
afterAll(() => t.close())

test('the chain is asked once, however many ask the node at a time', async () => {
  const replies = await Promise.all(Array.from({ length: 10 }, () => t.call(endpoints.getReconciliation, {})))
  expect(replies.map(({ ok }) => ok)).toEqual(Array(10).fill(true))
  expect(asked).toBe(1)
  await t.call(endpoints.getReconciliation, {})
  expect(asked).toBe(2)
})
