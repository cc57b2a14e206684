import { decryptContent, type Hex, type Result } from '@tagger/protocol'
import { expect, test } from 'vitest'
import { composeContent, sealContent, sha256 } from './content.ts'

const labels = ['no', 'yes']
const rows = Array.from({ length: 20 }, (_, i) => ({
  result: {
    item: `0x${i.toString(16).padStart(64, '0')}` as Hex,
    label: labels[i % 4 === 0 ? 0 : 1]!,
    confidence: 900_000 + i,
    distribution: [99_999, 900_001],
    status: 'accepted',
    annotations: 3,
    reviews: 0,
  } satisfies Result,
  data: { text: `text ${i}` },
}))
const seed: Hex = `0x${'ab'.repeat(32)}`

test('the same results make the same bytes, in whatever order they come', () => {
  const content = composeContent(rows, labels, seed)
  expect(composeContent([...rows].reverse(), labels, seed)).toEqual(content)
  const lines = new TextDecoder()
    .decode(content.bytes)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toHaveLength(20)
  expect(lines[1]).toMatchObject({
    data: { text: 'text 1' },
    label: 'yes',
    confidence: 0.900001,
    distribution: { no: 0.099999, yes: 0.900001 },
  })
  expect(content.labels).toEqual([
    { label: 'no', items: 5 },
    { label: 'yes', items: 15 },
  ])
})

test('the batch draws the sample, nobody else', () => {
  const sample = composeContent(rows, labels, seed).sample.map(({ text }) => text)
  const other = composeContent(rows, labels, `0x${'cd'.repeat(32)}`).sample.map(({ text }) => text)
  expect(new Set(sample).size).toBe(5)
  expect(other).not.toEqual(sample)
})

test('a long text is cut in the sample and whole in the content', () => {
  const long = [{ ...rows[0]!, data: { text: 'x'.repeat(5_000) } }]
  const content = composeContent(long, labels, seed)
  expect(content.sample[0]!.text).toHaveLength(1_001)
  expect(new TextDecoder().decode(content.bytes)).toContain('x'.repeat(5_000))
})

test('sealed content opens with its key, as the protocol opens it, and hashes to what the passport names', () => {
  const { bytes } = composeContent(rows, labels, seed)
  const sealed = sealContent(bytes)
  expect(Buffer.from(decryptContent(sealed.contentKey, sealed.cipher))).toEqual(Buffer.from(bytes))
  expect(sealed.contentRoot).toBe(sha256(bytes))
  expect(sealed.cipherRoot).toBe(sha256(sealed.cipher))
  expect(sealed.keyHash).toBe(sha256(sealed.contentKey))
  expect(sealContent(bytes).cipherRoot).not.toBe(sealed.cipherRoot)
})
