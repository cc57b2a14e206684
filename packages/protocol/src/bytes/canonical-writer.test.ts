import * as dagCbor from '@ipld/dag-cbor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Canonical, documentCid, encodeCanonical } from './canonical.ts'
import { LEFT_TO_LIBRARY } from './canonical-reader.ts'
import { writeCanonical } from './canonical-writer.ts'
import { toHex, ZERO32 } from './hex.ts'

const documents = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.constantFrom(0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, -1, -24, -25, -256, -257),
    fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53, -(2 ** 60), 0.5, -0.1),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    fc.string({ unit: 'binary', maxLength: 400 }).filter((text) => text.isWellFormed()),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.dictionary(fc.string({ maxLength: 30 }), tie('value'), { maxKeys: 9, noNullPrototype: true }),
  ),
})).value

test('writes what the library writes', () => {
  fc.assert(
    fc.property(documents, (document) => {
      const written = writeCanonical(document)
      if (written !== LEFT_TO_LIBRARY) expect(toHex(written)).toBe(toHex(dagCbor.encode(document)))
    }),
    { numRuns: 700 },
  )
})

test('keys are in order however they came', () => {
  const map = { verdict: 1, b: 2, aa: 3, a: 4, account: 5, '': 6 }
  expect(writeCanonical(map)).toEqual(dagCbor.encode(map))
})

test('links and keys beyond ASCII are left to the library', () => {
  for (const document of [{ link: documentCid(ZERO32) }, { größe: 1 }] as Canonical[]) {
    expect(writeCanonical(document)).toBe(LEFT_TO_LIBRARY)
    expect(encodeCanonical(document)).toEqual(dagCbor.encode(document))
  }
})
