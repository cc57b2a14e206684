import { Button, Textarea } from '@mantine/core'
import { type LabelingConfig, parseLabelingConfig } from '@tagger/protocol'
import type { ReviewInput, Worker } from '@tagger/sdk'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Choices, questionText, TaskData } from '../../components/task/task-view.tsx'
import { now } from '../../lib/clock.ts'
import { t } from '../../lib/messages.ts'
import { useOutbox } from '../../lib/outbox.ts'
import { NothingToDo } from './nothing-to-do.tsx'
import { giveAnswer, skipTask } from './queue.ts'
import { useKeys } from './use-keys.ts'
import { useTasks } from './use-tasks.ts'
import styles from './work.module.css'
import { WorkBar, WorkTop } from './work-bars.tsx'

/** What a submission is shown with: a collect campaign has no labeling config. */
const SUBMISSION: Record<'text' | 'image', LabelingConfig['display']> = {
  text: [{ tag: 'Text', name: 'item', value: 'text', isLiteral: false }],
  image: [{ tag: 'Image', name: 'item', value: 'image', isLiteral: false }],
}

/** One proposed answer after the other: accept it, fix it, or reject it with a reason. */
export function ReviewScreen({ worker }: { worker: Worker }) {
  const { queue, setQueue, shortfall, error } = useTasks(worker, 'review')
  const outbox = useOutbox(worker)
  const [failure, setFailure] = useState<unknown>(null)
  const [session, setSession] = useState({ answers: 0, expected: 0n })
  const [isReading, setReading] = useState(false)
  const [mode, setMode] = useState<'verdict' | 'fix' | 'reject'>('verdict')
  const [reason, setReason] = useState('')
  const isCollect = worker.spec.kind === 'collect'
  const config = useMemo<LabelingConfig>(
    () =>
      isCollect
        ? { display: SUBMISSION[worker.spec.modality], question: { name: '', toName: '', choices: [] } }
        : parseLabelingConfig(worker.spec.labelingConfig),
    [worker, isCollect],
  )
  const startedAt = useRef(now())
  const task = queue.tasks[0]?.assignment
  const proposed = task?.proposed?.[config.question.name]?.[0] ?? null

  // biome-ignore lint/correctness/useExhaustiveDependencies: each task starts clean.
  useEffect(() => {
    startedAt.current = now()
    setMode('verdict')
    setReason('')
  }, [task?.id])

  const give = (review: ReviewInput) => {
    if (task === undefined) return
    const times = { startedAt: Math.floor(startedAt.current / 1000), endedAt: Math.floor(now() / 1000) }
    setQueue((current) => giveAnswer(current, review.verdict))
    setFailure(null)
    worker.review(task, review, times).catch(setFailure)
    setSession(({ answers, expected }) => ({ answers: answers + 1, expected: expected + task.pay.expected }))
  }
  const accept = () => {
    if (isCollect) give({ verdict: 'accept' })
    else if (proposed !== null) give({ verdict: 'accept', answer: proposed })
  }
  const skip = () => {
    if (task === undefined) return
    setQueue(skipTask)
    void worker.release([task]).catch(() => undefined)
  }
  const canAccept = isCollect || proposed !== null
  const hasFix = !isCollect

  useKeys({
    isOff: isReading,
    choices: hasFix && (mode === 'fix' || !canAccept) ? config.question.choices : [],
    onChoose: (answer) => give({ verdict: 'fix', answer, reason }),
    onConfirm: accept,
    onUndo: () => setMode('verdict'),
    onSkip: skip,
    onInstructions: () => setReading(true),
  })

  return (
    <div className={styles.screen}>
      <WorkTop worker={worker} task={task ?? null} isReading={isReading} onReading={setReading} />
      {task === undefined ? (
        <NothingToDo kind="review" shortfall={shortfall} error={error} campaignId={worker.campaignId} />
      ) : (
        <div className={styles.stage}>
          <TaskData config={config} data={task.data} />
          <h2>{isCollect ? t.work.reviews.submission : questionText(config, task.data)}</h2>
          {!isCollect && (
            <div className={styles.proposal}>
              <span className="dim small">
                {canAccept ? t.work.reviews.proposed : t.work.reviews.noProposal}
              </span>
              {proposed !== null && <strong>{labelFor(config, proposed)}</strong>}
            </div>
          )}
          {hasFix && (mode === 'fix' || !canAccept) && (
            <Choices
              question={config.question}
              legend={t.work.reviews.chooseFix}
              onChoose={(answer) => give({ verdict: 'fix', answer, reason })}
            />
          )}
          {mode === 'reject' && (
            <Reason
              reason={reason}
              onReason={setReason}
              onSend={() => give({ verdict: 'reject', reason: reason.trim() })}
            />
          )}
          {mode === 'verdict' && (
            <div className={styles.verdicts}>
              {canAccept && (
                <Button size="md" onClick={accept}>
                  {t.work.reviews.accept}
                </Button>
              )}
              {hasFix && canAccept && (
                <Button size="md" variant="default" onClick={() => setMode('fix')}>
                  {t.work.reviews.fix}
                </Button>
              )}
              <Button size="md" variant="default" onClick={() => setMode('reject')}>
                {t.work.reviews.reject}
              </Button>
            </div>
          )}
        </div>
      )}
      <WorkBar
        worker={worker}
        outbox={outbox}
        failure={failure}
        session={session}
        canUndo={mode !== 'verdict'}
        canSkip={task !== undefined}
        onUndo={() => setMode('verdict')}
        onSkip={skip}
      />
    </div>
  )
}

function Reason(props: { reason: string; onReason: (reason: string) => void; onSend: () => void }) {
  const { reason, onReason, onSend } = props
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <Textarea
        autoFocus
        autosize
        minRows={2}
        maxLength={2000}
        label={t.work.reviews.reason}
        description={t.work.reviews.reasonNeeded}
        placeholder={t.work.reviews.reasonPlaceholder}
        value={reason}
        onChange={(event) => onReason(event.currentTarget.value)}
      />
      <div>
        <Button disabled={reason.trim() === ''} onClick={onSend}>
          {t.work.reviews.reject}
        </Button>
      </div>
    </div>
  )
}

function labelFor(config: LabelingConfig, value: string): string {
  return config.question.choices.find((choice) => choice.value === value)?.label ?? value
}
