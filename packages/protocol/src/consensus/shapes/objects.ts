import { compareCodePoints, sortByCodePoints } from '../../bytes/order.ts'
import { TaggerError } from '../../errors.ts'
import { bestAssignment } from './assignment.ts'
import { clusterShapes } from './clusters.ts'
import {
  countLikeness,
  type GroupedMarks,
  joinGroups,
  type LikenessCounts,
  meetingsOf,
  noLikeness,
} from './joins.ts'

/** A thing somebody marked: what it is and its shape. */
export interface Labeled<S> {
  readonly label: string
  readonly shape: S
}

/** Everything one worker marked on one item; empty when they saw nothing there. */
export interface ObjectAnswer<S> {
  readonly item: string
  readonly worker: string
  readonly objects: readonly Labeled<S>[]
}

/** What a kind of shape must know to be grouped. */
export interface ShapeKind<S> {
  /** Whether a shape can be compared at all; others are left out as if not drawn. */
  isUsable(shape: S): boolean
  /** How much two shapes are the same, 0 to 1. */
  likeness(a: S, b: S): number
  /** Mean likeness to a group's members that counts as the same thing at first sight; {@link joinGroups} looks again. */
  readonly least: number
  /** What comparing this shape costs, 1 where not said. What exceeds the budget of an answer is left out. */
  cost?(shape: S): number
}

/** A possible thing on an item: at most one mark of each worker. */
export interface Candidate<S> {
  readonly item: number
  readonly members: readonly Member<S>[]
  /** What is known of it: the thing itself, 'false' on a known item without it, null where nothing is known. */
  readonly known: Labeled<S> | 'false' | null
}

/** One worker's mark: the worker, which object of the worker's answer it is, and the object. */
export interface Member<S> extends Labeled<S> {
  readonly worker: number
  readonly index: number
}

/** Answers sorted out: who looked at which item, and the candidates in the order of the items. */
export interface Grouping<S> {
  readonly items: readonly string[]
  readonly workers: readonly string[]
  /** Of each item the workers who answered, by index in rising order, and their answers. */
  readonly shown: readonly (readonly number[])[]
  readonly answers: readonly (readonly ObjectAnswer<S>[])[]
  readonly candidates: readonly Candidate<S>[]
  /** Candidates of item t are start[t] up to start[t + 1]. */
  readonly start: Int32Array
}

/** Objects of one answer that are looked at: more are no work of a person. */
export const MOST_OBJECTS = 300
/** Sum of the costs of an answer's objects. */
const MOST_COST = 200_000
/** Objects on one item that are compared with each other. Answers that come after (by worker) are left out. */
const MOST_TOGETHER = 4000

/**
 * Groups what workers marked into candidates. Shapes that cannot be used are left out, and what goes beyond the limits
 * too. Throws `answer-invalid` for two answers of one worker to one item (the caller knows which one counts).
 * @param known by item everything that is really there.
 */
export function groupObjects<S>(
  given: readonly ObjectAnswer<S>[],
  kind: ShapeKind<S>,
  known: ReadonlyMap<string, readonly Labeled<S>[]> = new Map(),
): Grouping<S> {
  const sorted = [...given].sort(
    (a, b) => compareCodePoints(a.item, b.item) || compareCodePoints(a.worker, b.worker),
  )
  const workers = sortByCodePoints(new Set(sorted.map(({ worker }) => worker)), (name) => name)
  const workerIndex = new Map(workers.map((name, index) => [name, index]))
  const items: string[] = []
  const answers: ObjectAnswer<S>[][] = []
  for (const answer of sorted) {
    if (items.at(-1) !== answer.item) {
      items.push(answer.item)
      answers.push([])
    }
    const own = answers.at(-1)!
    if (own.at(-1)?.worker === answer.worker)
      throw new TaggerError(
        'answer-invalid',
        `worker ${answer.worker} has two answers for item ${answer.item}`,
        {
          hints: ['Pass only the record that counts: the last one of a worker for an item.'],
        },
      )
    own.push(answer)
  }
  const candidates: Candidate<S>[] = []
  const start = new Int32Array(items.length + 1)
  const counts = noLikeness()
  const marked = answers.map((own) => marksOf(own, workerIndex, kind, counts))
  joinGroups(marked, counts)
  marked.forEach(({ marks, group }, item) => {
    const groups = groupsOf(marks, group)
    const things = known.get(items[item]!)
    if (things !== undefined) candidates.push(...matchKnown(groups, item, kind, things))
    else for (const members of groups) candidates.push({ item, members, known: null })
    start[item + 1] = candidates.length
  })
  const shown = answers.map((own) => own.map(({ worker }) => workerIndex.get(worker)!))
  return { items, workers, shown, answers, candidates, start }
}

/** Usable marks on one item by worker, grouped by likeness; how alike they are is added to the counts. */
function marksOf<S>(
  answers: readonly ObjectAnswer<S>[],
  workerIndex: ReadonlyMap<string, number>,
  kind: ShapeKind<S>,
  counts: LikenessCounts,
): GroupedMarks & { readonly marks: readonly Member<S>[] } {
  const marks: Member<S>[] = []
  const start = new Int32Array(answers.length + 1)
  answers.forEach(({ worker, objects }, index) => {
    let cost = 0
    const isAffordable = (shape: S) => {
      cost += kind.cost?.(shape) ?? 1
      return cost <= MOST_COST
    }
    const own = objects
      .slice(0, MOST_OBJECTS)
      .flatMap(({ label, shape }, index) =>
        kind.isUsable(shape) && isAffordable(shape)
          ? [{ label, shape, index, worker: workerIndex.get(worker)! }]
          : [],
      )
    if (marks.length + own.length <= MOST_TOGETHER) marks.push(...own)
    start[index + 1] = marks.length
  })
  const alike = new Float32Array(marks.length * marks.length)
  for (let a = 0; a < marks.length; a++)
    for (let b = a + 1; b < marks.length; b++) {
      alike[a * marks.length + b] = kind.likeness(marks[a]!.shape, marks[b]!.shape)
      alike[b * marks.length + a] = alike[a * marks.length + b]!
    }
  const group = clusterShapes(start, alike, kind.least)
  countLikeness(counts, { start, group }, alike)
  return { marks, start, group, meetings: meetingsOf({ start, group }, alike) }
}

/** Members of each group by worker, groups in the order of their first marks. */
function groupsOf<S>(marks: readonly Member<S>[], group: Int32Array): Member<S>[][] {
  const groups = new Map<number, Member<S>[]>()
  marks.forEach((mark, index) => {
    const members = groups.get(group[index]!) ?? []
    groups.set(group[index]!, members)
    members.push(mark)
  })
  for (const members of groups.values()) members.sort((a, b) => a.worker - b.worker)
  return [...groups.values()]
}

/** On an item where everything is known, groups are things that are there or false; what nobody saw is a candidate too. */
function matchKnown<S>(
  groups: readonly Member<S>[][],
  item: number,
  { likeness, least }: ShapeKind<S>,
  known: readonly Labeled<S>[],
): Candidate<S>[] {
  const gains = new Float64Array(known.length * groups.length)
  known.forEach((thing, row) => {
    groups.forEach((members, column) => {
      let sum = 0
      for (const { shape } of members) sum += likeness(thing.shape, shape)
      const mean = sum / members.length
      if (mean >= least) gains[row * groups.length + column] = mean
    })
  })
  const matched = bestAssignment(gains, known.length, groups.length)
  const thingOf = new Map<number, Labeled<S>>()
  known.forEach((thing, row) => {
    if (matched[row]! >= 0) thingOf.set(matched[row]!, thing)
  })
  const candidates: Candidate<S>[] = groups.map((members, index) => ({
    item,
    members,
    known: thingOf.get(index) ?? 'false',
  }))
  known.forEach((thing, row) => {
    if (matched[row]! < 0) candidates.push({ item, members: [], known: thing })
  })
  return candidates
}
