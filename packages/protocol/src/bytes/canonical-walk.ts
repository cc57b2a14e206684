import { concatBytes, utf8ToBytes } from './concat.ts'

const DEEPEST = 4

/**
 * Walks over a document of expected shape in place, without making anything of it. A step that finds something else
 * moves past the end, where every later step fails too: only at the end is it asked whether the walk arrived.
 */
export class CanonicalWalk {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Whether every byte was as expected. */
  hasArrived(): boolean {
    return this.at === this.bytes.length
  }

  skip(expected: Uint8Array): void {
    if (!this.isNext(expected)) this.fail()
  }

  /** Moves past these bytes if they come next. */
  isNext(expected: Uint8Array): boolean {
    for (let i = 0; i < expected.length; i++) if (this.bytes[this.at + i] !== expected[i]) return false
    this.at += expected.length
    return true
  }

  /** Moves past one of these texts; which, −1 for none. */
  oneOf(texts: readonly Uint8Array[]): number {
    const place = texts.findIndex((expected) => this.isNext(expected))
    if (place < 0) this.fail()
    return place
  }

  /** Moves on by `size` bytes; where they begin. */
  advance(size: number): number {
    this.at += size
    return this.at - size
  }

  fail(): void {
    this.at = this.bytes.length + 1
  }

  /** An integer from 0 to 2³² − 1, in the fewest bytes. */
  integer(): number {
    if (this.#major() === 0) return this.#argument()
    this.fail()
    return 0
  }

  /** Moves past ASCII text of at most so many characters. */
  skipText(longest: number): void {
    const size = this.#major() === 3 ? this.#argument() : longest + 1
    let isExpected = size <= longest
    for (let i = 0; isExpected && i < size; i++) isExpected = !(this.bytes[this.at + i]! > 127)
    if (isExpected) this.at += size
    else this.fail()
  }

  /** Moves past a value of any kind, without asking whether it is in canonical form. */
  skipValue(depth = 0): void {
    const major = this.#major()
    if (depth > DEEPEST || major === 6 || this.at >= this.bytes.length) this.fail()
    else if (major === 7) this.at += 1
    else {
      const argument = this.#argument()
      if (major === 2 || major === 3) this.at += argument
      const entries = major < 4 ? 0 : major === 4 ? argument : 2 * argument
      for (let i = 0; i < entries && this.at <= this.bytes.length; i++) this.skipValue(depth + 1)
    }
  }

  #major(): number {
    return (this.bytes[this.at] ?? 0xff) >> 5
  }

  #argument(): number {
    const info = this.bytes[this.at++]! & 31
    if (info < 24) return info
    let value = 0
    for (let i = 0; i < 1 << (info - 24); i++) value = value * 256 + (this.bytes[this.at++] ?? 0)
    if (info > 26 || value < (info === 24 ? 24 : info === 25 ? 256 : 65_536)) this.fail()
    return value
  }
}

/** Canonical bytes of a text of less than 24 characters of ASCII. */
export function textBytes(text: string): Uint8Array {
  return concatBytes(Uint8Array.of(0x60 + text.length), utf8ToBytes(text))
}

/** A key of a map, and the bytes its value begins with. */
export function fieldBytes(key: string, value: readonly number[] = []): Uint8Array {
  return concatBytes(textBytes(key), Uint8Array.from(value))
}
