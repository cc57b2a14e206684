import { emptyHead, extendChain, type Hex, pureCrypto } from '@tagger/protocol'
import { expect, test } from 'vitest'
import type { PendingRecord } from '../src/work/pending.ts'
import { actKey, buildRecords, toBase64 } from '../src/work/records.ts'

const campaign: Hex = `0x${'11'.repeat(32)}`
const account: Hex = `0x${'22'.repeat(20)}`

function pending(item: string, isRevision = false): PendingRecord {
  return {
    id: `${item}-${isRevision}`,
    kind: 'annotation',
    body: { answer: { mood: ['good'] } },
    item: `0x${item.repeat(32)}`,
    task: 'task',
    isRevision,
    assist: null,
    startedAt: 10,
    endedAt: 12,
    queuedAt: 0,
    sentAs: null,
    refused: null,
  }
}

test('builds a chain that the protocol accepts, link by link', () => {
  const head = emptyHead(campaign, account)
  const chain = { campaign, account, head, firstSeqs: new Map() }
  const built = buildRecords(chain, [pending('aa'), pending('bb')], pureCrypto)
  const checked = extendChain(campaign, account, head, built.payloads)
  expect(checked.map(({ link }) => link)).toEqual(built.placed.map(({ link }) => link))
  expect(built.head).toEqual({ count: 2, link: checked[1]!.link })
})

test('a revision names the first record of its item, in the same chunk or before', () => {
  const head = emptyHead(campaign, account)
  const known = new Map([[actKey(pending('cc')), 7]])
  const chain = { campaign, account, head, firstSeqs: known }
  const { payloads } = buildRecords(
    chain,
    [pending('aa'), pending('aa', true), pending('cc', true)],
    pureCrypto,
  )
  const records = extendChain(campaign, account, head, payloads)
  expect(records.map(({ record }) => record.revises)).toEqual([null, 1, 7])
})

test('a revision of nothing is refused here', () => {
  const chain = { campaign, account, head: emptyHead(campaign, account), firstSeqs: new Map() }
  expect(() => buildRecords(chain, [pending('aa', true)], pureCrypto)).toThrow('no earlier answer')
})

test('the same answer has another payload each time', () => {
  const chain = { campaign, account, head: emptyHead(campaign, account), firstSeqs: new Map() }
  const [a, b] = [1, 2].map(() => buildRecords(chain, [pending('aa')], pureCrypto).head.link)
  expect(a).not.toBe(b)
})

test('base64 equals the one of Node', () => {
  for (let size = 0; size < 40; size++) {
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(size))
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
  }
})
