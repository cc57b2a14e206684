/**
 * A mask as run lengths, row by row from the top left: pixels off, on, off, on… The first run may be 0; all runs
 * together are width × height.
 */
export interface Mask {
  readonly width: number
  readonly height: number
  readonly runs: readonly number[]
}

/** The largest image that is looked at, in pixels, and the most runs of one mask. */
export const MOST_PIXELS = 67_108_864
export const MOST_RUNS = 100_000

/** Whether the runs make up the image, within the limits, and something is on. */
export function isMask({ width, height, runs }: Mask): boolean {
  if (!isCount(width) || !isCount(height) || width * height > MOST_PIXELS || runs.length > MOST_RUNS)
    return false
  let sum = 0
  for (const run of runs) {
    if (!isCount(run)) return false
    sum += run
  }
  return sum === width * height && maskArea(runs) > 0
}

function isCount(value: number): boolean {
  return value >= 0 && value <= MOST_PIXELS && Math.floor(value) === value
}

/** Pixels that are on. */
export function maskArea(runs: readonly number[]): number {
  let area = 0
  for (let i = 1; i < runs.length; i += 2) area += runs[i]!
  return area
}

/** Intersection over union of two masks; 0 when they are of different images. */
export function runsIou(a: Mask, b: Mask): number {
  if (a.width !== b.width || a.height !== b.height) return 0
  let shared = 0
  sweep([a, b], (pattern, pixels) => {
    if (pattern === 3) shared += pixels
  })
  const union = maskArea(a.runs) + maskArea(b.runs) - shared
  return union > 0 ? shared / union : 1
}

/** Goes over the pixels of masks of one image in stretches where none changes; bit k of `pattern`: mask k is on. At most 30. */
export function sweep(masks: readonly Mask[], visit: (pattern: number, pixels: number) => void): void {
  const count = masks.length
  if (count === 0) return
  const total = masks[0]!.width * masks[0]!.height
  const index = new Int32Array(count)
  const end = Int32Array.from(masks, ({ runs }) => runs[0] ?? total)
  let pattern = 0
  let at = 0
  while (at < total) {
    let next = total
    for (let k = 0; k < count; k++) {
      const { runs } = masks[k]!
      while (end[k]! <= at) {
        index[k]!++
        pattern ^= 1 << k
        end[k]! += runs[index[k]!] ?? total
      }
      next = Math.min(next, end[k]!)
    }
    visit(pattern, next - at)
    at = next
  }
}

/** Collects stretches of pixels to runs. */
export function runsBuilder() {
  const runs: number[] = [0]
  return {
    runs,
    add(isOn: boolean, pixels: number) {
      if (pixels === 0) return
      // Even places are off, odd ones on.
      if ((runs.length % 2 === 0) === isOn) runs[runs.length - 1]! += pixels
      else runs.push(pixels)
    },
  }
}
