import { crc32 } from 'node:zlib'
import { TaggerError } from '@tagger/protocol'

/** What an image says about itself. */
export interface ImageFacts {
  mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  width: number
  height: number
}

const MOST_PIXELS = 100_000_000
const LONGEST_SIDE = 30_000

/** The media type the first bytes speak for, null when it is none of the images taken here. */
export function sniffImage(bytes: Uint8Array): ImageFacts['mediaType'] | null {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (ascii(bytes, 0, 6) === 'GIF87a' || ascii(bytes, 0, 6) === 'GIF89a') return 'image/gif'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return 'image/webp'
  return null
}

/**
 * Reads an image's structure to its end without decoding it. Throws `item-wrong-type` when it is not an image of
 * `mediaType`, `item-truncated` when its end is missing, `item-too-large` when it would unpack to too many pixels.
 */
export function readImage(bytes: Uint8Array, mediaType: string): ImageFacts {
  const found = sniffImage(bytes)
  if (found !== mediaType) {
    const what = found === null ? 'no image this node takes' : `of type ${found}`
    throw new TaggerError('item-wrong-type', `This file is sent as ${mediaType}, but it is ${what}`, {
      hints: ['Images may be PNG, JPEG, GIF or WebP.'],
    })
  }
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let size: { width: number; height: number }
  try {
    size = readers[found](view)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // Reading behind the end of the buffer: the file ends in the middle.
    throw truncated()
  }
  const { width, height } = size
  if (width === 0 || height === 0) throw broken('it has no pixels')
  if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > MOST_PIXELS) {
    throw new TaggerError('item-too-large', `This image is ${width} × ${height} pixels large`, {
      hints: [`At most ${MOST_PIXELS / 1_000_000} megapixels and ${LONGEST_SIDE} pixels a side are taken.`],
    })
  }
  return { mediaType: found, width, height }
}

const readers: Record<ImageFacts['mediaType'], (file: Buffer) => { width: number; height: number }> = {
  'image/png': readPng,
  'image/jpeg': readJpeg,
  'image/gif': readGif,
  'image/webp': readWebp,
}

function readPng(file: Buffer) {
  if (file.toString('latin1', 12, 16) !== 'IHDR') throw broken('its header is missing')
  const size = { width: file.readUInt32BE(16), height: file.readUInt32BE(20) }
  for (let at = 8; ; ) {
    const length = file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    const end = at + 8 + length
    const expected = file.readUInt32BE(end)
    if (crc32(file.subarray(at + 4, end)) !== expected) throw broken('a checksum is wrong')
    if (type === 'IEND') return size
    at = end + 4
  }
}

function readJpeg(file: Buffer) {
  let size: { width: number; height: number } | null = null
  for (let at = 2; ; ) {
    if (file.readUInt8(at) !== 0xff) throw broken('a marker is missing')
    const marker = file.readUInt8(at + 1)
    if (marker === 0xff) {
      at += 1
    } else if (marker === 0xd9) {
      if (size === null) throw broken('it ends before its picture')
      return size
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2
    } else {
      const length = file.readUInt16BE(at + 2)
      const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
      if (isFrame) size = { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) }
      at += 2 + length
      if (marker === 0xda) at = endOfScan(file, at)
    }
  }
}

/** Where the next marker after entropy-coded data is; stuffed zeros and restart markers belong to the data. */
export function endOfScan(file: Buffer, start: number): number {
  for (let at = file.indexOf(0xff, start); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file.readUInt8(at + 1)
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  throw truncated()
}

function readGif(file: Buffer) {
  const size = { width: file.readUInt16LE(6), height: file.readUInt16LE(8) }
  const colors = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
  let at = 13 + colors(file.readUInt8(10))
  for (;;) {
    const block = file.readUInt8(at)
    if (block === 0x3b) return size
    if (block === 0x21) at = endOfBlocks(file, at + 2)
    else if (block === 0x2c) at = endOfBlocks(file, at + 11 + colors(file.readUInt8(at + 9)))
    else throw broken('a block is unknown')
  }
}

function endOfBlocks(file: Buffer, start: number): number {
  let at = start
  for (let length = file.readUInt8(at); length > 0; length = file.readUInt8(at)) at += 1 + length
  return at + 1
}

function readWebp(file: Buffer) {
  if (file.readUInt32LE(4) + 8 > file.length) throw truncated()
  const kind = file.toString('latin1', 12, 16)
  if (kind === 'VP8X') return { width: file.readUIntLE(24, 3) + 1, height: file.readUIntLE(27, 3) + 1 }
  if (kind === 'VP8 ')
    return { width: file.readUInt16LE(26) & 0x3fff, height: file.readUInt16LE(28) & 0x3fff }
  if (kind !== 'VP8L') throw broken('its picture is missing')
  const bits = file.readUInt32LE(21)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte)
}

function ascii(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length))
}

/** A file whose end is missing. */
export function truncated(): TaggerError {
  return new TaggerError('item-truncated', 'This image ends in the middle', {
    hints: ['Send the whole file.'],
  })
}

function broken(why: string): TaggerError {
  return new TaggerError('item-wrong-type', `This image is broken: ${why}`)
}
