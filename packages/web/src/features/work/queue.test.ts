import { describe, expect, it } from 'vitest'
import type { Assignment } from '../../lib/queries.ts'
import { addTasks, dropExpired, EMPTY_QUEUE, giveAnswer, skipTask, undoAnswer } from './queue.ts'

const assignment = (id: string, expiresAt = '2030-01-01T00:00:00Z'): Assignment => ({
  id,
  kind: 'annotation',
  item: `0x${id.padStart(64, '0')}`,
  expiresAt,
  data: { text: id },
  proposed: null,
  pay: { floor: 1n, expected: 2n, top: 3n },
})
const ids = (queue: { tasks: readonly { assignment: Assignment }[] }) =>
  queue.tasks.map(({ assignment }) => assignment.id)

describe('the task queue', () => {
  it('never shows twice what the node leases again', () => {
    let queue = addTasks(EMPTY_QUEUE, [assignment('1'), assignment('2')])
    queue = giveAnswer(queue, 'yes')
    queue = addTasks(queue, [assignment('1'), assignment('2'), assignment('3')])
    expect(ids(queue)).toEqual(['2', '3'])
  })

  it('brings answers back in reverse order, each with what was answered', () => {
    let queue = addTasks(EMPTY_QUEUE, [assignment('1'), assignment('2'), assignment('3')])
    queue = giveAnswer(giveAnswer(queue, 'yes'), 'no')
    queue = undoAnswer(queue)
    expect(queue.tasks[0]).toMatchObject({ before: 'no', isUndo: true })
    queue = undoAnswer(queue)
    expect(ids(queue)).toEqual(['1', '2', '3'])
    expect(undoAnswer(queue)).toBe(queue)
  })

  it('skips without remembering an answer', () => {
    const queue = skipTask(addTasks(EMPTY_QUEUE, [assignment('1'), assignment('2')]))
    expect(ids(queue)).toEqual(['2'])
    expect(queue.given).toEqual([])
  })

  it('drops leases that end, but not answers taken back', () => {
    const now = Date.parse('2026-01-01T00:00:00Z')
    let queue = addTasks(EMPTY_QUEUE, [assignment('1', '2026-01-01T00:00:05Z'), assignment('2')])
    queue = undoAnswer(giveAnswer(queue, 'yes'))
    expect(ids(dropExpired(queue, now))).toEqual(['1', '2'])
    expect(
      ids(dropExpired({ ...queue, tasks: queue.tasks.map((task) => ({ ...task, isUndo: false })) }, now)),
    ).toEqual(['2'])
  })
})
