import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equalBytes } from '../bytes/canonical.ts'
import { type Hex, toHex, ZERO32 } from '../bytes/hex.ts'
import { RecordReader } from './record-reader.ts'
import { decodeRecord, encodeRecord, type SettledRecord, type WorkRecord } from './work-record.ts'

const campaign: Hex = `0x${'ca'.repeat(32)}`
const account: Hex = `0x${'ab'.repeat(20)}`

const hexOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex)
const integer = fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(65_535, 65_536, 2 ** 32 - 1, 2 ** 32))
const label = fc.constantFrom('yes', 'no', 'größer', '')
const answer = fc.oneof(
  label.map((chosen) => ({ question: [chosen] })),
  fc.dictionary(fc.string({ minLength: 1, maxLength: 40 }), fc.array(label, { maxLength: 3 }), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
)
const act = fc.oneof(
  fc.record({ kind: fc.constant('annotation'), body: fc.record({ answer }) }),
  fc.record({
    kind: fc.constant('review'),
    body: fc.record({
      verdict: fc.constantFrom('accept', 'fix', 'reject'),
      answer: fc.option(answer),
      reason: fc.string({ maxLength: 30 }),
    }),
  }),
  fc.record({
    kind: fc.constant('submission'),
    body: fc.record({ mediaType: fc.constant('text/plain'), bytes: fc.integer({ min: 1, max: 300 }) }),
  }),
)
const records = fc
  .tuple(
    act,
    fc.record({
      v: fc.constant(1),
      campaign: fc.constantFrom(campaign, campaign, campaign, ZERO32),
      account: fc.constantFrom(account, account, account, `0x${'00'.repeat(20)}`),
      seq: integer.map((seq) => seq + 1),
      prev: hexOf(32),
      salt: hexOf(16),
      task: fc.oneof(fc.constant('task'), fc.string({ maxLength: 30 })),
      item: fc.constantFrom(ZERO32, campaign),
      revises: fc.option(integer.map((seq) => seq + 1)),
      assist: fc.option(
        fc.record({
          model: fc.string({ maxLength: 30 }),
          suggestion: hexOf(32),
          use: fc.constantFrom('accepted', 'edited', 'own', 'blind'),
        }),
      ),
      startedAt: integer,
      endedAt: integer,
    }),
  )
  .map(([made, base]) => ({ ...base, ...made }) as unknown as WorkRecord)

type Read = SettledRecord | 'no record'

function settledOf(read: () => SettledRecord): Read {
  try {
    const { campaign, account, seq, kind, item, revises, body } = read()
    return { campaign, account, seq, kind, item, revises, body } as SettledRecord
  } catch {
    return 'no record'
  }
}

/** Reads a payload with a reader that knows its like, and with the one that decides. */
function compare(reader: RecordReader, payload: Uint8Array): Read {
  const slow = settledOf(() => decodeRecord(payload))
  expect(settledOf(() => reader.read(payload, account))).toEqual(slow)
  // The second time its body is known.
  expect(settledOf(() => reader.read(payload, account))).toEqual(slow)
  return slow
}

test('reads every record as it was written', () => {
  const reader = new RecordReader(campaign)
  fc.assert(
    fc.property(records, (record) => {
      const read = compare(reader, encodeRecord(record))
      expect(read).toMatchObject({ seq: record.seq, body: record.body })
    }),
    { numRuns: 300 },
  )
})

test('says the same as the decoder of payloads with changed, missing and added bytes', () => {
  const reader = new RecordReader(campaign)
  let refused = 0
  fc.assert(
    fc.property(records, fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 }), (record, where, byte, how) => {
      const bytes = encodeRecord(record)
      compare(reader, bytes)
      const at = where % bytes.length
      const changed = [
        Uint8Array.from(bytes, (old, i) => (i === at ? byte : old)),
        bytes.subarray(0, at),
        new Uint8Array([...bytes.subarray(0, at), byte, ...bytes.subarray(at)]),
      ][how]!
      if (!equalBytes(changed, bytes) && compare(reader, changed) === 'no record') refused++
    }),
    { numRuns: 2000 },
  )
  expect(refused).toBeGreaterThan(500)
})

test('records of one item share its name, equal answers their body', () => {
  const reader = new RecordReader(campaign)
  const usual = {
    ...{ v: 1, campaign, account, prev: ZERO32, salt: `0x${'00'.repeat(16)}`, task: 'task', item: ZERO32 },
    ...{ revises: null, assist: null, startedAt: 1, endedAt: 2, kind: 'annotation' },
    body: { answer: { question: ['yes'] } },
  }
  const [, second, third] = [1, 2, 3].map((seq) =>
    reader.read(encodeRecord({ ...usual, seq } as unknown as WorkRecord), account),
  )
  expect(third!.body).toBe(second!.body)
  expect(third).not.toHaveProperty('salt')
})
