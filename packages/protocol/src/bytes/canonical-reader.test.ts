import * as dagCbor from '@ipld/dag-cbor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Canonical, encodeCanonical, equalBytes } from './canonical.ts'
import { LEFT_TO_LIBRARY, NotCanonical, readCanonical } from './canonical-reader.ts'

/** What the library says: the document, when encoding it again gives the same bytes. */
function readSlowly(bytes: Uint8Array): unknown {
  try {
    const value = dagCbor.decode(bytes) as Canonical
    return equalBytes(encodeCanonical(value), bytes) ? value : NotCanonical
  } catch {
    return NotCanonical
  }
}

function readFast(bytes: Uint8Array): unknown {
  try {
    return readCanonical(bytes)
  } catch (cause) {
    if (cause instanceof NotCanonical) return NotCanonical
    throw cause
  }
}

/** Both readers agree, or the fast one leaves the document to the other. */
function compare(bytes: Uint8Array): void {
  const fast = readFast(bytes)
  if (fast !== LEFT_TO_LIBRARY) expect(fast, `0x${hexOf(bytes)}`).toEqual(readSlowly(bytes))
}

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')

const documents = fc.letrec<{ value: Canonical }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.constantFrom(0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, -1, -24, -25, -256, -257),
    fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53, 2 ** 60, 0.5, -0.1),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value

test('reads what the library writes', () => {
  fc.assert(
    fc.property(documents, (document) => {
      const bytes = encodeCanonical(document)
      const read = readCanonical(bytes)
      if (read !== LEFT_TO_LIBRARY) expect(encodeCanonical(read)).toEqual(bytes)
    }),
    { numRuns: 500 },
  )
})

test('agrees with the library on documents with changed bytes', () => {
  fc.assert(
    fc.property(
      documents,
      fc.nat(),
      fc.nat({ max: 255 }),
      fc.nat({ max: 2 }),
      (document, where, byte, how) => {
        const bytes = encodeCanonical(document)
        const at = where % bytes.length
        if (how === 0) compare(Uint8Array.from(bytes, (old, i) => (i === at ? byte : old)))
        if (how === 1) compare(bytes.subarray(0, at))
        if (how === 2) compare(new Uint8Array([...bytes.subarray(0, at), byte, ...bytes.subarray(at)]))
      },
    ),
    { numRuns: 1500 },
  )
})

test('agrees with the library on noise', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 12 }), compare), { numRuns: 1500 })
  for (let initial = 0; initial < 256; initial++) {
    compare(Uint8Array.of(initial))
    for (const next of [0, 0x17, 0x18, 0x61, 0x80, 0xff]) compare(Uint8Array.of(initial, next))
  }
})

test('a length that lies reserves nothing', () => {
  expect(() => readCanonical(Uint8Array.of(0x9b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toThrow(
    NotCanonical,
  )
  expect(() => readCanonical(Uint8Array.of(0xba, 0xff, 0xff, 0xff, 0xff, 0x61))).toThrow(NotCanonical)
})

test('a very deep document is left to the library', () => {
  expect(readCanonical(new Uint8Array(100_000).fill(0x81))).toBe(LEFT_TO_LIBRARY)
})
