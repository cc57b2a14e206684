import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Panel } from '../../components/page.tsx'
import { Chip, Hash } from '../../components/parts.tsx'
import { Empty, Loaded } from '../../components/states.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatAmount } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { networkQuery } from '../../lib/queries.ts'
import { BatchName } from './batch-name.tsx'
import { ChallengeDialog } from './challenge-dialog.tsx'
import styles from './network.module.css'
import { type PendingBatch, pendingBatchesQuery } from './queries.ts'
import { TimeLeft } from './time-left.tsx'

/** Batches that wait to become final. */
export function BatchPanel() {
  const batches = useQuery(pendingBatchesQuery())
  const [challenged, setChallenged] = useState<PendingBatch | null>(null)
  const b = t.network.batches
  return (
    <Panel title={b.title} isFlush>
      <p className={`${styles.hint} dim small`}>{b.hint}</p>
      <Loaded query={batches}>
        {(entries) =>
          entries.length === 0 ? (
            <Empty title={b.empty} text={b.emptyHint} />
          ) : (
            entries.map((batch) => (
              <BatchRow key={batch.batch} batch={batch} onChallenge={() => setChallenged(batch)} />
            ))
          )
        }
      </Loaded>
      {/* It stays when the batch leaves the list: what came of it is told there. */}
      <ChallengeDialog batch={challenged} onClose={() => setChallenged(null)} />
    </Panel>
  )
}

function BatchRow({ batch, onChallenge }: { batch: PendingBatch; onChallenge: () => void }) {
  const now = useNow()
  const { campaignId, finalAt, disputeId, operator } = batch
  const token = useQuery(networkQuery()).data?.tokens.find(({ address }) => address === batch.terms.token)
  const isOver = finalAt !== null && Date.parse(finalAt) <= now
  const b = t.network.batches
  return (
    <article className={styles.row}>
      <div className={styles.rowText}>
        <BatchName batch={batch} />
        <div className="dim small">
          {finalAt !== null && (
            <>
              <TimeLeft until={Date.parse(finalAt)} over={b.isOver} /> ·{' '}
            </>
          )}
          {token !== undefined && <>{b.pays(formatAmount(batch.payoutsTotal, token))} · </>}
          {b.by} <Hash value={operator} />
        </div>
      </div>
      <div className={styles.buttons}>
        {disputeId !== null && (
          <Chip tone={finalAt === null ? 'warn' : undefined}>{finalAt === null ? b.disputed : b.upheld}</Chip>
        )}
        <Button
          component={Link}
          to={`/verify?campaign=${campaignId}&batch=${batch.batch}`}
          size="xs"
          variant="default"
        >
          {b.verify}
        </Button>
        {disputeId === null && !isOver && (
          <Button size="xs" variant="default" onClick={onChallenge}>
            {b.challenge}
          </Button>
        )}
      </div>
    </article>
  )
}
