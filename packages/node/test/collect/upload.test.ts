import { performance } from 'node:perf_hooks'
import { type Hex, toHex } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eraseItem, itemData, itemImage, wholeItemData } from '../../src/collect/content.ts'
import { sql } from '../../src/db/sql.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'
import { jpegImage, pngChunk, pngImage } from './images.ts'

const { createDraft, uploadItems } = endpoints
const CHOICES = '<Choices name="q" toName="t"><Choice value="yes"/><Choice value="no"/></Choices>'
const TEXT = `<View><Text name="t" value="$text"/>${CHOICES}</View>`
const PAIR = `<View><Text name="t" value="$a"/><Text name="u" value="$b"/>${CHOICES}</View>`
const IMAGE = `<View><Image name="t" value="$picture"/>${CHOICES}</View>`
let tester: TestNode

beforeAll(async () => {
  tester = await createTestNode()
})
afterAll(() => tester.close())

async function draftOf(labelingConfig: string, more: object = {}) {
  const { account } = randomAccount()
  const token = await tester.tokenOf(account)
  const spec = { kind: 'annotate', modality: 'text', labelingConfig, ...more }
  const { id } = await tester.call(createDraft, { token, body: { spec } })
  return {
    id,
    token,
    upload(bytes: string | Uint8Array, mediaType = 'text/csv', query: object = {}) {
      const given = {
        params: { id },
        token,
        upload: { bytes, mediaType },
        query: { name: 'file.csv', ...query },
      }
      return given
    },
  }
}

async function itemsOf(draftId: string) {
  return await tester.node.db.query<{ id: Hex; gold_label: string | null; sealed: Uint8Array | null }>(
    sql`select * from items where draft_id = ${draftId} order by position`,
  )
}

describe('uploading a table', () => {
  test('stops reading a file of which row after row is refused', async () => {
    const { id, upload } = await draftOf(TEXT)
    const csv = `text\nfirst\n${'""\n'.repeat(50_000)}last\n`
    const { accepted, rejected } = await tester.call(uploadItems, upload(csv))
    expect(accepted).toBe(1)
    expect(rejected).toHaveLength(10_001)
    expect(rejected.at(-1)).toMatchObject({ row: 10_003, code: 'too-large' })
    expect(await itemsOf(id)).toHaveLength(1)
  })

  test('makes an item of every good row and reports every other with its row', async () => {
    const { id, upload } = await draftOf(TEXT)
    const csv = 'text,id,answer\none,1,yes\n,2,\nthree,3,maybe\nfour\none,1,\nsix,6,no\n'
    const report = await tester.call(uploadItems, upload(csv, 'text/csv', { goldColumn: 'answer' }))
    expect(report).toEqual({
      file: 'file.csv',
      accepted: 2,
      gold: 2,
      items: 2,
      rejected: [
        { row: 3, name: 'file.csv · 3', code: 'item-empty', message: '"text" is empty' },
        { row: 4, name: 'file.csv · 4', code: 'gold-invalid', message: '"maybe" is none of the labels' },
        { row: 5, name: 'file.csv · 5', code: 'bad-document', message: '1 cells where the header has 3' },
        {
          row: 6,
          name: 'file.csv · 6',
          code: 'item-duplicate',
          message: 'the draft has this content already',
        },
      ],
    })
    const items = await itemsOf(id)
    expect(items.map((item) => item.gold_label)).toEqual(['yes', 'no'])
  })

  test('shows workers only what the labeling config shows, and gives the requester all', async () => {
    const { id, upload } = await draftOf(TEXT)
    await tester.call(
      uploadItems,
      upload('text,secret,gold\nhello,internal,yes\n', 'text/csv', { goldColumn: 'gold' }),
    )
    const [item] = await itemsOf(id)
    const ids = [item!.id]
    expect((await itemData(tester.node, id, ids)).get(item!.id)).toEqual({ text: 'hello' })
    expect((await wholeItemData(tester.node, id, ids)).get(item!.id)).toEqual({
      text: 'hello',
      secret: 'internal',
    })
  })

  test('names items by the hash of their encrypted bytes and stores nothing readable', async () => {
    const { id, upload } = await draftOf(TEXT)
    await tester.call(uploadItems, upload('text\nthe plaintext of it\n'))
    const [item] = await itemsOf(id)
    expect(item!.id).toBe(toHex(tester.node.crypto.sha256(item!.sealed!)))
    expect(Buffer.from(item!.sealed!).includes('plaintext')).toBe(false)
    expect(JSON.stringify(await itemsOf(id))).not.toContain('plaintext')
  })

  test('recognizes the same content in a second file', async () => {
    const { upload } = await draftOf(TEXT)
    await tester.call(uploadItems, upload('text\na\nb\n'))
    const again = await tester.call(uploadItems, upload('text\nb\nc\n'))
    expect(again).toMatchObject({ accepted: 1, items: 3, rejected: [{ row: 2, code: 'item-duplicate' }] })
  })

  test('reads JSON Lines and plain text', async () => {
    const { id, upload } = await draftOf(TEXT)
    await tester.call(uploadItems, upload('{"text":"from json","n":1}\n', 'application/x-ndjson'))
    await tester.call(uploadItems, upload('from text\n\nsecond line', 'text/plain'))
    const ids = (await itemsOf(id)).map((item) => item.id)
    const data = await itemData(tester.node, id, ids)
    expect(ids.map((item) => data.get(item))).toEqual([
      { text: 'from json' },
      { text: 'from text' },
      { text: 'second line' },
    ])
  })

  test.each([
    ['without a column the config shows', PAIR, 'a\n1\n', 'text/csv', {}, 'bad-document'],
    ['without the gold column', TEXT, 'text\n1\n', 'text/csv', { goldColumn: 'gold' }, 'gold-invalid'],
    ['whose gold column is shown', TEXT, 'text\nyes\n', 'text/csv', { goldColumn: 'text' }, 'gold-invalid'],
    ['of plain text for two keys', PAIR, 'hello', 'text/plain', {}, 'item-wrong-type'],
    ['that is no text', TEXT, new Uint8Array([0xff, 0xfe, 0x61, 0]), 'text/csv', {}, 'item-wrong-type'],
    ['with zero bytes', TEXT, 'text\na\0b\n', 'text/csv', {}, 'item-wrong-type'],
    ['that is an image', TEXT, pngImage(), 'text/csv', {}, 'item-wrong-type'],
    ['sent as an image', TEXT, pngImage(), 'image/png', {}, 'item-wrong-type'],
    ['with a deceiving name', TEXT, 'text\na\n', 'text/csv', { name: 'a\u202evsc.exe' }, 'item-bad-name'],
  ] as const)('refuses a file %s', async (_, config, bytes, mediaType, query, code) => {
    const { id, upload } = await draftOf(config)
    expect(await tester.refusal(uploadItems, upload(bytes, mediaType, query))).toMatchObject({ code })
    expect(await itemsOf(id)).toEqual([])
  })

  test('refuses a row that is too large and keeps the others', async () => {
    const { upload } = await draftOf(TEXT)
    const report = await tester.call(uploadItems, upload(`text\nsmall\n${'x'.repeat(300_000)}\n`))
    expect(report).toMatchObject({ accepted: 1, rejected: [{ row: 3, code: 'item-too-large' }] })
  })

  test('refuses more bytes than the node takes', async () => {
    const small = await createTestNode({ config: { maxUploadBytes: 1000 } })
    try {
      const token = await small.tokenOf(randomAccount().account)
      const spec = { kind: 'annotate', modality: 'text', labelingConfig: TEXT }
      const { id } = await small.call(createDraft, { token, body: { spec } })
      const upload = { bytes: `text\n${'x'.repeat(1000)}`, mediaType: 'text/csv' }
      const refusal = await small.refusal(uploadItems, {
        ...{ params: { id }, token, upload },
        query: { name: 'a.csv' },
      })
      expect(refusal).toMatchObject({ status: 413 })
    } finally {
      await small.close()
    }
  })

  test('refuses a draft of someone else', async () => {
    const { upload } = await draftOf(TEXT)
    const token = await tester.tokenOf(randomAccount().account)
    expect(await tester.refusal(uploadItems, { ...upload('text\na\n'), token })).toMatchObject({
      status: 404,
    })
  })

  test('keeps columns whose names mean something to JavaScript', async () => {
    const { id, upload } = await draftOf(TEXT)
    await tester.call(uploadItems, upload('text,constructor,toString\na,b,c\n'))
    const [item] = await itemsOf(id)
    const whole = await wholeItemData(tester.node, id, [item!.id])
    expect(whole.get(item!.id)).toEqual({ text: 'a', constructor: 'b', toString: 'c' })
  })

  test('takes 10,000 rows at once', async () => {
    const { upload } = await draftOf(TEXT)
    const rows = Array.from(
      { length: 10_000 },
      (_, i) => `"Row ${i}, a sentence of some length to label",${i}`,
    )
    const start = performance.now()
    const report = await tester.call(uploadItems, upload(`text,id\n${rows.join('\n')}\n`))
    console.log(`10,000 rows: ${((performance.now() - start) / 1000).toFixed(2)} s`)
    expect(report).toMatchObject({ accepted: 10_000, rejected: [] })
  })
})

describe('uploading images', () => {
  test('keeps their bytes', async () => {
    const { id, upload } = await draftOf(IMAGE, { modality: 'image' })
    const png = pngImage(40, 40)
    const pixels = pngChunk('IDAT', Buffer.alloc(20_000, 7))
    const large = Buffer.concat([png.subarray(0, 33), pixels, png.subarray(33)])
    await tester.call(uploadItems, upload(large, 'image/png', { name: 'cats/one.png' }))
    await tester.call(uploadItems, upload(jpegImage(), 'image/jpeg', { name: 'two.jpg' }))
    const [first, second] = await itemsOf(id)
    expect(first!.sealed).toBeNull()
    const image = await itemImage(tester.node, id, first!.id)
    expect(image).toMatchObject({ mediaType: 'image/png', name: 'one.png' })
    expect(Buffer.from(image!.bytes).equals(large)).toBe(true)
    expect((await itemData(tester.node, id, [second!.id])).get(second!.id)).toEqual({ picture: 'two.jpg' })
  })

  test.each([
    ['truncated', pngImage().subarray(0, 50), 'image/png', 'item-truncated'],
    ['of another type than it says', pngImage(), 'image/gif', 'item-wrong-type'],
    ['that is a web page', Buffer.from('<script>'), 'image/png', 'item-wrong-type'],
    ['that is a table', Buffer.from('a,b\n1,2'), 'text/csv', 'item-wrong-type'],
    ['of a type nobody renders', pngImage(), 'image/svg+xml', 'unsupported-type'],
  ])('refuses one %s', async (_, bytes, mediaType, code) => {
    const { upload } = await draftOf(IMAGE, { modality: 'image' })
    expect(await tester.refusal(uploadItems, upload(bytes, mediaType))).toMatchObject({ code })
  })

  test('reports the same image as a duplicate', async () => {
    const { upload } = await draftOf(IMAGE, { modality: 'image' })
    await tester.call(uploadItems, upload(pngImage(), 'image/png'))
    const again = await tester.call(uploadItems, upload(pngImage(), 'image/png'))
    expect(again).toMatchObject({ accepted: 0, items: 1, rejected: [{ row: 1, code: 'item-duplicate' }] })
  })
})

describe('erasing an item', () => {
  test('leaves its hash and no way to read it', async () => {
    const { id, upload } = await draftOf(TEXT)
    await tester.call(uploadItems, upload(`text\nsecret one\n${'long '.repeat(5000)}\n`))
    const [small, large] = await itemsOf(id)
    for (const item of [small!, large!]) {
      expect(await eraseItem(tester.node, id, item.id)).toBe(true)
      expect(await tester.node.blobs.get(item.id.slice(2))).toBeNull()
    }
    expect((await itemData(tester.node, id, [small!.id, large!.id])).size).toBe(0)
    expect((await itemsOf(id)).map((item) => item.id)).toEqual([small!.id, large!.id])
    // Not even recognized again: its content may be sent anew.
    expect(await tester.call(uploadItems, upload('text\nsecret one\n'))).toMatchObject({ accepted: 1 })
  })

  test('finds nothing where there is nothing', async () => {
    const { id } = await draftOf(TEXT)
    expect(await eraseItem(tester.node, id, `0x${'00'.repeat(32)}`)).toBe(false)
  })
})
