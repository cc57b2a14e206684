import type { Assignment } from '../../lib/queries.ts'

/** A task on screen; `before` is the answer given earlier, when the worker took it back. */
export interface QueuedTask {
  assignment: Assignment
  before: string | null
  isUndo: boolean
}

/** What lies before the worker: the first task is on screen, the others are loaded already. */
export interface Queue {
  tasks: readonly QueuedTask[]
  /** Given answers, newest last: what undo brings back. */
  given: readonly { assignment: Assignment; answer: string }[]
  /** Names of all assignments seen: the node repeats those it has no answer for yet. */
  seen: ReadonlySet<string>
}

export const EMPTY_QUEUE: Queue = { tasks: [], given: [], seen: new Set() }

/** Tasks to hold ready behind the one on screen. */
export const AHEAD = 4
const LEAST_LEFT_MILLISECONDS = 15_000
const MOST_UNDO = 50

/** Adds what the node leased, without what is here or was answered already. */
export function addTasks(queue: Queue, assignments: readonly Assignment[]): Queue {
  const fresh = assignments.filter(({ id }) => !queue.seen.has(id))
  if (fresh.length === 0) return queue
  return {
    ...queue,
    tasks: [...queue.tasks, ...fresh.map((assignment) => ({ assignment, before: null, isUndo: false }))],
    seen: new Set([...queue.seen, ...fresh.map(({ id }) => id)]),
  }
}

/** Takes the first task off as answered. */
export function giveAnswer(queue: Queue, answer: string): Queue {
  const [first, ...tasks] = queue.tasks
  if (first === undefined) return queue
  const given = [...queue.given, { assignment: first.assignment, answer }].slice(-MOST_UNDO)
  return { ...queue, tasks, given }
}

/** Takes the first task off without an answer. */
export function skipTask(queue: Queue): Queue {
  return { ...queue, tasks: queue.tasks.slice(1) }
}

/** Brings the last answered task back to the front. */
export function undoAnswer(queue: Queue): Queue {
  const last = queue.given.at(-1)
  if (last === undefined) return queue
  const task = { assignment: last.assignment, before: last.answer, isUndo: true }
  return { ...queue, tasks: [task, ...queue.tasks], given: queue.given.slice(0, -1) }
}

/** Drops leases about to end: their answers would come too late. Taken-back ones need no lease. */
export function dropExpired(queue: Queue, now: number): Queue {
  const isGood = (task: QueuedTask) =>
    task.isUndo || Date.parse(task.assignment.expiresAt) - now > LEAST_LEFT_MILLISECONDS
  return queue.tasks.every(isGood) ? queue : { ...queue, tasks: queue.tasks.filter(isGood) }
}
