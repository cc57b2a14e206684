import { type Mask, MOST_PIXELS, MOST_RUNS, runsBuilder } from './mask.ts'

const LENGTH_BITS = [3, 4, 8, 16]

/**
 * The alpha channel of a Label Studio brush (`format: "rle"`, thi.ng's rle-pack of RGBA bytes) as a mask: on from half
 * of full opacity. Null where the bytes are none, do not fit the image, end early or exceed the limits.
 */
export function maskOfBrush(bytes: ArrayLike<number>, width: number, height: number): Mask | null {
  if (!(width >= 1 && height >= 1 && width * height <= MOST_PIXELS)) return null
  const size = width * height * 4
  let bit = 0
  const read = (bits: number): number => {
    let value = 0
    for (let k = 0; k < bits; k++, bit++)
      value = value * 2 + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1)
    return value
  }
  const count = read(32)
  const wordBits = read(5) + 1
  const lengthBits = [read(4) + 1, read(4) + 1, read(4) + 1, read(4) + 1]
  if (count !== size || wordBits !== 8) return null
  const { runs, add } = runsBuilder()
  let at = 0
  while (at < size) {
    if (bit >= bytes.length * 8 || runs.length > MOST_RUNS) return null
    const isRun = read(1) === 1
    const length = read(lengthBits[read(2)]!) + 1
    if (length > size - at) return null
    if (isRun) {
      const isOn = read(8) >= 128
      // Alpha is the last of each four bytes.
      add(isOn, Math.floor((at + length) / 4) - Math.floor(at / 4))
      at += length
      continue
    }
    for (let k = 0; k < length; k++, at++) {
      const isOn = read(8) >= 128
      if (at % 4 === 3) add(isOn, 1)
    }
  }
  return { width, height, runs }
}

/** A mask as Label Studio's `rle` of RGBA bytes: 255 four times where it is on, 0 where it is off. */
export function brushOfMask({ width, height, runs }: Mask): number[] {
  const bytes: number[] = []
  let pending = 0
  let bits = 0
  const write = (value: number, count: number) => {
    for (let k = count - 1; k >= 0; k--) {
      pending = pending * 2 + (Math.floor(value / powerOfTwo(k)) & 1)
      bits++
      if (bits === 8) {
        bytes.push(pending)
        pending = 0
        bits = 0
      }
    }
  }
  write(width * height * 4, 32)
  write(7, 5)
  for (const length of LENGTH_BITS) write(length - 1, 4)
  runs.forEach((run, index) => {
    for (let rest = run * 4; rest > 0; ) {
      const length = Math.min(rest, 65536)
      const size = LENGTH_BITS.findIndex((count) => length <= powerOfTwo(count))
      write(1, 1)
      write(size, 2)
      write(length - 1, LENGTH_BITS[size]!)
      write(index % 2 === 1 ? 255 : 0, 8)
      rest -= length
    }
  })
  if (bits > 0) write(0, 8 - bits)
  return bytes
}

function powerOfTwo(exponent: number): number {
  return (1 << exponent) >>> 0
}
