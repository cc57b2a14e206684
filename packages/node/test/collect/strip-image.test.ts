import { describe, expect, test } from 'vitest'
import { orientationBlock, readOrientation } from '../../src/collect/exif-orientation.ts'
import { readImage } from '../../src/collect/image.ts'
import { readImageFile } from '../../src/collect/read-file.ts'
import { stripImage } from '../../src/collect/strip-image.ts'
import { gifImage, jpegImage, pngChunk, pngImage, webpImage } from './images.ts'

const SECRET = 'GPS 52.5200 N 13.4050 E'
const secret = Buffer.from(SECRET, 'latin1')
const hex = (text: string) => Buffer.from(text, 'hex')

/** An EXIF block of either byte order: a maker's text, then perhaps how to turn the image. */
function exifBlock(orientation: number | null, order: 'II' | 'MM' = 'II'): Buffer {
  const entries = orientation === null ? 1 : 2
  const block = Buffer.alloc(8 + 2 + 12 * entries + 4)
  const little = order === 'II'
  const u16 = (value: number, at: number) =>
    little ? block.writeUInt16LE(value, at) : block.writeUInt16BE(value, at)
  const u32 = (value: number, at: number) =>
    little ? block.writeUInt32LE(value, at) : block.writeUInt32BE(value, at)
  block.write(order, 'latin1')
  u16(42, 2)
  u32(8, 4)
  u16(entries, 8)
  const entry = (at: number, [tag, type, count]: number[]) => {
    u16(tag!, at)
    u16(type!, at + 2)
    u32(count!, at + 4)
  }
  entry(10, [0x010f, 2, secret.length])
  u32(block.length, 18)
  if (orientation !== null) {
    entry(22, [0x0112, 3, 1])
    u16(orientation, 30)
  }
  return Buffer.concat([block, secret])
}

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

const exifSegment = (block: Buffer) =>
  segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block]))
/** A file with parts put in at a place. */
const withParts = (file: Buffer, at: number, ...parts: Buffer[]) =>
  Buffer.concat([file.subarray(0, at), ...parts, file.subarray(at)])

function webp(...chunks: [string, Buffer][]): Buffer {
  const body = chunks.flatMap(([type, data]) => {
    const size = Buffer.alloc(4)
    size.writeUInt32LE(data.length)
    return [Buffer.from(type, 'latin1'), size, data, Buffer.alloc(data.length % 2)]
  })
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(4 + body.reduce((sum, { length }) => sum + length, 0), 4)
  return Buffer.concat([head, ...body])
}

const vp8l = webpImage().subarray(20)
const vp8x = (flags: number) => Buffer.from([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0])
const xmp = Buffer.concat([
  hex('21ff0b'),
  Buffer.from('XMP DataXMP'),
  Buffer.from([secret.length]),
  secret,
  hex('00'),
])
const loop = Buffer.concat([hex('21ff0b'), Buffer.from('NETSCAPE2.0'), hex('0301000000')])
const adobe = segment(0xee, Buffer.from('Adobe\0d\0\0\0\0\x01', 'latin1'))
const icc = segment(0xe2, Buffer.from('ICC_PROFILE\0\x01\x01colors', 'latin1'))
const thumbnail = segment(0xe0, Buffer.concat([hex('4a46494600010100000100010101'), Buffer.from('pix')]))
const jfif = segment(0xe0, hex('4a46494600010100000100010000'))
const bareJpeg = Buffer.concat([hex('ffd8'), jpegImage().subarray(20)])

const cases: Record<'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp', [string, Buffer, Buffer][]> = {
  'image/jpeg': [
    [
      'EXIF, Photoshop, comments, other pictures, previews and what follows the end',
      Buffer.concat([
        withParts(
          bareJpeg,
          2,
          ...[thumbnail, exifSegment(exifBlock(1)), segment(0xed, secret), segment(0xfe, secret), adobe, icc],
          segment(0xe2, Buffer.concat([Buffer.from('MPF\0'), secret])),
        ),
        secret,
      ]),
      withParts(bareJpeg, 2, jfif, adobe, icc),
    ],
    [
      'EXIF but for the orientation',
      withParts(jpegImage(), 20, exifSegment(exifBlock(6, 'MM')), exifSegment(exifBlock(3))),
      withParts(jpegImage(), 20, exifSegment(orientationBlock(6))),
    ],
  ],
  'image/png': [
    [
      'texts, time, EXIF and what follows the end',
      Buffer.concat([
        withParts(
          pngImage(),
          33,
          ...['tEXt', 'zTXt', 'iTXt', 'tIME', 'eXIf', 'prVt'].map((type) => pngChunk(type, secret)),
          pngChunk('gAMA', hex('0000b18f')),
        ),
        secret,
      ]),
      withParts(pngImage(), 33, pngChunk('gAMA', hex('0000b18f'))),
    ],
    [
      'EXIF but for the orientation',
      withParts(pngImage(), 33, pngChunk('eXIf', exifBlock(8))),
      withParts(pngImage(), 33, pngChunk('eXIf', orientationBlock(8))),
    ],
  ],
  'image/gif': [
    [
      'comments and XMP, not its loop',
      Buffer.concat([
        withParts(gifImage(), 19, loop, hex(`21fe${secret.length.toString(16)}`), secret, hex('00'), xmp),
        secret,
      ]),
      withParts(gifImage(), 19, loop),
    ],
  ],
  'image/webp': [
    [
      'EXIF and XMP',
      Buffer.concat([
        webp(['VP8X', vp8x(0x0c)], ['VP8L', vp8l], ['EXIF', exifBlock(null)], ['XMP ', secret]),
        secret,
      ]),
      webp(['VP8X', vp8x(0)], ['VP8L', vp8l]),
    ],
    [
      'EXIF but for the orientation',
      webp(['VP8X', vp8x(0x08)], ['VP8L', vp8l], ['EXIF', exifBlock(5)]),
      webp(['VP8X', vp8x(0x08)], ['VP8L', vp8l], ['EXIF', orientationBlock(5)]),
    ],
    ['nothing from one without', webpImage(), webpImage()],
  ],
}

describe.each(Object.entries(cases))('of %s', (mediaType, entries) => {
  test.each(entries)('takes %s', (_, given, kept) => {
    const stripped = readImageFile({ bytes: given, mediaType })
    expect(Buffer.from(stripped).toString('latin1')).toBe(kept.toString('latin1'))
    expect(Buffer.from(stripped).includes(SECRET)).toBe(false)
    // What is left is an image of the same size, with nothing more to take.
    expect(readImage(stripped, mediaType)).toEqual(readImage(given, mediaType))
    expect(readImageFile({ bytes: stripped, mediaType })).toEqual(stripped)
  })

  test('ends on any bytes at all, with an image or a refusal', () => {
    for (const [, given] of entries) {
      for (let i = 0; i < 1_000; i++) {
        const changed = Buffer.from(given)
        changed[4 + ((i * 7919) % (given.length - 4))] = (i * 31) & 255
        const cut = i % 3 === 0 ? changed.subarray(0, 4 + ((i * 31) % given.length)) : changed
        try {
          const facts = readImage(cut, mediaType)
          const stripped = stripImage(cut, facts.mediaType)
          expect(stripped.length).toBeLessThanOrEqual(cut.length + 40)
        } catch (error) {
          expect(error).toMatchObject({ name: 'TaggerError' })
        }
      }
    }
  })
})

test('reads an orientation in both byte orders and none from a broken directory', () => {
  for (const order of ['II', 'MM'] as const) {
    for (let turn = 2; turn <= 8; turn++) expect(readOrientation(exifBlock(turn, order))).toBe(turn)
    for (const none of [null, 0, 1, 9]) expect(readOrientation(exifBlock(none, order))).toBeNull()
  }
  expect(readOrientation(orientationBlock(7))).toBe(7)
  const whole = exifBlock(6)
  for (let length = 0; length < 32; length++) expect(readOrientation(whole.subarray(0, length))).toBeNull()
  const far = Buffer.from(whole)
  far.writeUInt32LE(0xffff_ffff, 4)
  expect(readOrientation(far)).toBeNull()
})
