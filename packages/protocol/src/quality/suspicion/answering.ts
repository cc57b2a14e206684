import { log } from '../../math/log-exp.ts'
import { type Crowd, labelsOf, middleResponse } from './crowd.ts'
import type { Tested } from './flags.ts'
import { blindnessOf, followingOf } from './response.ts'

/** Fewer labels than this say nothing about a habit. */
export const LEAST_LABELS = 10
/** Honest work responds to the items at least half as much as the middle of the crowd; a quarter makes no evidence yet. */
const LEAST_RESPONSE = 1 / 2
/** Who gives one class this often answers constantly rather than at random. */
const CONSTANT = 0.9
/** A worker whose answers follow the crowd's in *any* fixed way by these odds is not answering blindly. */
const FOLLOWS = log(10)

/**
 * Random and constant answering: answers that do not depend on the item. The suspected worker draws from its own habits;
 * an honest one mixes them with what the others say, its response at least half of the crowd's middle one.
 */
export function blindAnswers(crowd: Crowd): Tested {
  const { table, support, votes, responses } = crowd
  const least = LEAST_RESPONSE * middleResponse(crowd)
  const tested: Tested = { suspicions: [], tests: 0 }
  for (let w = 0; w < table.workers; w++) {
    const labels = labelsOf(crowd, w)
    if (labels.length < LEAST_LABELS) continue
    tested.tests++
    const logEvidence = blindnessOf(table, support, labels, least)
    if (logEvidence <= 0 || followingOf(table, votes, labels) > FOLLOWS) continue
    const { topClass, topShare } = favoriteOf(crowd, labels)
    tested.suspicions.push({
      conduct: topShare >= CONSTANT ? 'constant' : 'random',
      workers: [w],
      logEvidence,
      labels: labels.length,
      evidence: { response: responses[w]!, leastHonestResponse: least, topClass, topShare },
    })
  }
  return tested
}

function favoriteOf({ table }: Crowd, labels: Int32Array): { topClass: number; topShare: number } {
  const counts = new Int32Array(table.classes)
  for (const i of labels) counts[table.label[i]!]!++
  let topClass = 0
  for (let k = 1; k < counts.length; k++) if (counts[k]! > counts[topClass]!) topClass = k
  return { topClass, topShare: counts[topClass]! / labels.length }
}
