import {
  type AdaptiveRule,
  type LabelTable,
  labelTable,
  nextStep,
  Tally,
} from '@tagger/protocol/classification'
import { seededRandom } from '@tagger/protocol/seeded'

/**
 * What a campaign gets that asks for nothing else. Three: with two, a wrong belief about workers stops an item before
 * anybody could contradict it.
 */
export const RULE: Omit<AdaptiveRule, 'max'> = { min: 3, targetConfidence: 900_000 }

/**
 * Collects a set anew: the answers to each item come in an order drawn from `seed`, every round asks for one more answer to
 * each item that the rule wants asked again. An item may have as many answers as there are. Returns those collected.
 */
export function collect(table: LabelTable, seed: number): LabelTable {
  const { items, workers, classes, item, worker, label, start } = table
  const order = orderWithinItems(table, seed)
  const tally = new Tally(classes)
  const isCollected = new Uint8Array(item.length)
  let asked = true
  while (asked) {
    asked = false
    for (let t = 0; t < items; t++) {
      const max = start[t + 1]! - start[t]!
      const count = tally.countOf(t)
      if (count === max || nextStep(tally, t, { ...RULE, max }) !== 'ask') continue
      const at = order[start[t]! + count]!
      tally.add({ item: t, worker: worker[at]!, label: label[at]!, seq: 0 })
      isCollected[at] = 1
      asked = true
    }
  }
  const keep = (column: Int32Array) => column.filter((_, at) => isCollected[at] === 1)
  return labelTable({ items, workers, classes, item: keep(item), worker: keep(worker), label: keep(label) })
}

/** Places of the labels, those of an item side by side in random order. */
function orderWithinItems({ items, item, start }: LabelTable, seed: number): Int32Array {
  const draw = seededRandom(seed)
  const order = Int32Array.from(item.keys())
  for (let t = 0; t < items; t++)
    for (let i = start[t + 1]! - 1; i > start[t]!; i--) {
      const other = start[t]! + Math.floor(draw() * (i - start[t]! + 1))
      const place = order[i]!
      order[i] = order[other]!
      order[other] = place
    }
  return order
}
