import { useNow } from '../../lib/clock.ts'
import { formatCountdown, formatTime } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'

/** A clock that runs down, with the exact time in a tooltip; `words` puts the duration into a sentence. */
export function TimeLeft(props: { until: number; words?: (duration: string) => string; over?: string }) {
  const { until, words = t.network.left, over = t.network.over } = props
  const now = useNow()
  return (
    <time className="number" dateTime={new Date(until).toISOString()} title={formatTime(until)}>
      {until <= now ? over : words(formatCountdown((until - now) / 1000))}
    </time>
  )
}
