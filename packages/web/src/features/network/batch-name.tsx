import { Link } from '@tanstack/react-router'
import { t } from '../../lib/messages.ts'
import type { PendingBatch } from './queries.ts'

/** Which batch of which campaign, with the way there. */
export function BatchName({
  batch,
}: {
  batch: Pick<PendingBatch, 'campaignId' | 'campaignTitle' | 'index'>
}) {
  const { campaignId, campaignTitle, index } = batch
  const b = t.network.batches
  return (
    <div>
      {campaignTitle === null ? (
        <strong>{b.unknown}</strong>
      ) : (
        <Link className="link" to="/campaigns/$campaignId" params={{ campaignId }}>
          {campaignTitle}
        </Link>
      )}{' '}
      <span className="dim">· {b.batch(index + 1)}</span>
    </div>
  )
}
