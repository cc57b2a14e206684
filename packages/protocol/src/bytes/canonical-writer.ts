import { CID } from 'multiformats/cid'
import { TaggerError } from '../errors.ts'
import { LEFT_TO_LIBRARY } from './canonical-reader.ts'
import { utf8ToBytes } from './concat.ts'

/*
 * Writes DAG-CBOR in its one form: every result is hashed and every state encoded to compare it. Links (tag 42) and keys
 * beyond ASCII are rare: they are left to the library.
 */

/** Well-formed text has none. */
const LONE_SURROGATE = /\p{Surrogate}/u

class Left extends Error {}

/** Bytes of a document. Throws `bad-document` on NaN, infinities, undefined and ill-formed strings. */
export function writeCanonical(value: unknown): Uint8Array | typeof LEFT_TO_LIBRARY {
  const writer = new Writer()
  try {
    writer.value(value)
  } catch (cause) {
    if (cause instanceof Left) return LEFT_TO_LIBRARY
    throw cause
  }
  return writer.written()
}

class Writer {
  #bytes = new Uint8Array(256)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  written(): Uint8Array {
    return this.#bytes.slice(0, this.#at)
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.#text(value)
    else if (typeof value === 'number') this.#number(value)
    else if (value === null) this.#byte(0xf6)
    else if (typeof value === 'boolean') this.#byte(value ? 0xf5 : 0xf4)
    else if (value instanceof Uint8Array) this.#raw(2, value)
    else if (Array.isArray(value)) this.#list(value)
    else if (typeof value === 'object') this.#map(value)
    else throw new TaggerError('bad-document', `A document cannot hold a ${typeof value}`)
  }

  #list(list: readonly unknown[]): void {
    this.#head(4, list.length)
    for (let i = 0; i < list.length; i++) this.value(list[i])
  }

  /** Keys in order: the shorter first, then by their bytes. */
  #map(map: object): void {
    if (CID.asCID(map) !== null) throw new Left()
    const keys = Object.keys(map)
    this.#head(5, keys.length)
    for (let i = 1; i < keys.length; i++) {
      const key = keys[i]!
      let at = i
      for (; at > 0 && isBefore(key, keys[at - 1]!); at--) keys[at] = keys[at - 1]!
      keys[at] = key
    }
    for (const key of keys) {
      if (!isAscii(key) || key === '__proto__') throw new Left()
      this.#text(key)
      this.value((map as Record<string, unknown>)[key])
    }
  }

  #number(value: number): void {
    if (!Number.isFinite(value)) throw new TaggerError('bad-document', `A document cannot hold ${value}`)
    if (!Number.isSafeInteger(value)) this.#double(value)
    else if (value < 0) this.#head(1, -1 - value)
    else this.#head(0, value)
  }

  #double(value: number): void {
    this.#byte(0xfb)
    this.#reserve(8)
    this.#view.setFloat64(this.#at, value)
    this.#at += 8
  }

  #text(text: string): void {
    if (isAscii(text)) {
      this.#head(3, text.length)
      this.#reserve(text.length)
      for (let i = 0; i < text.length; i++) this.#bytes[this.#at + i] = text.charCodeAt(i)
      this.#at += text.length
    } else {
      if (LONE_SURROGATE.test(text))
        throw new TaggerError('bad-document', 'A document cannot hold lone surrogates')
      this.#raw(3, utf8ToBytes(text))
    }
  }

  #raw(major: number, bytes: Uint8Array): void {
    this.#head(major, bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** Major type and number, in the fewest bytes. */
  #head(major: number, value: number): void {
    const type = major << 5
    this.#reserve(9)
    if (value < 24) this.#byte(type | value)
    else if (value < 256) {
      this.#byte(type | 24)
      this.#byte(value)
    } else if (value < 65_536) {
      this.#byte(type | 25)
      this.#view.setUint16(this.#at, value)
      this.#at += 2
    } else if (value < 4_294_967_296) {
      this.#byte(type | 26)
      this.#view.setUint32(this.#at, value)
      this.#at += 4
    } else {
      this.#byte(type | 27)
      this.#view.setUint32(this.#at, Math.floor(value / 4_294_967_296))
      this.#view.setUint32(this.#at + 4, value % 4_294_967_296)
      this.#at += 8
    }
  }

  #byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = byte
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    const longer = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + size))
    longer.set(this.#bytes)
    this.#bytes = longer
    this.#view = new DataView(longer.buffer)
  }
}

function isBefore(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}
