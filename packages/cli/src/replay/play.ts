import { type Hex, TaggerError } from '@tagger/protocol'
import type { Assignment, Tagger, Worker } from '@tagger/sdk'
import { inLanes } from '../lanes.ts'
import type { Voice } from '../output.ts'
import type { Cast } from './cast.ts'
import { type Crowd, rowsByWorker } from './crowd.ts'

const LANES = 8
const LEASE_CHUNK = 2000

/** Which item is which task: leased without being asked for, read, given back. */
export async function surveyItems(
  scout: Tagger,
  campaignId: Hex,
  tasks: number,
): Promise<Record<string, Hex>> {
  const worker = await scout.work(campaignId)
  const items: Record<string, Hex> = {}
  let found = 0
  while (found < tasks) {
    const { assignments } = await worker.lease(LEASE_CHUNK)
    const before = found
    for (const { item, data } of assignments) {
      if (data.task === undefined || items[data.task] !== undefined) continue
      items[data.task] = item
      found++
    }
    await worker.release(assignments)
    if (found === before) throw new TaggerError('no-work', `Only ${found} of ${tasks} items could be found`)
  }
  return items
}

/** A worker at the start line: logged in, session key delegated, everything leased. */
interface Player {
  worker: Worker
  /** In order; `again` marks a second thought. */
  answers: { assignment: Pick<Assignment, 'id' | 'item' | 'kind'>; label: string; again: boolean }[]
}

/** Plays every answer as its worker through the API; tells how long the records took, leases apart. */
export async function playAnswers(options: {
  cast: Cast
  campaignId: Hex
  crowd: Crowd
  items: Record<string, Hex>
  voice: Voice
}): Promise<{ records: number; seconds: number; leaseSeconds: number }> {
  const { cast, campaignId, crowd, items, voice } = options
  const workers = [...rowsByWorker(crowd)]
  const leaseStart = performance.now()
  const leasing = voice.progress('workers with their tasks', workers.length)
  let ready = 0
  const players = await inLanes(workers, LANES, async ([name, rows]) => {
    const player = await preparePlayer(cast.worker(name), campaignId, rows, items)
    leasing.update(++ready)
    return player
  })
  leasing.end()
  const intakeStart = performance.now()
  const total = players.reduce((sum, { answers }) => sum + answers.length, 0)
  const intake = voice.progress('records', total)
  let records = 0
  await inLanes(players, LANES, async ({ worker, answers }) => {
    const first = answers.filter(({ again }) => !again)
    if (first.length > 0) {
      await worker.answerMany(first.map(({ assignment, label }) => ({ task: assignment, answer: label })))
      await worker.flush()
    }
    for (const { assignment, label } of answers.filter(({ again }) => again)) {
      await worker.revise(assignment, label)
      await worker.flush()
    }
    records += answers.length
    intake.update(records)
  })
  intake.end()
  return {
    records,
    seconds: (performance.now() - intakeStart) / 1000,
    leaseSeconds: (intakeStart - leaseStart) / 1000,
  }
}

async function preparePlayer(
  tagger: Tagger,
  campaignId: Hex,
  rows: Crowd['rows'],
  items: Record<string, Hex>,
): Promise<Player> {
  const worker = await tagger.work(campaignId)
  const known = await answeredBefore(tagger, campaignId)
  const answers: Player['answers'] = []
  const seen = new Map<Hex, number>()
  for (const { task, label } of rows) {
    const item = items[task]!
    const nth = (seen.get(item) ?? 0) + 1
    seen.set(item, nth)
    // Records of a run that was killed are there already.
    if (nth <= (known.get(item) ?? 0)) continue
    answers.push({ assignment: { id: '', item, kind: 'annotation' }, label, again: nth > 1 })
  }
  const wanted = answers.filter(({ again }) => !again).map(({ assignment }) => assignment.item)
  const leased = new Map<Hex, Assignment>()
  for (let start = 0; start < wanted.length; start += LEASE_CHUNK) {
    const part = wanted.slice(start, start + LEASE_CHUNK)
    const { assignments, shortfall } = await worker.lease(part.length, { items: part })
    if (assignments.length < part.length) {
      throw new TaggerError('no-work', `Got ${assignments.length} of ${part.length} tasks: ${shortfall}`)
    }
    for (const assignment of assignments) leased.set(assignment.item, assignment)
  }
  for (const answer of answers) {
    const lease = leased.get(answer.assignment.item)
    if (lease !== undefined) answer.assignment = lease
  }
  return { worker, answers }
}

/** Records per item that the node holds of this worker. */
async function answeredBefore(tagger: Tagger, campaignId: Hex): Promise<Map<Hex, number>> {
  const counts = new Map<Hex, number>()
  const { head } = await tagger.api.getChain({ params: { id: campaignId } })
  if (head.count === 0) return counts
  let cursor: string | undefined
  do {
    const page = await tagger.api.listOwnRecords({ query: { campaignId, cursor, limit: 500 } })
    for (const { item } of page.data) counts.set(item, (counts.get(item) ?? 0) + 1)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return counts
}
