import { seededRandom } from '@tagger/protocol/seeded'
import { type Population, runningShares } from './population.ts'
import type { Random } from './strategies.ts'

/** A made-up population: `prior` of the classes, workers right from `least` to `most` of the time on items of middle ease. */
function inventPopulation(
  { name, prior, least, most }: { name: string; prior: readonly number[]; least: number; most: number },
  random: Random,
): Population {
  const classes = prior.length
  const items = 400
  const workers = 40
  const upTo = runningShares([...prior])
  const truth = Int32Array.from({ length: items }, () => {
    const at = random()
    return upTo.findIndex((share) => at < share)
  })
  const middle = (least + most) / 2
  const seen = new Float64Array(items * classes)
  truth.forEach((k, t) => {
    // A fifth of the items is hard for everybody.
    const right = random() < 0.2 ? 0.5 * middle : Math.min(0.98, middle + 0.1)
    seen.fill((1 - right) / (classes - 1), t * classes, (t + 1) * classes)
    seen[t * classes + k] = right
  })
  const bent = new Float64Array(workers * classes * classes).fill(1)
  for (let w = 0; w < workers; w++) {
    const right = least + ((most - least) * w) / (workers - 1)
    const odds = (right * (1 - middle)) / ((1 - right) * middle)
    for (let k = 0; k < classes; k++) bent[(w * classes + k) * classes + k] = odds
  }
  return { name, classes, truth, seen, upTo: runningShares(Array(workers).fill(1)), bent }
}

/** Crowds for where there is no data: two even classes, four, and two of which one is rare. */
export const INVENTED: Population[] = [
  { name: 'two classes', prior: [0.5, 0.5], least: 0.65, most: 0.95 },
  { name: 'four classes', prior: [0.4, 0.3, 0.2, 0.1], least: 0.5, most: 0.9 },
  { name: 'a rare class', prior: [0.85, 0.15], least: 0.7, most: 0.95 },
].map((crowd) => inventPopulation(crowd, seededRandom(crowd.name)))
