import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { Panel } from '../../components/page.tsx'
import { Chip } from '../../components/parts.tsx'
import { Empty, Loaded } from '../../components/states.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatDay } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import styles from './earnings.module.css'

/** Devices whose key may sign answers for this account. */
export function DevicePanel({ tagger }: { tagger: Tagger }) {
  const now = useNow()
  const keys = useQuery({
    queryKey: ['device-keys'],
    queryFn: async () => (await tagger.api.listSessionKeys()).data,
  })
  return (
    <Panel title={t.wallet.device.title}>
      <Loaded query={keys}>
        {(entries) =>
          entries.length === 0 ? (
            <Empty title={t.wallet.device.empty} />
          ) : (
            <div className={styles.stack}>
              {entries.map((key) => {
                const until = key.notAfter * 1000
                const isOver = until < now
                return (
                  <div key={key.publicKey} className={styles.row}>
                    <span>
                      {(isOver ? t.wallet.device.expired : t.wallet.device.until)(formatDay(until, now))}
                    </span>
                    <Chip tone={isOver ? undefined : 'good'}>
                      {/^0x0+$/.test(key.scope) ? t.wallet.device.everywhere : t.wallet.device.one}
                    </Chip>
                  </div>
                )
              })}
              <details className="small dim">
                <summary>{t.action.details}</summary>
                {t.wallet.device.details}
              </details>
            </div>
          )
        }
      </Loaded>
    </Panel>
  )
}
