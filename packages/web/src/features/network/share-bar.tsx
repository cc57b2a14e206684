import type { CSSProperties } from 'react'
import { formatShare } from '../../lib/format.ts'
import styles from './network.module.css'
import type { Bar } from './weights.ts'

const TONES = { good: styles.good, bad: styles.bad, plain: styles.plain, ink: styles.inked }

/** Weights as parts of one bar, and a mark where the quorum stands. */
export function ShareBar(props: { bar: Bar; tones: readonly (keyof typeof TONES)[]; label: string }) {
  const { bar, tones, label } = props
  const all = bar.parts.reduce((sum, part) => sum + part, 0)
  return (
    <div className={styles.bar} role="img" aria-label={`${label}: ${formatShare(all)}`}>
      {bar.parts.map((part, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name, and never move.
          key={index}
          className={`${styles.barPart} ${TONES[tones[index] ?? 'plain']}`}
          style={{ inlineSize: percent(part) }}
        />
      ))}
      {bar.mark !== null && (
        <div className={styles.mark} style={{ insetInlineStart: percent(bar.mark) } as CSSProperties} />
      )}
    </div>
  )
}

function percent(millionths: number): string {
  return `${Math.min(1_000_000, millionths) / 10_000}%`
}
