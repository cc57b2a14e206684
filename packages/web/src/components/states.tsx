import { Button, Skeleton } from '@mantine/core'
import { IconCloudOff, IconInbox } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { describeError } from '../lib/errors.ts'
import { t } from '../lib/messages.ts'
import styles from './states.module.css'

/** What a list says when there is nothing in it. */
export function Empty(props: { icon?: ReactNode; title: string; text?: string; action?: ReactNode }) {
  return (
    <div className={styles.state}>
      {props.icon ?? <IconInbox size={28} stroke={1.5} aria-hidden />}
      <h3>{props.title}</h3>
      {props.text !== undefined && <p>{props.text}</p>}
      {props.action}
    </div>
  )
}

/** What stands in the place of something that did not load. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { message, hints } = describeError(error)
  return (
    <div className={styles.state} role="alert">
      <IconCloudOff size={28} stroke={1.5} aria-hidden />
      <h3>{t.state.failed}</h3>
      <p>{message}</p>
      {hints.map((hint) => (
        <p key={hint}>{hint}</p>
      ))}
      {onRetry !== undefined && (
        <Button variant="default" onClick={onRetry}>
          {t.action.retry}
        </Button>
      )}
    </div>
  )
}

/** Grey lines in the shape of what comes. */
export function Waiting({ lines = 4, height = 20 }: { lines?: number; height?: number }) {
  return (
    <div className={styles.lines} aria-busy="true" role="status" aria-label={t.state.loading}>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical lines that never move.
        <Skeleton key={index} height={height} radius={6} width={`${100 - (index % 3) * 12}%`} />
      ))}
    </div>
  )
}

/** Loading, failed or there: the three states of everything that is fetched. */
export function Loaded<T>(props: {
  query: UseQueryResult<T>
  waiting?: ReactNode
  children: (data: T) => ReactNode
}) {
  const { query, waiting, children } = props
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />
  return waiting ?? <Waiting />
}

/** A sentence that matters, with what to do about it. */
export function Notice(props: {
  tone?: 'plain' | 'good' | 'warn' | 'bad'
  title?: ReactNode
  children?: ReactNode
  hints?: readonly string[]
}) {
  const { tone = 'plain', title, children, hints = [] } = props
  return (
    <div
      className={`${styles.notice} ${tone === 'plain' ? '' : styles[tone]}`}
      role={tone === 'bad' ? 'alert' : 'note'}
    >
      {title !== undefined && <strong>{title}</strong>}
      {children}
      {hints.length > 0 && (
        <ul>
          {hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** An error in a form or beside a button; a declined signature is said calmly. */
export function ErrorNotice({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null
  const { message, hints, isRejection } = describeError(error)
  return (
    <Notice tone={isRejection ? 'plain' : 'bad'} hints={hints}>
      {message}
    </Notice>
  )
}
