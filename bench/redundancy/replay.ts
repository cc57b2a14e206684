import {
  type AdaptiveRule,
  type LabelTable,
  labelTable,
  nextStep,
  Tally,
} from '@tagger/protocol/classification'

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
  const draw = randomFrom(seed)
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

/** Numbers in [0, 1) from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
