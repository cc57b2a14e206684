import type { Hex } from '@tagger/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyBlocks } from '../../src/chain/apply.ts'
import type { ChainEvent } from '../../src/chain/event.ts'
import type { DatabaseAdapter } from '../../src/db/adapter.ts'
import { sql } from '../../src/db/sql.ts'
import { createTestDatabase } from '../harness.ts'

let db: DatabaseAdapter
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ db, drop } = await createTestDatabase())
})
afterAll(() => drop())

const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
let block = 0

/** Indexes one block with these events, as anyone with some gas can make them. */
async function index(...events: Pick<ChainEvent, 'contract' | 'name' | 'subject' | 'args'>[]): Promise<void> {
  block += 1
  const at = { number: block, hash: hash(block), parent: hash(block - 1), time: block }
  const full = events.map((event, logIndex) => ({
    ...{ blockNumber: block, logIndex, time: block, transactionHash: hash(1000 + block), campaignId: null },
    ...event,
  }))
  await db.transaction((tx) => applyBlocks(tx, { blocks: [at], events: full }, { info() {} }))
}

test('an offer that lasts longer than the database counts does not stop the ledger', async () => {
  const offerId = hash(50)
  const offer = { token: '0x0e', price: '1', duration: String(2n ** 64n - 1n), deliverWithin: '60' }
  await index({
    ...{ contract: 'licenses', name: 'OfferCreated', subject: `offer:${offerId}` },
    args: { offerId, passportId: '1', offer },
  })
  const sale = { passportId: '1', version: '1', buyer: '0x0d', price: '1', buyerPublicKey: '0x04' }
  await index(
    {
      ...{ contract: 'licenses', name: 'Purchased', subject: 'license:1' },
      args: { licenseId: '1', offerId, ...sale },
    },
    {
      ...{ contract: 'licenses', name: 'Delivered', subject: 'license:1' },
      args: { licenseId: '1', sealedKey: '0x05', inspectUntil: '9' },
    },
  )
  const licenses = await db.query(sql`select status, expires_at from licenses`)
  expect(licenses).toEqual([{ status: 'delivered', expires_at: 0 }])
})

test('a text with zero characters does not stop the ledger', async () => {
  const version = { contentRoot: hash(7), sources: [], words: '\0\u0000' }
  await index({
    ...{ contract: 'passports', name: 'PassportMinted', subject: 'passport:1' },
    args: { passportId: '1', owner: '0x0c', version },
  })
  const versions = await db.query(sql`select passport_id, content_root from passport_versions`)
  expect(versions).toEqual([{ passport_id: '1', content_root: hash(7) }])
})
