import { CarBufferReader } from '@ipld/car/buffer-reader'
import * as CarBufferWriter from '@ipld/car/buffer-writer'
import type { CID } from 'multiformats/cid'
import { cidDigest } from '../bytes/canonical.ts'
import { fromHex, type Hex, toHex } from '../bytes/hex.ts'

/** A CAR file, opened. */
export interface CarBlocks {
  /** The block its first root names, null when there is none. */
  root: Uint8Array | null
  /** The other blocks by the SHA-256 they are named with; of two with one name the later. Views of the file. */
  blocks: Map<Hex, Uint8Array>
}

/** Writes a CAR file (version 1). */
export function writeCar(root: CID, blocks: readonly { cid: CID; bytes: Uint8Array }[]): Uint8Array {
  const size = blocks.reduce((sum, block) => sum + CarBufferWriter.blockLength(block), 0)
  const headerSize = CarBufferWriter.headerLength({ roots: [root] })
  const writer = CarBufferWriter.createWriter(new ArrayBuffer(size + headerSize), {
    roots: [root],
    headerSize,
  })
  for (const block of blocks) writer.write(block)
  return writer.close()
}

/** Reads a CAR file. Does not hash the blocks. Throws what the library throws when it is none. */
export function readCar(car: Uint8Array): CarBlocks {
  return readOwnCar(car) ?? readAnyCar(car)
}

function readAnyCar(car: Uint8Array): CarBlocks {
  const reader = CarBufferReader.fromBytes(car)
  const [rootCid] = reader.getRoots()
  const blocks = new Map<Hex, Uint8Array>()
  if (rootCid === undefined) return { root: null, blocks }
  let root: Uint8Array | null = null
  for (const { cid, bytes } of reader.blocks()) {
    const digest = cidDigest(cid)
    if (cid.equals(rootCid)) root ??= bytes
    else if (digest !== null) blocks.set(digest, bytes)
  }
  return { root, blocks }
}

/** The header up to the digest of its one root (a CID v1, DAG-CBOR, SHA-256), and what follows it. */
const HEADER_START = fromHex('0x3aa265726f6f747381d82a58250001711220')
const HEADER_END = fromHex('0x6776657273696f6e01')
/** How such a CID begins. */
const CID_START = fromHex('0x01711220')
const DIGEST_SIZE = 32

/**
 * Reads a file in the form {@link writeCar} gives it, without an object for each of its hundreds of thousands of
 * names; null for any other, which the library judges.
 */
function readOwnCar(car: Uint8Array): CarBlocks | null {
  const rootAt = HEADER_START.length
  let at = rootAt + DIGEST_SIZE + HEADER_END.length
  if (!startsWith(car, HEADER_START, 0) || !startsWith(car, HEADER_END, rootAt + DIGEST_SIZE)) return null
  const rootDigest = toHex(car.subarray(rootAt, rootAt + DIGEST_SIZE))
  let root: Uint8Array | null = null
  const blocks = new Map<Hex, Uint8Array>()
  while (at < car.length) {
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = car[at++]
      if (byte === undefined || shift > 21 || (byte === 0 && shift > 0)) return null
      size |= (byte & 127) << shift
      if (byte < 128) break
    }
    const end = at + size
    const bytesAt = at + CID_START.length + DIGEST_SIZE
    if (end > car.length || bytesAt > end || !startsWith(car, CID_START, at)) return null
    const digest = toHex(car.subarray(at + CID_START.length, bytesAt))
    const bytes = car.subarray(bytesAt, end)
    if (digest === rootDigest) root ??= bytes
    else blocks.set(digest, bytes)
    at = end
  }
  return { root, blocks }
}

function startsWith(bytes: Uint8Array, start: Uint8Array, at: number): boolean {
  for (let i = 0; i < start.length; i++) if (bytes[at + i] !== start[i]) return false
  return true
}
