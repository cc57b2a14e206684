import { sortByCodePoints } from '../../bytes/order.ts'
import { dawidSkene } from '../classification/dawid-skene.ts'
import { labelTable } from '../classification/label-table.ts'
import { bestAssignment } from './assignment.ts'
import { fitExistence, sightingsOf } from './existence.ts'
import {
  type Candidate,
  type Grouping,
  groupObjects,
  type Labeled,
  MOST_OBJECTS,
  type ObjectAnswer,
  type ShapeKind,
} from './objects.ts'
import type { MergedShapes } from './sides.ts'

/** A thing the crowd found on an item. */
export interface FoundObject<S> extends Labeled<S> {
  /** How likely it is there at all, and, if so, how likely the label is right. */
  readonly confidence: number
  readonly labelConfidence: number
  /** How many workers marked it, of those who looked. */
  readonly marked: number
}

/** What the crowd sees on items, and what each answer is worth. */
export interface ObjectConsensus<S> {
  /** By item, most certain first; the candidates the crowd does not believe in come last, below a confidence of ½. */
  readonly items: ReadonlyMap<string, readonly FoundObject<S>[]>
  /**
   * 0 to 1: how well an answer fits what is there by all others. Twice what it has right (probability of being real ×
   * likeness of shape × probability of the label) over what it has and what there is; of an empty answer the
   * probability that there is nothing.
   */
  quality(item: string, worker: string): number
}

/**
 * The consensus on any kind of shape: grouping, existence from misses and false alarms of each worker, labels by
 * Dawid and Skene over the groups, shapes by `merge`. The same for any order of the answers.
 * @param known by item everything that is really there: kept as it is, and what workers are measured by.
 */
export function objectConsensus<S>(
  given: readonly ObjectAnswer<S>[],
  kind: ShapeKind<S>,
  merge: (grouping: Grouping<S>) => MergedShapes<S>,
  known?: ReadonlyMap<string, readonly Labeled<S>[]>,
): ObjectConsensus<S> {
  const grouping = groupObjects(given, kind, known)
  const existence = fitExistence(
    sightingsOf(grouping.workers, grouping.candidates, (c) => grouping.shown[grouping.candidates[c]!.item]!),
  )
  const labels = labelsOf(grouping)
  const merged = merge(grouping)
  const { items, candidates, start, shown, workers, answers } = grouping
  const itemIndex = new Map(items.map((name, index) => [name, index]))
  const workerIndex = new Map(workers.map((name, index) => [name, index]))
  const typical = typicalLikeness(kind, candidates, merged)
  const found = items.map((_, t) => {
    const own: FoundObject<S>[] = []
    for (let c = start[t]!; c < start[t + 1]!; c++)
      own.push({
        ...labels.top(c),
        shape: merged.shapes[c]!,
        confidence: existence.probability[c]!,
        marked: candidates[c]!.members.length,
      })
    return own.sort((a, b) => b.confidence - a.confidence)
  })
  return {
    items: new Map(items.map((name, t) => [name, found[t]!])),
    quality(item, worker) {
      const t = itemIndex.get(item)
      const j = workerIndex.get(worker)
      if (t === undefined || j === undefined) return 0
      const place = shown[t]!.indexOf(j)
      if (place < 0) return 0
      const { objects: all } = answers[t]![place]!
      const objects = all.slice(0, MOST_OBJECTS)
      const columns = start[t + 1]! - start[t]!
      const gains = new Float64Array(objects.length * columns)
      let expected = 0
      let nothing = 1
      for (let k = 0; k < columns; k++) {
        const c = start[t]! + k
        const probability = existence.without(c, j)
        expected += probability
        nothing *= 1 - probability
        const shape = merged.without(c, j)
        const own = shape === null ? candidates[c]!.members[0]!.index : -1
        objects.forEach((object, row) => {
          if (!kind.isUsable(object.shape)) return
          // Nobody else drew it: if it is real, the hand is trusted as hands usually are.
          const likeness = shape === null ? (row === own ? typical() : 0) : kind.likeness(object.shape, shape)
          gains[row * columns + k] = probability * likeness * labels.without(c, j, object.label)
        })
      }
      if (all.length === 0) return nothing
      let right = 0
      bestAssignment(gains, objects.length, columns).forEach((k, row) => {
        if (k >= 0) right += gains[row * columns + k]!
      })
      return Math.min(1, (2 * right) / (all.length + expected))
    },
  }
}

/** Marks that are looked at to see how alike hands usually are. */
const SAMPLE = 200
/** What is believed of hands where no two ever drew the same. */
const UNSEEN_HANDS = 0.7

/** Mean likeness of a mark to what all others make of the same thing, over a sample of marks; worked out when first asked. */
function typicalLikeness<S>(
  kind: ShapeKind<S>,
  candidates: readonly Candidate<S>[],
  merged: MergedShapes<S>,
): () => number {
  let mean: number | null = null
  return () => {
    if (mean !== null) return mean
    let [sum, count] = [0, 0]
    const step = Math.max(1, Math.floor(candidates.length / SAMPLE))
    for (let c = 0; c < candidates.length; c += step) {
      const member = candidates[c]!.members[0]
      if (member === undefined || candidates[c]!.members.length < 2) continue
      const shape = merged.without(c, member.worker)
      if (shape === null) continue
      sum += kind.likeness(member.shape, shape)
      count++
    }
    mean = (sum + UNSEEN_HANDS) / (count + 1)
    return mean
  }
}

/** The labels of candidates as a classification of their own. */
function labelsOf<S>({ workers, candidates }: Grouping<S>) {
  const said = candidates.flatMap(({ members, known }) => [
    ...members.map(({ label }) => label),
    ...(known === null || known === 'false' ? [] : [known.label]),
  ])
  const names = sortByCodePoints(new Set(said), (name) => name)
  const index = new Map(names.map((name, k) => [name, k]))
  const rows = candidates.flatMap(({ members }, c) => members.map((member) => ({ c, ...member })))
  const table = labelTable({
    items: candidates.length,
    workers: workers.length,
    classes: names.length,
    item: Int32Array.from(rows, ({ c }) => c),
    worker: Int32Array.from(rows, ({ worker }) => worker),
    label: Int32Array.from(rows, ({ label }) => index.get(label)!),
  })
  const known = Int32Array.from(candidates, ({ known }) =>
    known === null || known === 'false' ? -1 : index.get(known.label)!,
  )
  const fit = names.length > 1 ? dawidSkene(table, known) : null
  return {
    top(c: number): { label: string; labelConfidence: number } {
      if (fit === null) return { label: names[0] ?? '', labelConfidence: 1 }
      let best = 0
      const row = fit.posterior.subarray(c * names.length, (c + 1) * names.length)
      for (let k = 1; k < names.length; k++) if (row[k]! > row[best]!) best = k
      return { label: names[best]!, labelConfidence: row[best]! }
    },
    /** Probability of a label for a candidate when one worker's word is left out. */
    without(c: number, worker: number, label: string): number {
      const k = index.get(label)
      if (fit === null || k === undefined) return 1
      const member = candidates[c]!.members.findIndex((other) => other.worker === worker)
      if (member < 0) return fit.posterior[c * names.length + k]!
      return fit.withoutLabel(table.start[c]! + member)[k]!
    },
  }
}
