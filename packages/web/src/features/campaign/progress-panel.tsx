import { Tooltip } from '@mantine/core'
import { useMemo } from 'react'
import { TimeChart } from '../../components/chart.tsx'
import { Panel } from '../../components/page.tsx'
import { Meter, Stat, Stats } from '../../components/parts.tsx'
import { formatAmount, formatCount, formatShareOrNone, payPerHour } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { paceOf } from '../../lib/pace.ts'
import type { Campaign, Progress } from '../../lib/queries.ts'
import styles from './campaign.module.css'

const STEPS = ['waiting', 'open', 'inReview', 'ready', 'inBatch', 'settled'] as const

/** How far the campaign is and how well it goes. */
export function ProgressPanel({ campaign, progress }: { campaign: Campaign; progress: Progress }) {
  const { items } = progress
  const all = STEPS.reduce((sum, step) => sum + items[step], 0)
  const ahead = items.ready + items.inBatch + items.settled
  const hourly = campaign.meanPay === null ? null : payPerHour(campaign.meanPay, paceOf(campaign))
  const [times, values] = useMemo(
    () => [
      progress.recordsPerMinute.map(({ time }) => Date.parse(time)),
      progress.recordsPerMinute.map(({ records }) => records),
    ],
    [progress.recordsPerMinute],
  )
  return (
    <Panel title={t.campaign.progress}>
      <div className={styles.stack}>
        <div>
          <p className="small dim number" style={{ marginBlockEnd: 8 }}>
            {t.campaign.progressText(formatCount(items.settled), formatCount(all))}
          </p>
          <Meter
            share={all === 0 ? 0 : items.settled / all}
            ahead={all === 0 ? 0 : ahead / all}
            label={t.campaign.progress}
          />
        </div>
        <div className={styles.steps}>
          {STEPS.map((step) => (
            <div key={step}>
              <strong>{formatCount(items[step])}</strong> <span>{t.campaign.steps[step]}</span>
            </div>
          ))}
        </div>
        <Stats>
          <Stat label={t.campaign.figures.records} value={formatCount(progress.records)} />
          <Tooltip label={t.campaign.figures.agreementHint}>
            <div>
              <Stat label={t.campaign.figures.agreement} value={formatShareOrNone(progress.agreement)} />
            </div>
          </Tooltip>
          <Tooltip label={t.campaign.figures.sureHint}>
            <div>
              <Stat label={t.campaign.figures.sure} value={formatShareOrNone(progress.meanConfidence)} />
            </div>
          </Tooltip>
          {progress.gold.revealed > 0 && (
            <Tooltip label={t.campaign.figures.goldHint}>
              <div>
                <Stat
                  label={t.campaign.figures.gold}
                  value={t.campaign.figures.goldOf(
                    progress.gold.revealed - progress.gold.contradicted,
                    progress.gold.revealed,
                  )}
                />
              </div>
            </Tooltip>
          )}
          <Stat label={t.campaign.figures.workers} value={formatCount(campaign.workers)} />
          {(hourly !== null || campaign.status === 'open') && (
            <Stat
              label={t.campaign.figures.perHour}
              value={hourly === null ? '–' : formatAmount(hourly, campaign.token)}
            />
          )}
        </Stats>
        <div>
          <p className="small dim" style={{ marginBlockEnd: 8 }}>
            {t.campaign.pace}
          </p>
          {times.length === 0 ? (
            <p className="small dim">
              {campaign.status === 'open' ? t.campaign.paceEmpty : t.campaign.paceOver}
            </p>
          ) : (
            <TimeChart times={times} values={values} label={t.campaign.pace} />
          )}
        </div>
      </div>
    </Panel>
  )
}
