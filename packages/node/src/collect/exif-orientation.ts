/** Tag of the orientation in an EXIF directory. */
const ORIENTATION = 0x0112
const SHORT = 3

/** How an image is to be turned, 2 to 8, as its EXIF block (TIFF) says; null when upright, not said or unreadable. */
export function readOrientation(tiff: Buffer): number | null {
  try {
    const order = tiff.toString('latin1', 0, 2)
    if (order !== 'II' && order !== 'MM') return null
    const u16 = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
    const start = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
    const entries = u16(start)
    for (let i = 0; i < entries; i++) {
      const at = start + 2 + 12 * i
      if (u16(at) !== ORIENTATION) continue
      const value = u16(at + 8)
      return u16(at + 2) === SHORT && value >= 2 && value <= 8 ? value : null
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // A directory that points outside of its block.
  }
  return null
}

/** An EXIF block (TIFF) that says how an image is to be turned and nothing else. */
export function orientationBlock(orientation: number): Buffer {
  const block = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex')
  block.writeUInt16BE(orientation, 18)
  return block
}
