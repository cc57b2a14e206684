import { IconCheck, IconCircleDashed, IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { Panel } from '../../components/page.tsx'
import { Facts, Hash, Meter, Stat, Stats } from '../../components/parts.tsx'
import { Notice } from '../../components/states.tsx'
import { formatAmount, formatCount, formatDuration } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Network } from '../../lib/network.ts'
import type { Verification } from './use-verify.ts'
import styles from './verify.module.css'

const STEPS = ['chain', 'evidence', 'check'] as const

/** Steps and live count while it runs, then the verdict. */
export function VerificationPanel(props: { verification: Verification; network: Network | undefined }) {
  const { verification, network } = props
  const { state, verdict } = verification
  if (state === 'idle') return null
  if (state === 'failed') return <Notice tone="bad">{verification.message}</Notice>
  if (state === 'running') return <Running verification={verification} />
  if (verdict === null || verification.batches === 0) return <Notice>{t.verify.nothing}</Notice>
  const seconds = formatDuration(Math.max(0.1, verification.milliseconds / 1000))
  const token = network?.tokens[0]
  if (!verdict.ok) {
    const { at } = verdict
    const p = t.verify.place
    return (
      <Panel>
        <div className={styles.stack} role="alert">
          <div className={`${styles.verdict} ${styles.bad}`}>
            <IconShieldX size={40} stroke={1.4} aria-hidden />
            <h2>{t.verify.badTitle}</h2>
            <p>{t.verify.badText}</p>
          </div>
          <Notice tone="bad">{verdict.message}</Notice>
          <Facts
            entries={[
              [p.code, verdict.code],
              [p.batch, String(at.batch + 1)],
              ...(at.account ? ([[p.account, <Hash key="account" value={at.account} />]] as const) : []),
              ...(at.seq === undefined ? [] : ([[p.seq, String(at.seq)]] as const)),
              ...(at.item ? ([[p.item, <Hash key="item" value={at.item} />]] as const) : []),
              ...(at.root ? ([[p.root, at.root]] as const) : []),
            ]}
          />
        </div>
      </Panel>
    )
  }
  const f = t.verify.figures
  return (
    <Panel>
      <div className={styles.stack} role="status">
        <div className={`${styles.verdict} ${styles.good}`}>
          <IconShieldCheck size={40} stroke={1.4} aria-hidden />
          <h2>{t.verify.okTitle}</h2>
          <p>
            {t.verify.okText} {t.verify.seconds(seconds)}
          </p>
        </div>
        <Stats>
          <Stat label={f.batches} value={formatCount(verdict.batches)} />
          <Stat label={f.records} value={formatCount(verdict.records)} />
          <Stat label={f.workers} value={formatCount(verdict.workers)} />
          <Stat label={f.items} value={formatCount(verdict.items)} />
          {token !== undefined && <Stat label={f.paid} value={formatAmount(verdict.payoutsTotal, token)} />}
          {verdict.erased > 0 && <Stat label={f.erased} value={formatCount(verdict.erased)} />}
        </Stats>
      </div>
    </Panel>
  )
}

function Running({ verification }: { verification: Verification }) {
  const { step, progress } = verification
  const at = STEPS.indexOf(step)
  return (
    <Panel>
      <div className={styles.stack} aria-live="polite">
        <ol className={styles.steps}>
          {STEPS.map((name, index) => (
            <li key={name} className={index > at ? 'dim' : undefined}>
              {index < at ? (
                <IconCheck size={18} color="var(--accent)" aria-hidden />
              ) : (
                <IconCircleDashed size={18} aria-hidden />
              )}
              {t.verify.steps[name]}
            </li>
          ))}
        </ol>
        {progress !== null && (
          <>
            <div>
              <div className={styles.count}>{formatCount(progress.done)}</div>
              <span className="dim small">
                {t.verify.checked(formatCount(progress.done), formatCount(progress.total))} ·{' '}
                {t.verify.batch(progress.batch + 1)}
              </span>
            </div>
            <Meter
              share={progress.total === 0 ? 0 : progress.done / progress.total}
              label={t.verify.steps.check}
            />
          </>
        )}
      </div>
    </Panel>
  )
}
