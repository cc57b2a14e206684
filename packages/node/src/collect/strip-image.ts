import { crc32 } from 'node:zlib'
import { orientationBlock, readOrientation } from './exif-orientation.ts'
import { endOfScan, type ImageFacts, truncated } from './image.ts'

const JFIF = 'JFIF\0'
const EXIF = 'Exif\0\0'
/** What browsers draw a PNG with; everything else may say where, when and by whom it was taken. */
const DRAWN_IN_PNG = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI bKGD pHYs sBIT hIST sPLT acTL fcTL fdAT'.split(
    ' ',
  ),
)
const DRAWN_IN_WEBP = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
const WEBP_EXIF = 0x08
const WEBP_XMP = 0x04

/**
 * An image without what its maker did not mean to send: place, time, camera, names, previews, and whatever follows its
 * end. Pixels stay as they are, bit by bit; of EXIF the orientation stays. For an image that `readImage` has read;
 * throws `item-truncated` when a part of it ends behind its end.
 */
export function stripImage(bytes: Uint8Array, mediaType: ImageFacts['mediaType']): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const stripped = Buffer.concat(strippers[mediaType](file))
    return new Uint8Array(stripped.buffer, stripped.byteOffset, stripped.length)
  } catch (error) {
    if (error instanceof RangeError) throw truncated()
    throw error
  }
}

const strippers: Record<ImageFacts['mediaType'], (file: Buffer) => Buffer[]> = {
  'image/png': stripPng,
  'image/jpeg': stripJpeg,
  'image/gif': stripGif,
  'image/webp': stripWebp,
}

function stripPng(file: Buffer): Buffer[] {
  const parts = [file.subarray(0, 8)]
  let isTurned = false
  for (let at = 8; ; ) {
    const end = at + 12 + file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    const orientation = type === 'eXIf' && !isTurned ? readOrientation(file.subarray(at + 8, end - 4)) : null
    if (orientation !== null) {
      parts.push(pngChunk('eXIf', orientationBlock(orientation)))
      isTurned = true
    } else if (DRAWN_IN_PNG.has(type)) {
      parts.push(slice(file, at, end))
    }
    if (type === 'IEND') return parts
    at = end
  }
}

function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length)
  chunk.write(type, 4, 'latin1')
  data.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}

function stripJpeg(file: Buffer): Buffer[] {
  const parts = [file.subarray(0, 2)]
  let isTurned = false
  for (let at = 2; ; ) {
    const marker = file.readUInt8(at + 1)
    if (marker === 0xff) {
      at += 1
    } else if (marker === 0xd9) {
      parts.push(file.subarray(at, at + 2))
      return parts
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      parts.push(file.subarray(at, at + 2))
      at += 2
    } else {
      const end = at + 2 + file.readUInt16BE(at + 2)
      const segment = slice(file, at, end)
      const orientation = marker === 0xe1 && !isTurned ? jpegOrientation(segment) : null
      if (orientation !== null) {
        parts.push(Buffer.from('ffe10022', 'hex'), Buffer.from(EXIF, 'latin1'), orientationBlock(orientation))
        isTurned = true
      } else {
        parts.push(...drawnSegment(marker, segment))
      }
      at = end
      if (marker === 0xda) {
        at = endOfScan(file, end)
        parts.push(file.subarray(end, at))
      }
    }
  }
}

function jpegOrientation(segment: Buffer): number | null {
  const isExif = segment.toString('latin1', 4, 10) === EXIF
  return isExif ? readOrientation(segment.subarray(10)) : null
}

/** A segment that a picture is drawn with: of application segments JFIF without its preview, colors and Adobe's flag. */
function drawnSegment(marker: number, segment: Buffer): Buffer[] {
  const starts = (text: string) => segment.toString('latin1', 4, 4 + text.length) === text
  if (marker === 0xe0) return starts(JFIF) ? jfifAlone(segment) : []
  if (marker === 0xe2) return starts('ICC_PROFILE\0') ? [segment] : []
  if (marker === 0xee) return starts('Adobe') ? [segment] : []
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe ? [] : [segment]
}

function jfifAlone(segment: Buffer): Buffer[] {
  const alone = Buffer.from(slice(segment, 0, 18))
  alone.writeUInt16BE(16, 2)
  alone.fill(0, 16)
  return [alone]
}

function stripGif(file: Buffer): Buffer[] {
  const colors = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
  let at = 13 + colors(file.readUInt8(10))
  const parts = [slice(file, 0, at)]
  for (;;) {
    const block = file.readUInt8(at)
    if (block === 0x3b) return [...parts, file.subarray(at, at + 1)]
    const isImage = block === 0x2c
    let end = isImage ? at + 11 + colors(file.readUInt8(at + 9)) : at + 2
    for (let length = file.readUInt8(end); length > 0; length = file.readUInt8(end)) end += 1 + length
    end += 1
    const label = file.readUInt8(at + 1)
    const isLoop = label === 0xff && file.toString('latin1', at + 3, at + 14) === 'NETSCAPE2.0'
    if (isImage || label === 0xf9 || isLoop) parts.push(slice(file, at, end))
    at = end
  }
}

function stripWebp(file: Buffer): Buffer[] {
  const end = 8 + file.readUInt32LE(4)
  const chunks: Buffer[] = []
  let orientation: number | null = null
  for (let at = 12; at < end; ) {
    const type = file.toString('latin1', at, at + 4)
    const size = file.readUInt32LE(at + 4)
    const chunk = slice(file, at, at + 8 + size)
    if (type === 'EXIF') {
      const data = chunk.subarray(8)
      const block = data.toString('latin1', 0, 6) === EXIF ? data.subarray(6) : data
      orientation ??= readOrientation(block)
    } else if (DRAWN_IN_WEBP.has(type)) {
      chunks.push(chunk, Buffer.alloc(size % 2))
    }
    at += 8 + size + (size % 2)
  }
  if (chunks[0]?.toString('latin1', 0, 4) === 'VP8X') {
    const header = Buffer.from(chunks[0])
    header[8] = (header.readUInt8(8) & ~(WEBP_EXIF | WEBP_XMP)) | (orientation === null ? 0 : WEBP_EXIF)
    chunks[0] = header
    if (orientation !== null) chunks.push(webpExif(orientation))
  }
  const head = Buffer.from(file.subarray(0, 12))
  head.writeUInt32LE(4 + chunks.reduce((sum, { length }) => sum + length, 0), 4)
  return [head, ...chunks]
}

function webpExif(orientation: number): Buffer {
  const block = orientationBlock(orientation)
  const chunk = Buffer.alloc(8 + block.length)
  chunk.write('EXIF', 'latin1')
  chunk.writeUInt32LE(block.length, 4)
  block.copy(chunk, 8)
  return chunk
}

/** A part of a file, never shorter than it says. */
function slice(file: Buffer, start: number, end: number): Buffer {
  if (end > file.length) throw new RangeError('behind the end')
  return file.subarray(start, end)
}
