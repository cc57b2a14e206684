import { type Crowd, labelsOf, middleResponse } from './crowd.ts'
import { logMeanExp, type Tested } from './flags.ts'
import { blindnessOf, responseOf } from './response.ts'

/** Labels before and after a change that make it worth looking for. */
const LEAST_BEFORE = 40
const LEAST_AFTER = 10
/** Places looked at for a change, evenly over the worker's labels. */
const PLACES = 16
/** A worker that goes on honestly responds at least this share as much as before. */
const LEAST_REST = 2 / 3
/** Who never followed the items, at least this share as much as the middle of the crowd, cannot stop doing so. */
const FOLLOWED = 1 / 2

/**
 * Sudden change: from some label on a worker's answers no longer depend on the items, though before they did. For each of
 * some places the evidence of blind answers after it, against two thirds of the response shown before it; averaged over the
 * places, because nobody said beforehand where.
 */
export function suddenChanges(crowd: Crowd): Tested {
  const { table, support } = crowd
  const usual = FOLLOWED * middleResponse(crowd)
  const tested: Tested = { suspicions: [], tests: 0 }
  for (let w = 0; w < table.workers; w++) {
    const labels = labelsOf(crowd, w)
    const last = labels.length - LEAST_AFTER
    if (last < LEAST_BEFORE) continue
    tested.tests++
    const evidence = new Float64Array(PLACES)
    let best = { place: 0, evidence: 0, before: 0 }
    for (let n = 0; n < PLACES; n++) {
      const place = LEAST_BEFORE + Math.floor(((last - LEAST_BEFORE) * n) / (PLACES - 1))
      // Less what so few labels may overstate it by.
      const before = responseOf(table, support, labels.subarray(0, place)) - 1 / Math.sqrt(place)
      if (before < usual) continue
      evidence[n] = blindnessOf(table, support, labels.subarray(place), LEAST_REST * before)
      if (evidence[n]! > best.evidence) best = { place, evidence: evidence[n]!, before }
    }
    const logEvidence = logMeanExp(evidence)
    if (logEvidence <= 0) continue
    tested.suspicions.push({
      conduct: 'change',
      workers: [w],
      logEvidence,
      labels: labels.length,
      evidence: {
        afterLabel: best.place,
        responseBefore: best.before,
        responseAfter: responseOf(table, support, labels.subarray(best.place)),
      },
    })
  }
  return tested
}
