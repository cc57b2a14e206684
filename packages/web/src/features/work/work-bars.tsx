import { ActionIcon, Button, Drawer, Tooltip } from '@mantine/core'
import {
  IconArrowBackUp,
  IconChevronLeft,
  IconCircleCheck,
  IconCloudUp,
  IconInfoCircle,
  IconPlayerSkipForward,
} from '@tabler/icons-react'
import type { OutboxState, Worker } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Markdown } from '../../components/markdown.tsx'
import { ErrorNotice, Notice } from '../../components/states.tsx'
import { formatAmount, formatCount } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { useOnline } from '../../lib/outbox.ts'
import { type Assignment, networkQuery } from '../../lib/queries.ts'
import styles from './work.module.css'

function useToken(worker: Worker) {
  const network = useQuery(networkQuery()).data
  const { token } = worker.terms
  return (
    network?.tokens.find(({ address }) => address === token) ?? { address: token, symbol: '', decimals: 6 }
  )
}

/** Title, pay of this task, instructions. */
export function WorkTop(props: {
  worker: Worker
  task: Assignment | null
  isReading: boolean
  onReading: (isReading: boolean) => void
}) {
  const { worker, task, isReading, onReading } = props
  const token = useToken(worker)
  const [floor, expected, top] = task
    ? [task.pay.floor, task.pay.expected, task.pay.top].map((amount) => formatAmount(amount, token))
    : []
  return (
    <div className={styles.top}>
      <ActionIcon component={Link} to="/work" size={34} aria-label={t.work.leave}>
        <IconChevronLeft size={20} />
      </ActionIcon>
      <div className={styles.topTitle}>
        <strong>{worker.spec.title}</strong>
        {expected !== undefined && (
          <Tooltip label={t.work.payText(floor ?? '', expected, top ?? '')}>
            <span className="dim small number">
              {t.pay.expected(expected)} · {t.pay.upTo(top ?? '')}
            </span>
          </Tooltip>
        )}
      </div>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconInfoCircle size={15} />}
        onClick={() => onReading(true)}
      >
        {t.work.instructions}
      </Button>
      <Drawer
        opened={isReading}
        onClose={() => onReading(false)}
        position="right"
        title={<strong>{t.work.instructions}</strong>}
      >
        <div className={styles.instructions}>
          <Markdown text={worker.spec.instructions} />
        </div>
        <h3>{t.work.shortcuts}</h3>
        <dl className={styles.keys} style={{ marginBlockStart: 12 }}>
          {SHORTCUTS.map(([key, text]) => (
            <div key={key} style={{ display: 'contents' }}>
              <dt>
                <kbd className={styles.key}>{key}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </Drawer>
    </div>
  )
}

const SHORTCUTS = [
  ['1 – 9', t.work.shortcut.choose],
  ['Enter', t.work.shortcut.confirm],
  ['U', t.work.shortcut.undo],
  ['S', t.work.shortcut.skip],
  ['I', t.work.shortcut.instructions],
] as const

/** Undo and skip, what this session earned, what is accepted. */
export function WorkBar(props: {
  worker: Worker
  outbox: OutboxState
  failure: unknown
  session: { answers: number; expected: bigint }
  canUndo: boolean
  canSkip: boolean
  onUndo: () => void
  onSkip: () => void
}) {
  const { worker, outbox, failure, session } = props
  const token = useToken(worker)
  const isOnline = useOnline()
  const { waiting, refused, receipt, error } = outbox
  return (
    <div>
      {!isOnline && <Notice tone="warn">{t.work.offline}</Notice>}
      <ErrorNotice error={failure ?? (isOnline ? error : null)} />
      {refused.length > 0 && (
        <Notice
          tone="warn"
          title={t.work.refused(refused.length)}
          hints={[refused[0]?.refused?.message ?? '']}
        >
          <div>
            <Button
              size="xs"
              variant="default"
              onClick={() => void worker.dismiss(refused.map(({ id }) => id))}
            >
              {t.work.dismiss}
            </Button>
          </div>
        </Notice>
      )}
      <div className={styles.bottom} style={{ marginBlockStart: 12 }}>
        <div className={styles.tools}>
          <Button
            size="sm"
            variant="default"
            disabled={!props.canUndo}
            leftSection={<IconArrowBackUp size={16} />}
            onClick={props.onUndo}
          >
            {t.work.undo}
          </Button>
          <Button
            size="sm"
            variant="default"
            disabled={!props.canSkip}
            leftSection={<IconPlayerSkipForward size={16} />}
            onClick={props.onSkip}
          >
            {t.work.skip}
          </Button>
        </div>
        <div className={styles.sums}>
          <Sum name={t.work.answered} value={formatCount(session.answers)} />
          <Sum name={t.work.expected} value={formatAmount(session.expected, token)} />
          {receipt !== null && (
            <Tooltip label={t.work.owedHint}>
              <div>
                <Sum name={t.work.owed} value={formatAmount(receipt.owedAtLeast, token)} />
              </div>
            </Tooltip>
          )}
        </div>
        <Tooltip label={t.work.waitingHint} disabled={waiting.length === 0}>
          <span className={`${styles.receipts} ${waiting.length > 0 ? styles.isWaiting : ''}`} role="status">
            {waiting.length > 0 ? (
              <IconCloudUp size={17} aria-hidden />
            ) : (
              <IconCircleCheck size={17} aria-hidden />
            )}
            {waiting.length > 0 ? t.work.waiting(waiting.length) : t.work.accepted}
          </span>
        </Tooltip>
      </div>
    </div>
  )
}

function Sum({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.sum}>
      <span>{name}</span>
      <strong>{value}</strong>
    </div>
  )
}
