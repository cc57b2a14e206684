import type { CategoricalSet } from '../accuracy/categorical.ts'

/** A crowd to draw campaigns from. */
export interface Population {
  readonly name: string
  readonly classes: number
  /** Per item its true class, and how often the crowd gives each label: rows of `classes`. */
  readonly truth: Int32Array
  readonly seen: Float64Array
  /** Share of all labels up to and with each worker: who labels more is drawn more often. */
  readonly upTo: Float64Array
  /** Of worker w how much likelier than the crowd's each label is: `bent[(w × classes + true class) × classes + label]`. */
  readonly bent: Float64Array
}

/** Workers of fewer labels say little about how people work. */
const LEAST_LABELS = 10
/** Labels like the crowd's imagined of every worker and true class. */
const LIKE_THE_CROWD = 4
/** Labels imagined of the whole crowd for every true class and label. */
const IMAGINED = 0.1

/**
 * Fits a population to the items of known truth: workers by their confusions, items by their own labels, so that hard
 * items stay hard for everybody and popular errors stay popular.
 */
export function fitPopulation({ name, table, truth: known }: CategoricalSet): Population {
  const { classes, workers, item, worker, label, start } = table
  const isUsed = (t: number) => known[t]! >= 0 && known[t]! < classes
  const cells = classes * classes
  const all = new Float64Array(cells).fill(IMAGINED)
  const own = new Float64Array(workers * cells)
  const labels = new Int32Array(workers)
  for (let i = 0; i < label.length; i++) {
    if (!isUsed(item[i]!)) continue
    const at = known[item[i]!]! * classes + label[i]!
    all[at]!++
    own[worker[i]! * cells + at]!++
    labels[worker[i]!]!++
  }
  const crowd = shares(all, classes)
  const able = [...labels.keys()].filter((w) => labels[w]! >= LEAST_LABELS)
  const bent = new Float64Array(able.length * cells)
  for (const [place, w] of able.entries()) {
    const counts = crowd.map((share, at) => own[w * cells + at]! + LIKE_THE_CROWD * share)
    bent.set(
      shares(counts, classes).map((share, at) => share / crowd[at]!),
      place * cells,
    )
  }
  const kept = [...known.keys()].filter((t) => isUsed(t) && start[t + 1]! - start[t]! >= 2)
  const weightOf = ownWeights(table, known, kept)
  const seen = new Float64Array(kept.length * classes)
  for (const [place, t] of kept.entries()) {
    const count = start[t + 1]! - start[t]!
    const weight = weightOf(count)
    for (let k = 0; k < classes; k++)
      seen[place * classes + k] = (1 - weight) * crowd[known[t]! * classes + k]!
    for (let i = start[t]!; i < start[t + 1]!; i++) seen[place * classes + label[i]!]! += weight / count
  }
  const truth = Int32Array.from(kept, (t) => known[t]!)
  return { name, classes, truth, seen, upTo: runningShares(able.map((w) => labels[w]!)), bent }
}

/** Chances of each label when worker w looks at item t. */
export function readingOf({ classes, truth, seen, bent }: Population, w: number, t: number): Float64Array {
  const row = new Float64Array(classes)
  let total = 0
  for (let k = 0; k < classes; k++) {
    row[k] = seen[t * classes + k]! * bent[(w * classes + truth[t]!) * classes + k]!
    total += row[k]!
  }
  return row.map((chance) => chance / total)
}

/**
 * The same people as reviewers of one answer per item, given by somebody of the crowd: class 0 for good ones, to accept, 1
 * for bad ones. A reviewer accepts what it would have answered.
 */
export function asReviewers(population: Population): Population {
  const { name, classes, truth, seen, upTo, bent } = population
  const crowd = new Float64Array(classes * classes).fill(IMAGINED)
  truth.forEach((k, t) => {
    for (let l = 0; l < classes; l++) crowd[k * classes + l]! += seen[t * classes + l]!
  })
  // Every item with its right answer and with its most usual wrong one, as often as they are given.
  const tasks = [...truth.keys()].flatMap((t) => {
    const row = [...seen.subarray(t * classes, (t + 1) * classes)]
    const right = row[truth[t]!]!
    const wrong = Math.max(...row.filter((_, k) => k !== truth[t]))
    const copies = (share: number) => Math.round(4 * share)
    return [
      ...Array.from({ length: copies(right) }, () => ({ good: 0, accepted: right })),
      ...Array.from({ length: copies(1 - right) }, () => ({ good: 1, accepted: wrong })),
    ]
  })
  const responses = new Float64Array(upTo.length * 4)
  for (let w = 0; w < upTo.length; w++) {
    const [good, bad] = [
      { own: 0, crowd: 0 },
      { own: 0, crowd: 0 },
    ]
    for (let at = 0; at < crowd.length; at++) {
      const side = Math.floor(at / classes) === at % classes ? good : bad
      // Among wrong answers each counts as often as it is given.
      const weight = side === good ? crowd[at]! : crowd[at]! ** 2
      side.own += weight * bent[w * classes * classes + at]!
      side.crowd += weight
    }
    responses.set([good.own / good.crowd, 1, bad.own / bad.crowd, 1], w * 4)
  }
  return {
    name,
    classes: 2,
    truth: Int32Array.from(tasks, ({ good }) => good),
    seen: Float64Array.from(tasks.flatMap(({ accepted }) => [accepted, 1 - accepted])),
    upTo,
    bent: responses,
  }
}

/** Rows of `classes` counts as shares. */
function shares(counts: Float64Array, classes: number): Float64Array {
  return counts.map((count, at) => {
    const first = at - (at % classes)
    return count / counts.subarray(first, first + classes).reduce((sum, value) => sum + value, 0)
  })
}

export function runningShares(counts: readonly number[]): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let sum = 0
  return Float64Array.from(counts, (count) => {
    sum += count
    return sum / total
  })
}

/**
 * How much an item's own label shares count beside its class's, by its number of labels: so that shares of right labels
 * vary between simulated items as they do between real ones beyond the chance of few labels.
 */
function ownWeights({ start, label }: CategoricalSet['table'], truth: Int32Array, kept: readonly number[]) {
  const sizes = kept.map((t) => start[t + 1]! - start[t]!)
  const rights = kept.map(
    (t) => label.subarray(start[t]!, start[t + 1]!).filter((k) => k === truth[t]).length,
  )
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  const mean = sum(rights) / sum(sizes)
  const together = sum(
    rights.map((r, at) => {
      const n = sizes[at]!
      return (r - n * mean) ** 2 - r * (1 - mean) ** 2 - (n - r) * mean ** 2
    }),
  )
  const alike = Math.max(0.01, together / sum(sizes.map((n) => n * (n - 1))) / (mean * (1 - mean)))
  return (n: number) => Math.sqrt((n * alike) / (1 + (n - 1) * alike))
}
