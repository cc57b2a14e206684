import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { openAlarms } from '../../src/network/alarms.ts'
import type { Node } from '../../src/node.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import { openCampaign } from '../work.ts'

let asked = 0
let staked = 0n
let t: TestNode
beforeAll(async () => {
  const client = {
    getBlockNumber: async () => 0n,
    readContract: async ({ functionName }: { functionName: string }) => {
      if (functionName === 'balanceOf') return staked
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

test('less TAG in the contract than is at stake raises an alarm, more of it does not', async () => {
  const { db } = t.node
  await db.query(sql`
    insert into stakes (account, staked, cooling, cooling_until, locks, validating, slashed, collected, votes)
    values ('0x0a', 70, 20, 9, '{}', 0, 15, 5, 70)`)
  const books = { staked: 70n, cooling: 20n, credited: 10n }
  staked = 99n
  const short = await t.call(endpoints.getReconciliation, {})
  expect(short).toMatchObject({ ok: false, stakes: { ...books, held: 99n, isCovered: false } })
  expect((await openAlarms(db)).map(({ id }) => id)).toEqual(['reconciliation-stakes'])
  staked = 101n
  const covered = await t.call(endpoints.getReconciliation, {})
  expect(covered).toMatchObject({ ok: true, stakes: { ...books, held: 101n, isCovered: true } })
  expect(await openAlarms(db)).toEqual([])
})
