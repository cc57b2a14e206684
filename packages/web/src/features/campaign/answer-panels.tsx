import { LabelBars } from '../../components/label-bars.tsx'
import { Panel } from '../../components/page.tsx'
import { formatCount } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Progress } from '../../lib/queries.ts'
import styles from './campaign.module.css'

/** How many items each answer has. */
export function LabelPanel({ progress }: { progress: Progress }) {
  const hasAny = progress.labels.some(({ items }) => items > 0)
  return (
    <Panel title={t.campaign.labels}>
      {hasAny ? (
        <LabelBars labels={progress.labels} />
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
