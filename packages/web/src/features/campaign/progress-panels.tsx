import { Tooltip } from '@mantine/core'
import { useMemo } from 'react'
import { TimeChart } from '../../components/chart.tsx'
import { Panel } from '../../components/page.tsx'
import { Hash, Meter, NumberCell, Stat, Stats, Table } from '../../components/parts.tsx'
import { Empty } from '../../components/states.tsx'
import { formatAmount, formatAmounts, formatCount, formatShare, payPerHour } from '../../lib/format.ts'
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
              <Stat label={t.campaign.figures.agreement} value={shareOrNone(progress.agreement)} />
            </div>
          </Tooltip>
          <Tooltip label={t.campaign.figures.sureHint}>
            <div>
              <Stat label={t.campaign.figures.sure} value={shareOrNone(progress.meanConfidence)} />
            </div>
          </Tooltip>
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

/** How many items each answer has. */
export function LabelPanel({ progress }: { progress: Progress }) {
  const most = Math.max(1, ...progress.labels.map(({ items }) => items))
  const hasAny = progress.labels.some(({ items }) => items > 0)
  return (
    <Panel title={t.campaign.labels}>
      {hasAny ? (
        <div className={styles.bars}>
          {progress.labels.map(({ label, items }) => (
            <div key={label} style={{ display: 'contents' }}>
              <span>{label}</span>
              <div>
                <div className={styles.bar} style={{ inlineSize: `${(100 * items) / most}%` }} />
              </div>
              <span className="number">{formatCount(items)}</span>
            </div>
          ))}
        </div>
      ) : (
        <p className="small dim">{t.campaign.labelsEmpty}</p>
      )}
    </Panel>
  )
}

/** Results against answers: where people went another way. */
export function ConfusionPanel({ progress }: { progress: Progress }) {
  const labels = progress.labels.map(({ label }) => label)
  const { confusion } = progress
  const most = Math.max(1, ...confusion.flat())
  const hasAny = confusion.flat().some((count) => count > 0) && labels.length <= 10
  return (
    <Panel title={t.campaign.confusion}>
      {hasAny ? (
        <div style={{ overflowX: 'auto' }}>
          <table className={styles.matrix}>
            <caption className="small dim" style={{ captionSide: 'bottom', textAlign: 'start' }}>
              {t.campaign.confusionHint}
            </caption>
            <thead>
              <tr>
                <th />
                {labels.map((label) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((label, row) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {labels.map((answer, column) => {
                    const count = confusion[row]?.[column] ?? 0
                    const tone = row === column ? 'var(--accent)' : 'var(--bad)'
                    const strength = count === 0 ? 4 : 10 + Math.round((40 * count) / most)
                    return (
                      <td
                        key={answer}
                        style={{
                          background: `color-mix(in srgb, ${tone} ${count === 0 ? 0 : strength}%, var(--sunken))`,
                        }}
                      >
                        {formatCount(count)}
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p className="small dim">{t.campaign.labelsEmpty}</p>
      )}
    </Panel>
  )
}

/** Per person, for the requester only. */
export function WorkerPanel({ campaign, progress }: { campaign: Campaign; progress: Progress }) {
  const { account, answers, quality, paid } = t.campaign.worker
  const workers = progress.workers.slice(0, 50)
  const amounts = formatAmounts(
    workers.map((worker) => worker.paid),
    campaign.token,
  )
  return (
    <Panel
      title={t.campaign.workersTitle}
      aside={<span className="small dim">{t.campaign.workersHint}</span>}
      isFlush
    >
      {progress.workers.length === 0 ? (
        <Empty title={t.campaign.workersEmpty} />
      ) : (
        <Table head={[account, answers, quality, paid]} numeric={[1, 2, 3]}>
          {workers.map((worker, index) => (
            <tr key={worker.account}>
              <td>
                <Hash value={worker.account} />
              </td>
              <NumberCell>{formatCount(worker.records)}</NumberCell>
              <NumberCell>{shareOrNone(worker.meanQuality)}</NumberCell>
              <NumberCell>{amounts[index]}</NumberCell>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  )
}

function shareOrNone(millionths: number | null): string {
  return millionths === null ? '–' : formatShare(millionths)
}
