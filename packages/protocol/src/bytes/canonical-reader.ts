/*
 * Reads DAG-CBOR and checks on the way that it is in its one form, which spares encoding everything again to compare.
 * A verifier reads every record, so this is where its time goes. Links (tag 42) and very deep documents are rare: they
 * are left to the library.
 */

/** What the reader returns for a document it leaves to the library. */
export const LEFT_TO_LIBRARY = Symbol('left to the library')

/** Deeper documents are left to the library, which knows its own limits. */
const MAX_DEPTH = 64

type Plain = null | boolean | number | string | Uint8Array | Plain[] | { [key: string]: Plain }

/** Keys and labels are the same few words over and over: the last of each slot is kept instead of made anew. */
const words = new Array<string>(1024).fill('')
const LONGEST_WORD = 16

/** Characters per piece of a long text: a call takes only so many arguments. */
const PIECE = 4096

/** Bytes that are not the one form of a document. */
export class NotCanonical extends Error {}

class Left extends Error {}

/** The document of these bytes. Throws {@link NotCanonical}. Byte strings are copies. */
export function readCanonical(bytes: Uint8Array): Plain | typeof LEFT_TO_LIBRARY {
  const reader = new Reader(bytes)
  try {
    const value = reader.value(0)
    if (!reader.isAtEnd()) throw new NotCanonical('There are bytes after the document')
    return value
  } catch (cause) {
    if (cause instanceof Left) return LEFT_TO_LIBRARY
    throw cause
  }
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  value(depth: number): Plain {
    if (depth > MAX_DEPTH) throw new Left()
    const initial = this.#bytes[this.#take(1)]!
    const major = initial >> 5
    if (major === 7) return this.#simple(initial)
    if (major === 6) throw new Left()
    const argument = this.#argument(initial & 31)
    if (major === 0) return argument
    if (major === 1) return this.#negative(argument)
    if (major === 2) return this.#bytes.slice(this.#take(argument), this.#at)
    if (major === 3) return this.#text(argument)
    // An entry takes a byte at least: a length beyond that is a lie, not a reason to reserve memory.
    this.#need(argument)
    return major === 4 ? this.#list(argument, depth) : this.#map(argument, depth)
  }

  #list(length: number, depth: number): Plain[] {
    // Of its length from the start: a list that grows keeps room for more, and a state has hundreds of thousands.
    const list = new Array<Plain>(length)
    for (let i = 0; i < length; i++) list[i] = this.value(depth + 1)
    return list
  }

  /** Keys are text, the shorter first, then by their bytes. */
  #map(length: number, depth: number): Plain {
    const map: { [key: string]: Plain } = {}
    let start = 0
    let end = 0
    for (let i = 0; i < length; i++) {
      const initial = this.#bytes[this.#take(1)]!
      if (initial >> 5 !== 3) throw new NotCanonical('A key is not text')
      const size = this.#argument(initial & 31)
      const at = this.#at
      const key = this.#text(size)
      if (i > 0 && !this.#follows(start, end, at, this.#at)) throw new NotCanonical('Keys are not in order')
      if (key === '__proto__') throw new NotCanonical('A key has a forbidden name')
      start = at
      end = this.#at
      map[key] = this.value(depth + 1)
    }
    return map
  }

  #follows(start: number, end: number, nextStart: number, nextEnd: number): boolean {
    const length = end - start
    if (length !== nextEnd - nextStart) return length < nextEnd - nextStart
    for (let i = 0; i < length; i++) {
      const difference = this.#bytes[nextStart + i]! - this.#bytes[start + i]!
      if (difference !== 0) return difference > 0
    }
    return false
  }

  #simple(initial: number): Plain {
    if (initial === 0xf4) return false
    if (initial === 0xf5) return true
    if (initial === 0xf6) return null
    if (initial !== 0xfb) throw new NotCanonical('This value has no form here')
    const value = this.#view.getFloat64(this.#take(8))
    if (!Number.isFinite(value) || Number.isSafeInteger(value))
      throw new NotCanonical('A number in another form')
    return value
  }

  #negative(argument: number): number {
    if (argument === Number.MAX_SAFE_INTEGER) throw new NotCanonical('An integer is too large')
    return -1 - argument
  }

  /** The number in a head, which must be in the fewest bytes. */
  #argument(info: number): number {
    if (info < 24) return info
    if (info > 27) throw new NotCanonical('A length is not given')
    const size = 1 << (info - 24)
    const at = this.#take(size)
    const value =
      size === 1
        ? this.#view.getUint8(at)
        : size === 2
          ? this.#view.getUint16(at)
          : size === 4
            ? this.#view.getUint32(at)
            : this.#view.getUint32(at) * 4294967296 + this.#view.getUint32(at + 4)
    const least = size === 1 ? 24 : size === 2 ? 256 : size === 4 ? 65536 : 4294967296
    if (value < least) throw new NotCanonical('A number takes more bytes than it needs')
    if (value > Number.MAX_SAFE_INTEGER) throw new NotCanonical('An integer is too large')
    return value
  }

  #text(size: number): string {
    const start = this.#take(size)
    const bytes = this.#bytes
    for (let at = start; at < this.#at; at++) if (bytes[at]! >= 0x80) return this.#wideText(start, this.#at)
    if (size <= LONGEST_WORD) return wordAt(bytes, start, size)
    let text = ''
    for (let at = start; at < this.#at; at += PIECE)
      text += asciiAt(bytes, at, Math.min(at + PIECE, this.#at))
    return text
  }

  /** UTF-8 beyond ASCII: no overlong forms, no surrogates, nothing above U+10FFFF. */
  #wideText(from: number, to: number): string {
    let text = ''
    let at = from
    while (at < to) {
      const byte = this.#bytes[at]!
      const more = byte < 0x80 ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1
      let point = more === 0 ? byte : byte & (0x3f >> more)
      const isLead = byte < 0x80 || (byte >= 0xc2 && byte <= 0xf4)
      if (!isLead || at + more >= to) throw new NotCanonical('Text is not UTF-8')
      for (let i = 1; i <= more; i++) {
        const next = this.#bytes[at + i]!
        if (next >> 6 !== 2) throw new NotCanonical('Text is not UTF-8')
        point = (point << 6) | (next & 0x3f)
      }
      const least = more === 2 ? 0x800 : more === 3 ? 0x10000 : 0
      if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
        throw new NotCanonical('Text is not UTF-8')
      }
      text += String.fromCodePoint(point)
      at += more + 1
    }
    return text
  }

  /** Moves on by `size` bytes; where they begin. */
  #take(size: number): number {
    this.#need(size)
    const at = this.#at
    this.#at += size
    return at
  }

  #need(size: number): void {
    if (size > this.#bytes.length - this.#at) throw new NotCanonical('The document ends too early')
  }
}

function wordAt(bytes: Uint8Array, start: number, size: number): string {
  if (size === 0) return ''
  const slot =
    (size * 61 + bytes[start]! * 7 + bytes[start + (size >> 1)]! * 3 + bytes[start + size - 1]!) & 1023
  const known = words[slot]!
  if (known.length === size && isWordAt(known, bytes, start)) return known
  const word = asciiAt(bytes, start, start + size)
  words[slot] = word
  return word
}

function isWordAt(word: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) !== bytes[start + i]) return false
  return true
}

/** In one call: a text put together letter by letter is a tree of its parts. */
function asciiAt(bytes: Uint8Array, start: number, end: number): string {
  const codes = new Array<number>(end - start)
  for (let i = 0; i < codes.length; i++) codes[i] = bytes[start + i]!
  return String.fromCharCode.apply(null, codes)
}
