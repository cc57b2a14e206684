import { parseLabelingConfig } from '@tagger/protocol'
import type { Worker } from '@tagger/sdk'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Notice } from '../../components/states.tsx'
import { TaskView } from '../../components/task/task-view.tsx'
import { now } from '../../lib/clock.ts'
import { t } from '../../lib/messages.ts'
import { useOutbox } from '../../lib/outbox.ts'
import { NothingToDo } from './nothing-to-do.tsx'
import { giveAnswer, skipTask, undoAnswer } from './queue.ts'
import { useKeys } from './use-keys.ts'
import { useTasks } from './use-tasks.ts'
import styles from './work.module.css'
import { WorkBar, WorkTop } from './work-bars.tsx'

/** One question after the other: keys or thumbs, nothing to wait for. */
export function AnnotateScreen({ worker }: { worker: Worker }) {
  const { queue, setQueue, shortfall, error } = useTasks(worker, 'annotation')
  const outbox = useOutbox(worker)
  const [failure, setFailure] = useState<unknown>(null)
  const [session, setSession] = useState({ answers: 0, expected: 0n })
  const [isReading, setReading] = useState(false)
  const config = useMemo(() => parseLabelingConfig(worker.spec.labelingConfig), [worker])
  const startedAt = useRef(now())
  const task = queue.tasks[0]
  const taskId = task?.assignment.id

  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock starts anew with each task.
  useEffect(() => {
    startedAt.current = now()
  }, [taskId])

  const answer = (value: string) => {
    if (task === undefined) return
    const { assignment, isUndo, before } = task
    setQueue((current) => giveAnswer(current, value))
    setFailure(null)
    if (isUndo && before === value) return
    const times = { startedAt: Math.floor(startedAt.current / 1000), endedAt: Math.floor(now() / 1000) }
    const sent = isUndo ? worker.revise(assignment, value, times) : worker.answer(assignment, value, times)
    sent.catch(setFailure)
    if (isUndo) return
    setSession(({ answers, expected }) => ({
      answers: answers + 1,
      expected: expected + assignment.pay.expected,
    }))
  }
  const skip = () => {
    if (task === undefined) return
    setQueue(skipTask)
    if (!task.isUndo) void worker.release([task.assignment]).catch(() => undefined)
  }
  const undo = () => setQueue(undoAnswer)

  useKeys({
    isOff: isReading,
    choices: config.question.choices,
    onChoose: answer,
    onConfirm: () => task?.before && answer(task.before),
    onUndo: undo,
    onSkip: skip,
    onInstructions: () => setReading(true),
  })

  return (
    <div className={styles.screen}>
      <WorkTop worker={worker} task={task?.assignment ?? null} isReading={isReading} onReading={setReading} />
      {task === undefined ? (
        <NothingToDo kind="annotation" shortfall={shortfall} error={error} campaignId={worker.campaignId} />
      ) : (
        <div className={styles.stage} aria-live="polite">
          {task.isUndo && <Notice>{t.work.undone}</Notice>}
          <TaskView config={config} data={task.assignment.data} chosen={task.before} onChoose={answer} />
        </div>
      )}
      <WorkBar
        worker={worker}
        outbox={outbox}
        failure={failure}
        session={session}
        canUndo={queue.given.length > 0}
        canSkip={task !== undefined}
        onUndo={undo}
        onSkip={skip}
      />
    </div>
  )
}
