import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Canonical, decodeCanonical, encodeCanonical } from './canonical.ts'
import { compareCodePoints } from './order.ts'

test('every document reads back as it was written', () => {
  const documents = fc.letrec<{ value: Canonical }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value
  fc.assert(
    fc.property(documents, (document) => {
      const bytes = encodeCanonical(document)
      expect(encodeCanonical(decodeCanonical(bytes))).toEqual(bytes)
    }),
  )
})

test('one value, one form: −0 is 0 and whole doubles are integers', () => {
  expect(encodeCanonical(-0)).toEqual(encodeCanonical(0))
  expect(encodeCanonical(2 ** 52)).toEqual(encodeCanonical(4503599627370496))
})

test('refuses what has no single form', () => {
  for (const value of [NaN, Infinity, -Infinity, undefined, '\ud800', () => 0, 10n ** 30n]) {
    expect(() => encodeCanonical({ value } as Canonical), String(value)).toThrow(/cannot hold/)
  }
})

test('refuses bytes in another form of the same value', () => {
  const integerAsFloat = Uint8Array.of(0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0) // 1.0
  const unsortedKeys = Uint8Array.of(0xa2, 0x61, 0x62, 0x01, 0x61, 0x61, 0x02) // {b: 1, a: 2}
  const trailing = Uint8Array.of(0x01, 0x01)
  for (const bytes of [integerAsFloat, unsortedKeys, trailing, Uint8Array.of(0xff), new Uint8Array()]) {
    expect(() => decodeCanonical(bytes)).toThrow(/canonical|DAG-CBOR/)
  }
})

test('text sorts by code point, not by UTF-16 unit', () => {
  expect(['\u{1f600}', '\uffee', 'a', ''].sort(compareCodePoints)).toEqual(['', 'a', '\uffee', '\u{1f600}'])
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const points = (text: string) =>
        [...text].map((c) => c.codePointAt(0)!.toString(16).padStart(6, '0')).join(' ')
      expect(Math.sign(compareCodePoints(a, b))).toBe(
        points(a) < points(b) ? -1 : points(a) > points(b) ? 1 : 0,
      )
    }),
  )
})
