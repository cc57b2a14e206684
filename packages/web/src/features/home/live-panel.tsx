import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { Panel } from '../../components/page.tsx'
import { Ago, Stat } from '../../components/parts.tsx'
import { Empty, Loaded } from '../../components/states.tsx'
import { useActivity } from '../../lib/activity.ts'
import { formatAmount, formatCount } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Network } from '../../lib/network.ts'
import { type Activity, activityQuery, networkQuery } from '../../lib/queries.ts'
import { type FeedEntry, foldFeed } from './feed.ts'
import styles from './home.module.css'

const SHOWN = 8
/** Kept to fold runs of like events into one line. */
const KEPT = 200

/** Totals and the latest events, as they happen. */
export function LivePanel() {
  const network = useQuery(networkQuery())
  const past = useQuery(activityQuery())
  const [fresh, setFresh] = useState<readonly Activity[]>([])
  const onActivity = useCallback((activity: Activity) => {
    setFresh((before) => [activity, ...before].slice(0, KEPT))
  }, [])
  const { isLive } = useActivity(onActivity)
  const known = new Set(fresh.map(({ id }) => id))
  return (
    <Panel
      isFlush
      title={t.home.live}
      aside={
        <span className={`${styles.live} ${isLive ? styles.isLive : ''}`}>
          {isLive ? t.home.connected : t.home.reconnecting}
        </span>
      }
    >
      <div className={styles.totals}>
        <Stat
          label={t.home.totals.records}
          value={network.data ? formatCount(network.data.totals.records) : '–'}
        />
        <Stat
          label={t.home.totals.settled}
          value={network.data ? formatCount(network.data.totals.itemsSettled) : '–'}
        />
        <Stat label={t.home.totals.paid} value={network.data ? paidText(network.data) : '–'} />
      </div>
      <Loaded query={past}>
        {(activities) => {
          const all = [...fresh, ...activities.filter(({ id }) => !known.has(id))]
          const shown = foldFeed(all).slice(0, SHOWN)
          if (shown.length === 0) return <Empty title={t.home.live} text={t.home.liveEmpty} />
          return (
            <ul className={styles.events} aria-live="off">
              {shown.map((entry) => (
                <li key={entry.latest.id}>
                  <span className={styles.title}>{sentenceOf(entry)}</span>
                  <Ago time={entry.latest.time} />
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </Panel>
  )
}

function sentenceOf({ latest, times, records }: FeedEntry): string {
  if (latest.type === 'records-accepted' && records > 0) return t.home.accepted(records)
  const sentence = t.home.activity[latest.type]
  return times === 1 ? sentence : t.home.times(sentence, times)
}

function paidText(network: Network): string {
  const token = network.tokens[0]
  if (token === undefined) return '–'
  return formatAmount(network.totals.paid[token.address] ?? 0n, token)
}
