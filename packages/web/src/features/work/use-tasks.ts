import { parseLabelingConfig, TaggerError } from '@tagger/protocol'
import type { Worker } from '@tagger/sdk'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { now } from '../../lib/clock.ts'
import type { Assignment } from '../../lib/queries.ts'
import { AHEAD, addTasks, dropExpired, EMPTY_QUEUE, type Queue } from './queue.ts'

const LOOK_AGAIN_MILLISECONDS = 3000

/** Why there is nothing on screen. */
export type Shortfall = 'none' | 'no-work' | 'underfunded'

/** The queue of one worker in one campaign: filled ahead, so that no task is waited for but the first. */
export function useTasks(worker: Worker, kind: 'annotation' | 'review') {
  const [queue, setQueue] = useState<Queue>(EMPTY_QUEUE)
  const [shortfall, setShortfall] = useState<Shortfall>('none')
  const [error, setError] = useState<unknown>(null)
  const isFilling = useRef(false)
  const imageKeys = useMemo(() => imageKeysOf(worker), [worker])

  const fill = useCallback(async () => {
    if (isFilling.current) return
    isFilling.current = true
    try {
      // Answers on their way still hold their leases and come back first.
      const { waiting } = worker.state()
      const count = AHEAD + 1 + waiting.length
      const { assignments, shortfall } = await worker.lease(Math.min(2000, count), { kind })
      const unsent = new Set(waiting.map(({ kind, item }) => `${kind} ${item}`))
      const fresh = assignments.filter(
        (assignment) => assignment.kind === kind && !unsent.has(`${kind} ${assignment.item}`),
      )
      preload(fresh, imageKeys)
      setQueue((before) => addTasks(dropExpired(before, now()), fresh))
      setShortfall(shortfall)
      setError(null)
    } catch (cause) {
      setError(cause)
    } finally {
      isFilling.current = false
    }
  }, [worker, kind, imageKeys])

  const isShort = queue.tasks.length <= AHEAD
  const length = queue.tasks.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: every task taken off is a reason to look for the next.
  useEffect(() => {
    if (isShort) void fill()
  }, [isShort, fill, length])
  // A campaign that closed never opens again: asking on would only fill the console.
  const isOver = error instanceof TaggerError && error.code === 'campaign-not-open'
  useEffect(() => {
    if (isOver || (length > 0 && error === null)) return
    const timer = setInterval(() => void fill(), LOOK_AGAIN_MILLISECONDS)
    return () => clearInterval(timer)
  }, [length, error, isOver, fill])

  return { queue, setQueue, shortfall, error }
}

function imageKeysOf(worker: Worker): string[] {
  if (worker.spec.modality !== 'image') return []
  if (worker.spec.kind === 'collect') return ['image']
  const { display } = parseLabelingConfig(worker.spec.labelingConfig)
  return display.filter((part) => part.tag === 'Image' && !part.isLiteral).map((part) => part.value)
}

/** Has the browser fetch images before they are on screen. */
function preload(assignments: readonly Assignment[], keys: readonly string[]): void {
  for (const { data } of assignments) {
    for (const key of keys) {
      if (data[key] !== undefined) new Image().src = data[key]
    }
  }
}
