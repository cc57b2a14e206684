import type { Conduct, LabelTable } from '@tagger/protocol/quality'

export type Random = () => number

/** A set in which some workers cheat. */
export interface Planted {
  table: LabelTable
  seconds: Float64Array
  workers: ReadonlySet<number>
}

/** Workers with fewer labels are not made to cheat: nothing could show it. */
const LEAST_LABELS = 40
/** A copier takes over so much of what its source says on shared items. */
const COPIED = 0.9
const LEAST_SHARED = 30

/** The same answers of every item, dealt anew among its workers. */
export function dealAnew(table: LabelTable, random: Random): LabelTable {
  const label = table.label.slice()
  for (let t = 0; t < table.items; t++) {
    const from = table.start[t]!
    for (let i = table.start[t + 1]! - 1; i > from; i--) {
      const j = from + Math.floor(random() * (i - from + 1))
      ;[label[i], label[j]] = [label[j]!, label[i]!]
    }
  }
  return { ...table, label }
}

/** Seconds per label: log-normal, the hasty at 0.15 of theirs. */
export function drawSeconds(table: LabelTable, hasty: ReadonlySet<number>, random: Random): Float64Array {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const ofWorker = Float64Array.from({ length: table.workers }, () => 0.4 * normal())
  const ofItem = Float64Array.from({ length: table.items }, () => 0.3 * normal())
  return Float64Array.from(table.label, (_, i) => {
    const [worker, item] = [table.worker[i]!, table.item[i]!]
    const honest = 20 * Math.exp(ofWorker[worker]! + ofItem[item]! + 0.6 * normal())
    return hasty.has(worker) ? 0.15 * honest : honest
  })
}

/** A tenth of the workers with enough labels, none of the `spared`, cheat in one way. */
export function plant(
  { table, order, spared }: { table: LabelTable; order: Float64Array; spared: ReadonlySet<number> },
  conduct: Conduct,
  random: Random,
): Planted {
  const labelsOf: number[][] = Array.from({ length: table.workers }, () => [])
  table.worker.forEach((worker, i) => {
    labelsOf[worker]!.push(i)
  })
  const able = labelsOf.flatMap((own, w) => (own.length >= LEAST_LABELS && !spared.has(w) ? [w] : []))
  const workers = new Set<number>()
  const wanted = Math.min(able.length, Math.max(1, Math.floor(able.length / 10)))
  while (workers.size < wanted) workers.add(able[Math.floor(random() * able.length)]!)

  const label = table.label.slice()
  const anyClass = () => Math.floor(random() * table.classes)
  for (const worker of [...workers]) {
    const own = labelsOf[worker]!.toSorted((a, b) => order[a]! - order[b]!)
    if (conduct === 'random') for (const i of own) label[i] = anyClass()
    if (conduct === 'constant') {
      const favorite = anyClass()
      for (const i of own) label[i] = favorite
    }
    if (conduct === 'change') for (const i of own.slice(own.length / 2)) label[i] = anyClass()
    if (conduct === 'copying') {
      const source = busiestPartner(table, own, workers)
      if (source === null) workers.delete(worker)
      else for (const [i, j] of source) if (random() < COPIED) label[i] = table.label[j]!
    }
  }
  const hasty = conduct === 'speed' ? workers : new Set<number>()
  return { table: { ...table, label }, seconds: drawSeconds(table, hasty, random), workers }
}

/** The labels shared with the worker who shares most, as pairs [own, its]; null when they are too few to copy. */
function busiestPartner(table: LabelTable, own: readonly number[], cheats: ReadonlySet<number>) {
  const shared = new Map<number, [number, number][]>()
  for (const i of own) {
    const t = table.item[i]!
    for (let j = table.start[t]!; j < table.start[t + 1]!; j++) {
      const other = table.worker[j]!
      if (j === i || cheats.has(other)) continue
      const pairs = shared.get(other)
      if (pairs === undefined) shared.set(other, [[i, j]])
      else pairs.push([i, j])
    }
  }
  let best: [number, number][] = []
  for (const pairs of shared.values()) if (pairs.length > best.length) best = pairs
  return best.length >= LEAST_SHARED ? best : null
}
