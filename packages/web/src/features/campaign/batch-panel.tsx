import { Button } from '@mantine/core'
import { API_PREFIX } from '@tagger/protocol/wire'
import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { Panel } from '../../components/page.tsx'
import { Chip, Hash, NumberCell, Table } from '../../components/parts.tsx'
import { Empty, Loaded } from '../../components/states.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatAmounts, formatBytes, formatCount, formatRelative } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { type Batch, batchesQuery, type Campaign } from '../../lib/queries.ts'
import { ContestPanel } from './contest-panel.tsx'

const TONES = { cut: undefined, proposed: 'warn', final: 'good', void: 'bad' } as const

/** Batches of a campaign with their evidence. */
export function BatchPanel({ campaign, tagger }: { campaign: Campaign; tagger: Tagger | null }) {
  const batches = useQuery({ ...batchesQuery(campaign.id), refetchInterval: 4_000 })
  const { batch, status, items, records, payout, transaction, evidence } = t.campaign.batch
  return (
    <Panel title={t.campaign.batches} isFlush>
      <Loaded query={batches}>
        {(entries) =>
          entries.length === 0 ? (
            <Empty title={t.campaign.batchesEmpty} text={t.campaign.batchesEmptyHint} />
          ) : (
            <>
              <Table
                head={[batch, status, items, records, payout, transaction, evidence]}
                numeric={[2, 3, 4]}
              >
                {withPayouts(entries, campaign).map(([entry, payout]) => (
                  <BatchRow key={entry.hash} batch={entry} payout={payout} />
                ))}
              </Table>
              {tagger !== null && entries.some((entry) => entry.status === 'proposed') && (
                <ContestPanel campaign={campaign} tagger={tagger} />
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}

/** Batches, latest first, with their payouts in words. */
function withPayouts(batches: readonly Batch[], { token }: Campaign): [Batch, string][] {
  const amounts = formatAmounts(
    batches.map(({ header }) => header.payoutsTotal),
    token,
  )
  return batches.map((batch, index): [Batch, string] => [batch, amounts[index]!]).reverse()
}

function BatchRow({ batch, payout }: { batch: Batch; payout: string }) {
  const now = useNow()
  const { header, status } = batch
  const transaction = batch.finalizeTransaction ?? batch.proposeTransaction
  return (
    <tr>
      <td>
        {header.index + 1}
        {header.closing && <span className="dim"> · {t.campaign.closingBatch}</span>}
      </td>
      <td>
        <Chip tone={TONES[status]}>{t.campaign.batchStatus[status]}</Chip>
        {status === 'proposed' && batch.finalAt !== null && (
          <div className="dim micro">
            {t.campaign.finalIn(formatRelative(Date.parse(batch.finalAt), now))}
          </div>
        )}
      </td>
      <NumberCell>{formatCount(batch.items)}</NumberCell>
      <NumberCell>{formatCount(batch.records)}</NumberCell>
      <NumberCell>{payout}</NumberCell>
      <td>{transaction === null ? '–' : <Hash value={transaction} isTransaction />}</td>
      <td>
        {status === 'proposed' || status === 'final' ? (
          <Button
            component="a"
            href={`${API_PREFIX}/batches/${batch.hash}/bundle`}
            download={`batch-${header.index}.car`}
            variant="subtle"
            size="compact-xs"
          >
            {formatBytes(batch.bundleBytes)}
          </Button>
        ) : (
          '–'
        )}
      </td>
    </tr>
  )
}
