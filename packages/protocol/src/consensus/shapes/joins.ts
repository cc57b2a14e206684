import { log } from '../../math/log-exp.ts'

/** Marks on one item, in the order of the workers, sorted into groups with at most one mark of a worker. */
export interface GroupedMarks {
  /** Marks of worker j are start[j] up to start[j + 1]. */
  readonly start: Int32Array
  /** Group of each mark, numbered from 0. */
  readonly group: Int32Array
  /** Groups that overlap and that no worker marked both of. */
  readonly meetings: readonly Meeting[]
}

/** Two groups, a < b, and the sum of the likenesses of their marks. */
interface Meeting {
  readonly a: number
  readonly b: number
  readonly sum: number
}

const STEPS = 20
/** How many pairs and answers the belief without evidence is worth: hands mostly right, things anywhere. */
const PRIOR = 10
/** A group may take another in this often. */
const ROUNDS = 4

/** Counts over items of how alike marks of the same thing and of different things are, per step of likeness. */
export interface LikenessCounts {
  readonly same: Float64Array
  readonly different: Float64Array
  answers: number
}

/** Counts before the first item. */
export function noLikeness(): LikenessCounts {
  return { same: new Float64Array(STEPS), different: new Float64Array(STEPS), answers: 0 }
}

/**
 * Adds an item to the counts: pairs of marks within a group by their likeness, and of each mark how alike the worker's
 * own mark nearest to it is: marks of one worker on one item mean different things for sure.
 * @param alike marks × marks.
 */
export function countLikeness(
  counts: LikenessCounts,
  { start, group }: Pick<GroupedMarks, 'start' | 'group'>,
  alike: Float32Array,
): void {
  const marks = group.length
  for (let j = 0; j + 1 < start.length; j++) {
    const size = start[j + 1]! - start[j]!
    if (size > 0) counts.answers++
    for (let a = start[j]!; a < start[j + 1]!; a++) {
      let nearest = 0
      for (let b = start[j]!; b < start[j + 1]!; b++)
        if (a !== b) nearest = Math.max(nearest, alike[a * marks + b]!)
      // An answer counts once however many marks it has: a flood of them shows nothing about things.
      if (nearest > 0) counts.different[stepOf(nearest)]! += 1 / size
      for (let b = start[j + 1]!; b < marks; b++)
        if (group[a] === group[b]) counts.same[stepOf(alike[a * marks + b]!)]!++
    }
  }
}

/** The {@link Meeting}s of groups. */
export function meetingsOf(
  { start, group }: Pick<GroupedMarks, 'start' | 'group'>,
  alike: Float32Array,
): Meeting[] {
  const members: number[][] = []
  group.forEach((g, mark) => {
    members[g] ??= []
    members[g].push(mark)
  })
  const markers = markersOf({ start, group })
  const sums = new Float64Array(members.length)
  return members.flatMap((own, a) => {
    sums.fill(0)
    for (const mark of own)
      for (let other = 0; other < group.length; other++)
        sums[group[other]!]! += alike[mark * group.length + other]!
    const found: Meeting[] = []
    for (let b = a + 1; b < members.length; b++)
      if (sums[b]! > 0 && isApart(markers[a]!, markers[b]!)) found.push({ a, b, sum: sums[b]! })
    return found
  })
}

/**
 * Joins groups that a fixed least likeness has kept apart: two groups, each marked by workers who did not mark the other,
 * become one where that is likelier. Two things would have been overlooked by just those who marked the other; one thing
 * would have been drawn unusually unlike, which is compared with how often different things are that alike. `group` is
 * changed in place; numbers of groups taken in stay free.
 */
export function joinGroups(items: readonly GroupedMarks[], counts: LikenessCounts): void {
  const odds = logOdds(counts)
  for (const { start, group, meetings } of items) {
    let open = meetings
    for (let round = 0; round < ROUNDS && open.length > 0; round++)
      open = joinOnce({ start, group, meetings: open }, odds)
  }
}

function stepOf(likeness: number): number {
  return Math.min(STEPS - 1, Math.floor(likeness * STEPS))
}

/**
 * Per step the log of: share of pairs of the same thing that are at most this alike ÷ share of marks with a different
 * thing at least this alike.
 */
function logOdds({ same, different, answers }: LikenessCounts): Float64Array {
  let pairs = 0
  for (let k = 0; k < STEPS; k++) pairs += same[k]!
  let below = 0
  const shares = same.map((count, k) => {
    below += count
    const top = (k + 1) / STEPS
    return (below + PRIOR * top * top) / (pairs + PRIOR)
  })
  let above = 0
  for (let k = STEPS - 1; k >= 0; k--) {
    above += different[k]!
    shares[k]! /= (above + PRIOR * (1 - k / STEPS)) / (answers + PRIOR)
  }
  return shares.map((share) => log(share))
}

/** Joins pairs of groups from the surest down, each group at most once. Returns the meetings after that, if any joined. */
function joinOnce({ start, group, meetings }: GroupedMarks, odds: Float64Array): Meeting[] {
  const workers = start.length - 1
  const markers = markersOf({ start, group })
  const sure: { a: number; b: number; gain: number }[] = []
  for (const { a, b, sum } of meetings) {
    const [first, second] = [markers[a]!.length, markers[b]!.length]
    const gain =
      odds[stepOf(sum / (first * second))]! +
      likelihood(first + second, workers) -
      likelihood(first, workers) -
      likelihood(second, workers)
    if (gain > 0) sure.push({ a, b, gain })
  }
  sure.sort((p, q) => q.gain - p.gain || p.a - q.a || p.b - q.b)
  const into = new Map<number, number>()
  for (const { a, b } of sure)
    if (!into.has(a) && !into.has(b)) {
      into.set(a, a)
      into.set(b, a)
    }
  if (into.size === 0) return []
  for (let i = 0; i < group.length; i++) group[i] = into.get(group[i]!) ?? group[i]!
  const sums = new Map<number, number>()
  for (const { a, b, sum } of meetings) {
    const [p, q] = [into.get(a) ?? a, into.get(b) ?? b]
    if (p === q) continue
    const key = Math.min(p, q) * group.length + Math.max(p, q)
    sums.set(key, (sums.get(key) ?? 0) + sum)
  }
  const joined = markersOf({ start, group })
  return [...sums]
    .map(([key, sum]) => ({ a: Math.floor(key / group.length), b: key % group.length, sum }))
    .filter(({ a, b }) => isApart(joined[a]!, joined[b]!))
}

/** Whether two lists in rising order have nothing in common. */
function isApart(first: readonly number[], second: readonly number[]): boolean {
  let [p, q] = [0, 0]
  while (p < first.length && q < second.length) {
    if (first[p] === second[q]) return false
    if (first[p]! < second[q]!) p++
    else q++
  }
  return true
}

/** Of each group the workers who marked it, in rising order. */
function markersOf({ start, group }: Pick<GroupedMarks, 'start' | 'group'>): number[][] {
  const markers: number[][] = []
  for (let j = 0; j + 1 < start.length; j++)
    for (let i = start[j]!; i < start[j + 1]!; i++) {
      markers[group[i]!] ??= []
      markers[group[i]!]!.push(j)
    }
  return markers
}

/** Log-likelihood of `marked` marks among those who looked, at the share that makes them likeliest. */
function likelihood(marked: number, looked: number): number {
  const missed = looked - marked
  return (marked > 0 ? marked * log(marked / looked) : 0) + (missed > 0 ? missed * log(missed / looked) : 0)
}
