import { formatCount } from '../lib/format.ts'
import styles from './label-bars.module.css'

/** How many items each label has, as bars. */
export function LabelBars({ labels }: { labels: readonly { label: string; items: number }[] }) {
  const most = Math.max(1, ...labels.map(({ items }) => items))
  return (
    <div className={styles.bars}>
      {labels.map(({ label, items }) => (
        <div key={label} style={{ display: 'contents' }}>
          <span>{label}</span>
          <div>
            <div className={styles.bar} style={{ inlineSize: `${(100 * items) / most}%` }} />
          </div>
          <span className="number">{formatCount(items)}</span>
        </div>
      ))}
    </div>
  )
}
