import type { UnsortedLabels } from '@tagger/protocol/classification'
import { seededRandom } from '@tagger/protocol/seeded'

const CLASSES = 5
const LABELS_PER_ITEM = 5

/**
 * A made-up crowd as in the peers' measurements: five classes, five labels per item, each worker right with a probability
 * drawn from Beta(6, 3), wrong labels even over the other classes. The same for the same sizes.
 */
export function simulateCrowd(
  labels: number,
  workers: number,
): { labels: UnsortedLabels; truth: Int32Array } {
  const random = seededRandom(1)
  const items = Math.floor(labels / LABELS_PER_ITEM)
  const count = items * LABELS_PER_ITEM
  const skill = Float64Array.from({ length: workers }, () => {
    const right = gamma(6, random)
    return right / (right + gamma(3, random))
  })
  const item = new Int32Array(count)
  const worker = new Int32Array(count)
  const label = new Int32Array(count)
  const truth = new Int32Array(items)
  for (let t = 0; t < items; t++) {
    truth[t] = Math.floor(random() * CLASSES)
    const first = t * LABELS_PER_ITEM
    for (let i = first; i < first + LABELS_PER_ITEM; i++) {
      let drawn = Math.floor(random() * workers)
      while (worker.subarray(first, i).includes(drawn)) drawn = Math.floor(random() * workers)
      item[i] = t
      worker[i] = drawn
      const wrong = (truth[t]! + 1 + Math.floor(random() * (CLASSES - 1))) % CLASSES
      label[i] = random() < skill[drawn]! ? truth[t]! : wrong
    }
  }
  return { labels: { items, workers, classes: CLASSES, item, worker, label }, truth }
}

/** A draw from the gamma distribution of a whole shape: a sum of exponential ones. */
function gamma(shape: number, random: () => number): number {
  let sum = 0
  for (let i = 0; i < shape; i++) sum -= Math.log(1 - random())
  return sum
}
