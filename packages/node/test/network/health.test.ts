import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enqueue } from '../../src/chain/outbox.ts'
import { json, sql } from '../../src/db/sql.ts'
import { retryFailedCalls } from '../../src/settle/recover.ts'
import { createTestNode, type TestNode } from '../harness.ts'
import { openCampaign } from '../work.ts'

let now = new Date('2026-04-01T12:00:00Z')
let tester: TestNode
beforeAll(async () => {
  tester = await createTestNode({ clock: () => now })
})
afterAll(() => tester.close())

const failures = async () => (await tester.call(endpoints.getHealth)).outbox.failed
const stateOf = async (id: string) => {
  const [row] = await tester.node.db.query<{ state: string }>(sql`select state from outbox where id = ${id}`)
  return row!.state
}

/** A call that the chain refused for good. */
async function fail(id: string, purpose = id.split(':')[0]!): Promise<void> {
  const { db, chain } = tester.node
  await enqueue(db, { id, purpose, contract: chain.contracts.campaigns, data: '0x' })
  await db.query(sql`update outbox set state = 'failed', changed_at = ${now} where id = ${id}`)
}

async function insertBatch(hash: string, status: string, campaignId: string): Promise<void> {
  await tester.node.db.query(sql`
    insert into batches (hash, campaign_id, batch_index, header, status, bundle, bundle_bytes, state, items, records, cut_at,
      final_at)
    values (${hash}, ${campaignId}, 0, ${json({})}, ${status}, '', 1, ${new Uint8Array(1)}, 1, 1, 1, 1)`)
}

test('a failed call is held against the node until what it was for is settled, whoever settled it', async () => {
  const { db } = tester.node
  const { id } = await openCampaign(tester)
  const settle: Record<string, () => Promise<unknown>> = {
    'propose:b1': () => db.query(sql`update batches set status = 'void' where hash = 'b1'`),
    'finalize:b2': () => db.query(sql`update batches set status = 'final' where hash = 'b2'`),
    [`close:${id}`]: () => db.query(sql`update campaigns set status = 'closing' where id = ${id}`),
    'fees:b3': () => db.query(sql`update campaigns set fees_paid = 4 where id = ${id}`),
    'deliver:7': () => db.query(sql`update licenses set status = 'delivered' where id = '7'`),
    'deliver:8': async () => {
      now = new Date(now.getTime() + 3_601_000)
    },
  }
  await insertBatch('b1', 'cut', id)
  await insertBatch('b2', 'proposed', id)
  await db.query(sql`
    insert into offers (id, passport_id, offer, is_open) values ('o', '1', ${json({ deliverWithin: 3600 })}, true)`)
  const purchased = now.getTime() / 1000
  await db.query(sql`
    insert into licenses (id, offer_id, passport_id, version, owner, price, buyer_public_key, status, purchased_at,
      expires_at, purchase_transaction)
    select id, 'o', '1', 1, '', 0, '', 'paid', ${purchased}, 0, '' from unnest(array['7', '8']) as row (id)`)
  for (const [call, settled] of Object.entries(settle)) {
    if (call === 'fees:b3') {
      // Of 100 units paid both sides get 2 each.
      await db.query(sql`
        update campaigns set status = 'closed', last_final = 'b3', payouts_total = 100, fees_paid = 2 where id = ${id}`)
    }
    expect(await failures()).toBe(0)
    await fail(call)
    expect(await failures()).toBe(1)
    await settled()
    expect(await failures()).toBe(0)
  }
  await fail('unknown:1')
  expect(await failures()).toBe(1)
  await db.query(sql`delete from outbox`)
})

test('what failed and is still due is tried again after a while, but no proposal', async () => {
  const { id } = await openCampaign(tester)
  await insertBatch('b5', 'cut', id)
  await insertBatch('b6', 'proposed', id)
  await insertBatch('b7', 'final', id)
  for (const call of ['propose:b5', 'finalize:b6', 'finalize:b7']) await fail(call)
  await retryFailedCalls(tester.node)
  expect(await stateOf('finalize:b6')).toBe('failed')
  now = new Date(now.getTime() + 31_000)
  await retryFailedCalls(tester.node)
  expect(await stateOf('finalize:b6')).toBe('waiting')
  expect(await stateOf('finalize:b7')).toBe('failed')
  expect(await stateOf('propose:b5')).toBe('failed')
  expect(await failures()).toBe(1)
})
