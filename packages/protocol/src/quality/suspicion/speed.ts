import { exp, log } from '../../math/log-exp.ts'
import { LEAST_LABELS } from './answering.ts'
import { type Crowd, labelsOf } from './crowd.ts'
import { logMeanExp, type Tested } from './flags.ts'

/** An answer in less than this share of the usual time is too fast to have looked. */
const TOO_FAST = 1 / 4
/** The quickest of honest workers is that fast on at most this share of its answers; who does not look, on most of them. */
const HONEST_SHARE = 0.25
const SUSPECT_SHARES = [0.5, 0.65, 0.8, 0.95]
/** The item's own usual time counts beside the campaign's like this many answers. */
const CAMPAIGN_WEIGHT = 3
/** Clocks tick; no answer is quicker than this. */
const LEAST_SECONDS = 0.1

/**
 * Impossible speed: answers in less than a quarter of what others take for the item, far more often than the quickest
 * honest worker. `seconds` per label of the table, NaN where unknown; they come from workers' own clocks, so slowness
 * proves nothing.
 */
export function tooFast(crowd: Crowd, seconds: ArrayLike<number>): Tested {
  const { workers, item } = crowd.table
  const usual = usualTimes(crowd, seconds)
  const tested: Tested = { suspicions: [], tests: 0 }
  for (let w = 0; w < workers; w++) {
    let [timed, fast, usualSum, ownSum] = [0, 0, 0, 0]
    for (const i of labelsOf(crowd, w)) {
      if (!(seconds[i]! >= 0)) continue
      timed++
      if (seconds[i]! < TOO_FAST * usual[item[i]!]!) fast++
      usualSum += usual[item[i]!]!
      ownSum += seconds[i]!
    }
    if (timed < LEAST_LABELS) continue
    tested.tests++
    const logEvidence = logMeanExp(
      SUSPECT_SHARES.map(
        (share) => fast * log(share / HONEST_SHARE) + (timed - fast) * log((1 - share) / (1 - HONEST_SHARE)),
      ),
    )
    if (logEvidence <= 0) continue
    tested.suspicions.push({
      conduct: 'speed',
      workers: [w],
      logEvidence,
      labels: timed,
      evidence: { fastShare: fast / timed, secondsPerLabel: ownSum / timed, usualSeconds: usualSum / timed },
    })
  }
  return tested
}

/** Usual seconds per item: the median of its times drawn towards the campaign's, on the logarithmic scale. */
function usualTimes({ table }: Crowd, seconds: ArrayLike<number>): Float64Array {
  const { items, start } = table
  const ofAll = medianLog(seconds, 0, seconds.length)
  const usual = new Float64Array(items)
  for (let t = 0; t < items; t++) {
    const { median, count } = medianLog(seconds, start[t]!, start[t + 1]!)
    usual[t] = exp((count * median + CAMPAIGN_WEIGHT * ofAll.median) / (count + CAMPAIGN_WEIGHT))
  }
  return usual
}

function medianLog(seconds: ArrayLike<number>, from: number, to: number): { median: number; count: number } {
  const known: number[] = []
  for (let i = from; i < to; i++) if (seconds[i]! >= 0) known.push(Math.max(LEAST_SECONDS, seconds[i]!))
  if (known.length === 0) return { median: 0, count: 0 }
  const sorted = Float64Array.from(known).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = log(sorted[middle]!)
  const median = sorted.length % 2 === 1 ? upper : (upper + log(sorted[middle - 1]!)) / 2
  return { median, count: sorted.length }
}
