import type { Tagger } from '@tagger/sdk'
import { Link } from '@tanstack/react-router'
import { Hash } from '../../components/parts.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatAmount, formatCount, formatRelative } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Earnings } from '../../lib/queries.ts'
import styles from './earnings.module.css'

/** One campaign's way from answered to paid. */
export function CampaignEarnings({ tagger, entry }: { tagger: Tagger; entry: Earnings }) {
  const now = useNow()
  const { token } = entry
  const final = entry.nextFinalAt === null ? null : Date.parse(entry.nextFinalAt)
  const steps = [
    { name: t.earnings.steps.answered, value: formatCount(entry.answered), isReached: entry.records > 0 },
    {
      name: t.earnings.steps['in-batch'],
      value: formatCount(entry.inBatch),
      note:
        final === null || entry.inBatch === 0 ? undefined : t.earnings.finalAt(formatRelative(final, now)),
      isReached: entry.inBatch > 0 || entry.settled > 0,
    },
    { name: t.earnings.steps.final, value: formatAmount(entry.earned, token), isReached: entry.settled > 0 },
    {
      name: t.earnings.steps.paid,
      value: formatAmount(entry.claimed, token),
      isReached: entry.claimed > 0n,
    },
  ]
  return (
    <article className={styles.campaign}>
      <div className={styles.campaignHead}>
        <Link to="/campaigns/$campaignId" params={{ campaignId: entry.campaignId }}>
          {entry.title}
        </Link>
        <TransactionButton
          tagger={tagger}
          isOffered={entry.claimable > 0n}
          doneText={t.earnings.claimed}
          size="xs"
          variant="default"
          refresh={['earnings', 'records', 'balance']}
          send={async () => (await tagger.claims.claim(entry.campaignId))?.transactionHash ?? null}
        >
          {`${t.earnings.claim} ${formatAmount(entry.claimable, token)}`}
        </TransactionButton>
      </div>
      <ol className={styles.steps}>
        {steps.map(({ name, value, note, isReached }) => (
          <li key={name} className={`${styles.step} ${isReached ? styles.isReached : ''}`}>
            <span className="dim">{name}</span>
            <strong>{value}</strong>
            {note !== undefined && <span className="dim micro">{note}</span>}
          </li>
        ))}
      </ol>
      {entry.claimTransactions.length > 0 && (
        <div className="small dim">
          {t.earnings.claims(entry.claimTransactions.length)}:{' '}
          {entry.claimTransactions.map((hash) => (
            <Hash key={hash} value={hash} isTransaction />
          ))}
        </div>
      )}
    </article>
  )
}
