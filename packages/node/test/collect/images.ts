import { crc32, deflateSync } from 'node:zlib'

/** A PNG of one color. */
export function pngImage(width = 2, height = 2, shade = 0): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Math.min(height, 100)
  const pixels = deflateSync(Buffer.alloc((Math.min(width, 100) + 1) * rows, shade))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A chunk with its length and checksum. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A JPEG in structure: frame of 3 × 2, one scan with stuffed bytes and a restart marker. */
export function jpegImage(): Buffer {
  return Buffer.from(
    'ffd8' + // start
      'ffe000104a46494600010100000100010000' + // JFIF
      'ffc0000b080002000301011100' + // frame
      'ffda0008010100003f00' + // scan
      'a1b2ff00c3ffd0d4' + // data
      'ffd9', // end
    'hex',
  )
}

/** The smallest GIF. */
export function gifImage(): Buffer {
  return Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
}

/** A lossless WebP of one pixel. */
export function webpImage(): Buffer {
  return Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64')
}
