/** What can be said of a campaign before it runs. */
export interface Forecast {
  /** Answers expected in all. */
  records: number
  /** Seconds until done with this many people at once. */
  seconds: number
  /** Share of right results, millionths. */
  quality: number
}

/** Share of right single answers of an ordinary crowd on ordinary questions. */
const USUAL_SKILL = 0.85
/** People do not answer without a break. */
const BUSY_SHARE = 0.6

/**
 * A rough forecast: answers per item between fewest and most, a majority of independent people of usual skill,
 * settled once the last window has passed.
 */
export function forecast(input: {
  items: number
  min: number
  max: number
  people: number
  secondsPerRecord: number
  windowSeconds: number
}): Forecast {
  const { items, min, max, people, secondsPerRecord, windowSeconds } = input
  const perItem = min + (max - min) * (1 - USUAL_SKILL) * 2
  const records = Math.ceil(items * Math.min(max, perItem))
  const work = (records * secondsPerRecord) / Math.max(1, people) / BUSY_SHARE
  return {
    records,
    seconds: Math.round(work + windowSeconds),
    quality: Math.round(1_000_000 * majorityRight(Math.round(Math.min(max, perItem)), USUAL_SKILL)),
  }
}

/** Chance that most of `answers` independent answers are right; a tie counts half. */
export function majorityRight(answers: number, skill: number): number {
  let right = 0
  for (let good = 0; good <= answers; good++) {
    const chance = choose(answers, good) * skill ** good * (1 - skill) ** (answers - good)
    if (good * 2 > answers) right += chance
    else if (good * 2 === answers) right += chance / 2
  }
  return right
}

function choose(n: number, k: number): number {
  let result = 1
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i
  return result
}
