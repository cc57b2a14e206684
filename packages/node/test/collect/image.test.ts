import { describe, expect, test } from 'vitest'
import { readImage, sniffImage } from '../../src/collect/image.ts'
import { itemName } from '../../src/collect/item-name.ts'
import { gifImage, jpegImage, pngImage, webpImage } from './images.ts'

const images = [
  ['image/png', pngImage(2, 3), 2, 3],
  ['image/jpeg', jpegImage(), 3, 2],
  ['image/gif', gifImage(), 1, 1],
  ['image/webp', webpImage(), 1, 1],
] as const

describe('readImage', () => {
  test.each(images)('reads %s', (mediaType, bytes, width, height) => {
    expect(readImage(bytes, mediaType)).toEqual({ mediaType, width, height })
  })

  test.each(images)('finds a missing end of %s wherever it is cut', (mediaType, bytes) => {
    for (let length = 16; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length)
      expect(() => readImage(cut, mediaType), `cut at ${length}`).toThrow(
        expect.objectContaining({ code: 'item-truncated' }),
      )
    }
  })

  test('refuses an image that is of another type than it says', () => {
    expect(() => readImage(pngImage(), 'image/jpeg')).toThrow(
      /sent as image\/jpeg, but it is of type image\/png/,
    )
  })

  test.each([
    ['a web page', Buffer.from('<html><script>alert(1)</script>')],
    ['a vector image', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a program', Buffer.from('7f454c46', 'hex')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_, bytes) => {
    expect(sniffImage(bytes)).toBeNull()
    expect(() => readImage(bytes, 'image/png')).toThrow(expect.objectContaining({ code: 'item-wrong-type' }))
  })

  test('refuses a PNG with a wrong checksum', () => {
    const bytes = pngImage()
    bytes[45] = bytes[45]! ^ 1
    expect(() => readImage(bytes, 'image/png')).toThrow(/a checksum is wrong/)
  })

  test('refuses an image that would unpack to too many pixels', () => {
    expect(() => readImage(pngImage(60_000, 60_000), 'image/png')).toThrow(
      expect.objectContaining({ code: 'item-too-large' }),
    )
    expect(() => readImage(pngImage(0, 5), 'image/png')).toThrow(/no pixels/)
  })

  test('ends on any bytes at all', () => {
    for (const [mediaType, bytes] of images) {
      for (let i = 0; i < 2000; i++) {
        const changed = Buffer.from(bytes)
        changed[8 + ((i * 7919) % (bytes.length - 8))] = (i * 31) & 255
        try {
          readImage(changed, mediaType)
        } catch (error) {
          expect(error).toMatchObject({ name: 'TaggerError' })
        }
      }
    }
  })
})

describe('itemName', () => {
  test.each([
    ['photo.png', 'photo.png'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\photo.png', 'photo.png'],
    ['Ärger über 猫.txt', 'Ärger über 猫.txt'],
    ['  spaced.txt ', 'spaced.txt'],
  ])('shows %j as %j', (given, shown) => {
    expect(itemName(given)).toBe(shown)
  })

  test.each([
    'photo\u202egnp.exe',
    'a\u0000.png',
    'a\nb.png',
    'a\u200f.png',
    'folder/',
    '..',
    '',
    'x'.repeat(201),
    'half \ud800 character',
  ])('refuses %j', (given) => {
    expect(() => itemName(given)).toThrow(expect.objectContaining({ code: 'item-bad-name' }))
  })
})
