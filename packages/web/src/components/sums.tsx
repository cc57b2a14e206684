import { formatAmounts, type Token } from '../lib/format.ts'
import styles from './sums.module.css'

type Line = readonly [name: string, amount: bigint]

/** Amounts in one token below each other, all with as many digits, and what they come to. */
export function Sums({ lines, total, token }: { lines: readonly Line[]; total: Line; token: Token }) {
  const all = [...lines, total]
  const amounts = formatAmounts(
    all.map(([, amount]) => amount),
    token,
  )
  return (
    <dl className={styles.sums}>
      {all.map(([name], index) => (
        <div key={name} className={index === lines.length ? styles.total : undefined}>
          <dt>{name}</dt>
          <dd>{amounts[index]}</dd>
        </div>
      ))}
    </dl>
  )
}
