import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeCanonical, emptyHead, pureCrypto, type SignedReceipt, toHex, ZERO32 } from '@tagger/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { folderStore } from '../src/folder-store.ts'
import { memoryStore, type Store } from '../src/store.ts'
import {
  keepClaim,
  keepReceipt,
  listReceipts,
  openReceipts,
  readClaimKept,
  readReceipt,
  saveReceipts,
} from '../src/work/kept.ts'
import { keepChunk, readEvidence } from '../src/work/own-chain.ts'
import type { PendingRecord } from '../src/work/pending.ts'
import { buildRecords } from '../src/work/records.ts'

const campaignId = `0x${'11'.repeat(32)}` as const
const account = `0x${'22'.repeat(20)}` as const
const chain = { campaignId, account }
const signature = `0x${'33'.repeat(65)}` as const

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-kept-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function receiptOf(head: { count: number; link: `0x${string}` }): SignedReceipt {
  return { ...chain, ...head, owedAtLeast: 12n, issuedAt: 5, signature }
}

function pending(item: string): PendingRecord {
  return {
    id: item,
    kind: 'annotation',
    body: { answer: { mood: ['good'] } },
    item: `0x${item.repeat(32)}`,
    task: 'task',
    isRevision: false,
    assist: null,
    startedAt: 10,
    endedAt: 12,
    queuedAt: 0,
    sentAs: null,
    refused: null,
  }
}

/** Keeps two chunks of work; answers with the head after each. */
async function work(store: Store) {
  let head = emptyHead(campaignId, account)
  const heads = []
  for (const items of [['aa', 'bb'], ['cc']]) {
    const on = { campaign: campaignId, account, head, firstSeqs: new Map() }
    const { payloads, head: next } = buildRecords(on, items.map(pending), pureCrypto)
    await keepChunk(store, chain, {
      from: head.count + 1,
      payloads,
      head: { ...next, publicKey: '0x04', signature },
      delegation: {
        account,
        publicKey: '0x04',
        scope: campaignId,
        notBefore: 1,
        notAfter: 2,
        nonce: 3n,
        signature,
      },
    })
    head = next
    heads.push(next)
  }
  return heads
}

describe.each([
  ['memory', () => memoryStore()],
  ['a folder', () => folderStore(join(folder, 'store'))],
])('a store in %s', (_, make) => {
  test('keeps, lists and forgets', async () => {
    const store = make()
    expect(await store.get('a:1')).toBeNull()
    expect(await store.keys('a:')).toEqual([])
    await store.set('a:2', 'zwei/ü')
    await store.set('a:1', 'one')
    await store.set('b:1', 'other')
    expect([await store.get('a:2'), await store.keys('a:')]).toEqual(['zwei/ü', ['a:1', 'a:2']])
    await store.remove('a:2')
    await store.remove('a:2')
    expect(await store.keys('')).toEqual(['a:1', 'b:1'])
  })
})

describe('the chain a receipt is for', () => {
  test('is found again as it was signed', async () => {
    const store = memoryStore()
    const [first, second] = await work(store)
    const evidence = await readEvidence(store, receiptOf(second!), pureCrypto)
    expect(evidence?.digest).toBe(toHex(pureCrypto.sha256(evidence!.bytes)))
    expect(decodeCanonical(evidence!.bytes)).toMatchObject({
      ...{ v: 1, campaignId, account },
      head: second,
      payloads: { length: 3 },
    })
    expect(decodeCanonical((await readEvidence(store, receiptOf(first!), pureCrypto))!.bytes)).toMatchObject({
      head: first,
      payloads: { length: 2 },
    })
  })

  test('is not made up when another device made a part of it', async () => {
    const store = memoryStore()
    const [, second] = await work(store)
    const receipt = receiptOf({ count: 3, link: `0x${'44'.repeat(32)}` })
    expect(await readEvidence(store, receipt, pureCrypto)).toBeNull()
    await store.remove(`chain:${campaignId}:${account}:1`)
    expect(await readEvidence(store, receiptOf(second!), pureCrypto)).toBeNull()
  })
})

describe('receipts saved to a file', () => {
  test('are opened elsewhere, and never take the place of longer ones', async () => {
    const [here, there] = [memoryStore(), memoryStore()]
    const [first, second] = await work(here)
    await keepReceipt(here, receiptOf(second!))
    await here.set('login:x', 'secret')
    const saved = await saveReceipts(here)
    expect(saved).not.toContain('secret')
    expect(await openReceipts(there, saved)).toBe(1)
    expect(await listReceipts(there, account)).toEqual([receiptOf(second!)])
    expect(await readEvidence(there, receiptOf(second!), pureCrypto)).not.toBeNull()

    await keepReceipt(here, receiptOf(first!))
    await openReceipts(there, await saveReceipts(here))
    expect(await readReceipt(there, chain)).toEqual(receiptOf(second!))
  })

  test('bring the proofs of final pay along, the highest one', async () => {
    const header = {
      ...{ campaignId, previous: ZERO32, index: 0, cutAt: 1, bundle: ZERO32, recordsRoot: ZERO32 },
      ...{ resultsRoot: ZERO32, payoutsRoot: ZERO32, payoutsTotal: 9n, state: ZERO32, closing: false },
    }
    const claimOf = (amount: bigint) => ({ header, claim: { account, amount, proof: [ZERO32] } })
    const [here, there] = [memoryStore(), memoryStore()]
    await keepClaim(here, claimOf(7n))
    await keepClaim(here, claimOf(5n))
    await keepClaim(there, claimOf(6n))
    await openReceipts(there, await saveReceipts(here))
    expect(await readClaimKept(there, chain)).toEqual(claimOf(7n))
  })

  test('are refused when they are something else', async () => {
    for (const text of ['', '{}', '{"tagger":"receipts","entries":{"receipt:0x1:0x2":"{}"}}']) {
      await expect(openReceipts(memoryStore(), text)).rejects.toMatchObject({ code: 'bad-document' })
    }
  })
})
