import { type Coefficient, correctedForChance, type Ratings } from './ratings.ts'

/** How much a difference of classes weighs: all alike, by distance, by squared distance (classes in order). */
export type Weighting = 'unweighted' | 'linear' | 'quadratic'

const DISTANCE: Record<Weighting, (a: number, b: number) => number> = {
  unweighted: (a, b) => (a === b ? 0 : 1),
  linear: (a, b) => Math.abs(a - b),
  quadratic: (a, b) => (a - b) * (a - b),
}

/**
 * Cohen's kappa of two workers over the items both rated; values are class indices from 0.
 * Cohen (1960), weighted: Cohen (1968). Each worker keeps its own habits under chance.
 */
export function cohenKappa(
  ratings: Ratings,
  a: number,
  b: number,
  weighting: Weighting = 'unweighted',
): Coefficient {
  const [left, right] = sharedValues(ratings, a, b)
  const n = left.length
  if (n === 0) return { defined: false, reason: 'no-pairs' }
  const distance = DISTANCE[weighting]
  const [ofLeft, ofRight] = [classCounts(left), classCounts(right)]
  let observed = 0
  for (let i = 0; i < n; i++) observed += distance(left[i]!, right[i]!)
  let expected = 0
  ofLeft.forEach((countA, x) => {
    ofRight.forEach((countB, y) => {
      expected += countA * countB * distance(x, y)
    })
  })
  return correctedForChance(observed / n, expected / n / n)
}

/**
 * Fleiss' kappa (Fleiss 1971), for two ratings per item Scott's pi: chance draws from the pooled ratings.
 * Needs equally many ratings of every rated item.
 */
export function fleissKappa({ items, value, start }: Ratings): Coefficient {
  const perItem = ratingsPerItem({ items, start })
  if (typeof perItem === 'string') return { defined: false, reason: perItem }
  const pooled = new Map<number, number>()
  let agreeing = 0
  for (let t = 0; t < items; t++) {
    const counts = classCounts(Array.prototype.slice.call(value, start[t], start[t + 1]))
    counts.forEach((count, label) => {
      agreeing += count * (count - 1)
      pooled.set(label, (pooled.get(label) ?? 0) + count)
    })
  }
  const n = value.length
  let chance = 0
  for (const count of pooled.values()) chance += count * count
  // Whole numbers up to the one division: a crowd of one mind must give exactly 0.
  return correctedForChance(1 - agreeing / (n * (perItem - 1)), (n * n - chance) / (n * n))
}

/**
 * Kappa of a fixed group (Davies & Fleiss 1982): agreement and chance averaged over all pairs of workers, each with
 * its own habits. Every worker must have rated every rated item.
 */
export function daviesFleissKappa(ratings: Ratings): Coefficient {
  const { items, workers, worker, value, start } = ratings
  const perItem = ratingsPerItem(ratings)
  if (typeof perItem === 'string') return { defined: false, reason: perItem }
  if (perItem !== workers) return { defined: false, reason: 'unequal-ratings' }
  const habits = Array.from({ length: workers }, () => new Map<number, number>())
  let rated = 0
  let differing = 0
  for (let t = 0; t < items; t++) {
    if (start[t] === start[t + 1]) continue
    rated++
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      const habit = habits[worker[i]!]!
      habit.set(value[i]!, (habit.get(value[i]!) ?? 0) + 1)
      for (let j = start[t]!; j < i; j++) if (value[i] !== value[j]) differing++
    }
  }
  let chance = 0
  for (let a = 0; a < workers; a++) {
    for (let b = 0; b < a; b++) {
      habits[a]!.forEach((count, label) => {
        chance += count * (habits[b]!.get(label) ?? 0)
      })
    }
  }
  const pairs = (workers * (workers - 1)) / 2
  return correctedForChance(differing / (rated * pairs), 1 - chance / (rated * rated * pairs))
}

function sharedValues({ items, worker, value, start }: Ratings, a: number, b: number): [number[], number[]] {
  const [left, right]: [number[], number[]] = [[], []]
  for (let t = 0; t < items; t++) {
    let [x, y] = [-1, -1]
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      if (worker[i] === a) x = i
      if (worker[i] === b) y = i
    }
    if (x < 0 || y < 0) continue
    left.push(value[x]!)
    right.push(value[y]!)
  }
  return [left, right]
}

function classCounts(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const label of values) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

function ratingsPerItem({ items, start }: Pick<Ratings, 'items' | 'start'>) {
  let perItem = 0
  for (let t = 0; t < items; t++) {
    const count = start[t + 1]! - start[t]!
    if (count === 0) continue
    if (perItem > 0 && count !== perItem) return 'unequal-ratings'
    perItem = count
  }
  return perItem < 2 ? 'no-pairs' : perItem
}
