import { IconCheck, IconCopy } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useNow } from '../lib/clock.ts'
import {
  formatAmount,
  formatAmounts,
  formatRelative,
  formatTime,
  payPerHour,
  shorten,
  type Token,
} from '../lib/format.ts'
import { t } from '../lib/messages.ts'
import styles from './parts.module.css'

/** A small label: a status or a tag. */
export function Chip({ tone, children }: { tone?: 'good' | 'warn' | 'bad'; children: ReactNode }) {
  return <span className={`${styles.chip} ${tone === undefined ? '' : styles[tone]}`}>{children}</span>
}

/** One figure with its name. */
export function Stat({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className={styles.stat}>
      <span className={styles.statLabel}>{label}</span>
      <span className={styles.statValue}>{value}</span>
      {note !== undefined && <span className={styles.statLabel}>{note}</span>}
    </div>
  )
}

/** Figures side by side. */
export function Stats({ children }: { children: ReactNode }) {
  return <div className={styles.stats}>{children}</div>
}

/** How far something is; `ahead` shows in a lighter color what is under way. */
export function Meter({ share, ahead = 0, label }: { share: number; ahead?: number; label: string }) {
  const percent = (value: number) => `${Math.min(100, Math.max(0, value * 100))}%`
  return (
    <div
      className={styles.meter}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      {ahead > share && (
        <div className={`${styles.meterFill} ${styles.meterSoft}`} style={{ inlineSize: percent(ahead) }} />
      )}
      <div className={styles.meterFill} style={{ inlineSize: percent(share) }} />
    </div>
  )
}

/** A hash or an address, shortened, with a button that copies the whole. */
export function Hash({ value, isTransaction = false }: { value: string; isTransaction?: boolean }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <span className={styles.hash} title={value}>
      {isTransaction ? (
        <Link className="link" to="/transactions/$hash" params={{ hash: value }}>
          {shorten(value)}
        </Link>
      ) : (
        shorten(value)
      )}
      <button
        type="button"
        className={styles.copy}
        onClick={() => void copy()}
        aria-label={`${t.action.copy} ${value}`}
      >
        {isCopied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      </button>
    </span>
  )
}

/** How long ago, with the exact time in a tooltip. */
export function Ago({ time }: { time: string | number }) {
  const now = useNow()
  const at = typeof time === 'number' ? time : Date.parse(time)
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at)}>
      {Math.abs(at - now) < 3000 ? t.time.now : formatRelative(at, now)}
    </time>
  )
}

/** A price with what the expected pay comes to per hour. */
export function Pay(props: {
  low: bigint
  high: bigint
  expected: bigint
  token: Token
  secondsPerRecord: number | null
  /** Nobody can work at this price any more: an unknown pace stays unknown. */
  isOver?: boolean
}) {
  const { low, high, expected, token, secondsPerRecord, isOver = false } = props
  const hourly = payPerHour(expected, secondsPerRecord)
  const [from = '', to = ''] = formatAmounts([low, high], token)
  return (
    <span className={styles.pay}>
      <span>{from === to ? to : t.pay.range(from, to)}</span>
      {(hourly !== null || !isOver) && (
        <span className={styles.payHour}>
          {hourly === null ? t.pay.perHourUnknown : t.pay.perHour(formatAmount(hourly, token))}
        </span>
      )}
    </span>
  )
}

/** Names and values, one line each. */
export function Facts({ entries }: { entries: readonly (readonly [string, ReactNode])[] }) {
  return (
    <div className={styles.facts}>
      <dl className={styles.dl}>
        {entries.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** A table that scrolls sideways on a phone. */
export function Table(props: { head: readonly string[]; numeric?: readonly number[]; children: ReactNode }) {
  const { head, numeric = [], children } = props
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((name, index) => (
              <th key={name} scope="col" className={numeric.includes(index) ? styles.end : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** A cell of a number. */
export function NumberCell({ children }: { children: ReactNode }) {
  return <td className={styles.end}>{children}</td>
}
