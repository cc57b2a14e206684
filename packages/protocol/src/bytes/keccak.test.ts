import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from './hex.ts'
import { keccak256 } from './keccak.ts'

test('hashes of nothing and of a word, as Ethereum has them', () => {
  expect(toHex(keccak256(new Uint8Array()))).toBe(
    '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
  )
  expect(toHex(keccak256(utf8ToBytes('Transfer(address,address,uint256)')))).toBe(
    '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  )
})

test('equals another implementation at every length around the block size', () => {
  for (let length = 0; length < 600; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 167 + length) & 255)
    expect(toHex(keccak256(bytes)), `${length} bytes`).toBe(toHex(keccak_256(bytes)))
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), (bytes) => {
      expect(keccak256(bytes)).toEqual(keccak_256(bytes))
    }),
  )
})

test('a view into a larger array is hashed alone', () => {
  const bytes = Uint8Array.from({ length: 400 }, (_, i) => i & 255)
  expect(keccak256(bytes.subarray(7, 300))).toEqual(keccak_256(bytes.slice(7, 300)))
})
