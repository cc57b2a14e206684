import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { TaggerError } from '../errors.ts'
import { LEFT_TO_LIBRARY, readCanonical } from './canonical-reader.ts'
import { writeCanonical } from './canonical-writer.ts'
import { type Crypto, pureCrypto } from './crypto.ts'
import { fromHex, type Hex, toHex } from './hex.ts'

const SHA2_256 = 0x12
const RAW = 0x55

/** What a canonical document may hold: DAG-CBOR's data model. */
export type Canonical =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | CID
  | readonly Canonical[]
  | { readonly [key: string]: Canonical }

/**
 * The one byte form of a document (DAG-CBOR). Safe integers are encoded as integers and −0 as 0.
 * Throws `bad-document` on NaN, infinities, undefined and ill-formed strings.
 */
export function encodeCanonical(value: Canonical): Uint8Array {
  const written = writeCanonical(value)
  return written === LEFT_TO_LIBRARY ? dagCbor.encode(normalize(value)) : written
}

/** Reads canonical bytes; anything that does not encode back to the same bytes is refused as `not-canonical`. */
export function decodeCanonical(bytes: Uint8Array): Canonical {
  let value: Canonical
  try {
    const read = readCanonical(bytes)
    if (read !== LEFT_TO_LIBRARY) return read
    value = dagCbor.decode(bytes) as Canonical
  } catch (cause) {
    throw new TaggerError('not-canonical', 'These bytes are not canonical DAG-CBOR', { cause })
  }
  if (!equalBytes(encodeCanonical(value), bytes)) {
    throw new TaggerError('not-canonical', 'These bytes are not in canonical form')
  }
  return value
}

/** SHA-256 of a document's canonical bytes. */
export function digestOf(value: Canonical, crypto: Crypto = pureCrypto): Hex {
  return toHex(crypto.sha256(encodeCanonical(value)))
}

/** CID (v1, DAG-CBOR) of a document with this SHA-256. */
export function documentCid(digest: Hex): CID {
  return CID.createV1(dagCbor.code, Digest.create(SHA2_256, fromHex(digest, 32)))
}

/** CID (v1, raw) of bytes with this SHA-256: the public name of an item. */
export function itemCid(item: Hex): CID {
  return CID.createV1(RAW, Digest.create(SHA2_256, fromHex(item, 32)))
}

/** SHA-256 inside a CID, or null when the CID is of another hash. */
export function cidDigest(cid: CID): Hex | null {
  return cid.multihash.code === SHA2_256 ? toHex(cid.multihash.digest) : null
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function normalize(value: Canonical): Canonical {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TaggerError('bad-document', `A document cannot hold ${value}`)
    return value === 0 ? 0 : value
  }
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value))
      throw new TaggerError('bad-document', 'A document cannot hold lone surrogates')
    return value
  }
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(normalize)
  if (typeof value !== 'object') {
    throw new TaggerError('bad-document', `A document cannot hold a ${typeof value}`)
  }
  const link = CID.asCID(value)
  if (link !== null) return link
  const out: Record<string, Canonical> = {}
  for (const [key, entry] of Object.entries(value)) out[key] = normalize(entry)
  return out
}
