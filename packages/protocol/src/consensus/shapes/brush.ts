import { type Mask, MOST_PIXELS, MOST_RUNS, runsBuilder } from './mask.ts'

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
