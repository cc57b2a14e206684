import type { Hex } from '@tagger/protocol'
import { createJobThread } from '../job-thread.ts'
import type { Node } from '../node.ts'
import { type ChangedItem, type DecideJob, decideItems } from './decide-job.ts'
import { type JudgeJob, judgeWorkers, type Standing } from './judge-job.ts'
import { selectActive } from './queries.ts'
import { type Judge, lookAtWorkers } from './standing.ts'
import { type Decide, validateCampaign } from './validate.ts'

const SOON_MS = 150
const SWEEP_MS = 15_000
/** A fit takes at most this share of the time, however large a campaign grows. */
const REST_FACTOR = 4
/** A fit of fewer answers takes less than starting a thread for it, and holds nobody up. */
const ANSWERS_FOR_THREAD = 300

/**
 * Validates a campaign shortly after records came in, and looks at its workers; never two runs of one campaign at once;
 * all now and then.
 */
export function startValidation(node: Node): { stop(): Promise<void> } {
  const waiting = new Map<Hex, NodeJS.Timeout>()
  const running = new Map<Hex, Promise<void>>()
  const stopping = new AbortController()
  const { signal } = stopping
  const deciding = createJobThread<DecideJob, ChangedItem[]>(new URL('./decide-worker.ts', import.meta.url), {
    what: 'Validating a campaign',
    signal,
  })
  const judging = createJobThread<JudgeJob, Standing>(new URL('./judge-worker.ts', import.meta.url), {
    what: 'Looking at the workers of a campaign',
    signal,
  })
  const decide: Decide = (job) =>
    job.answers.seq.length < ANSWERS_FOR_THREAD ? decideItems(job) : deciding(job)
  const judge: Judge = (job) =>
    job.answers.seq.length < ANSWERS_FOR_THREAD ? judgeWorkers(job) : judging(job)

  const run = async (campaignId: Hex) => {
    const start = performance.now()
    try {
      await validateCampaign(node, campaignId, decide)
    } catch (error) {
      if (!signal.aborted) node.log.error('A campaign could not be validated', { campaignId, error })
    }
    return performance.now() - start
  }
  const look = async (campaignId: Hex) => {
    try {
      await lookAtWorkers(node, campaignId, judge)
    } catch (error) {
      if (!signal.aborted)
        node.log.error('The workers of a campaign could not be judged', { campaignId, error })
    }
  }
  const schedule = (campaignId: Hex, delay = SOON_MS) => {
    if (signal.aborted || waiting.has(campaignId)) return
    const timer = setTimeout(() => {
      if (running.has(campaignId)) return waiting.delete(campaignId) && schedule(campaignId)
      const done = run(campaignId).then(async (took) => {
        await look(campaignId)
        running.delete(campaignId)
        rest(campaignId, took * REST_FACTOR)
      })
      running.set(campaignId, done)
      waiting.delete(campaignId)
    }, delay)
    timer.unref()
    waiting.set(campaignId, timer)
  }
  const resting = new Map<Hex, number>()
  const rest = (campaignId: Hex, ms: number) => resting.set(campaignId, performance.now() + ms)
  const delayOf = (campaignId: Hex) => Math.max(SOON_MS, (resting.get(campaignId) ?? 0) - performance.now())

  const unlisten = node.activity.listen(({ type, campaignId }) => {
    if (type === 'records-accepted' && campaignId !== null) schedule(campaignId, delayOf(campaignId))
  })
  // Finds what another process took in, or what a crash left undecided.
  const sweep = setInterval(async () => {
    const active = await node.db.query<{ id: Hex }>(selectActive()).catch(() => [])
    for (const { id } of active) schedule(id, delayOf(id))
  }, SWEEP_MS)
  sweep.unref()
  return {
    async stop() {
      stopping.abort()
      unlisten()
      clearInterval(sweep)
      for (const timer of waiting.values()) clearTimeout(timer)
      await Promise.all(running.values())
    },
  }
}
