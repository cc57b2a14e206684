import { randomBytes } from 'node:crypto'

const MOST_COUNTED = 0xfff
let last = { time: 0, count: 0 }

/** A UUIDv7: ids made later sort later, up to 4,096 of one process within a millisecond too. */
export function newId(now: Date): string {
  const time = now.getTime()
  last = { time, count: time === last.time ? Math.min(last.count + 1, MOST_COUNTED) : 0 }
  const bytes = randomBytes(16)
  bytes.writeUIntBE(time, 0, 6)
  bytes.writeUInt16BE(0x7000 | last.count, 6)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
