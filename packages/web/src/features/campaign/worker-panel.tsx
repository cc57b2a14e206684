import { Panel } from '../../components/page.tsx'
import { Hash, NumberCell, Table } from '../../components/parts.tsx'
import { Empty } from '../../components/states.tsx'
import { formatAmounts, formatCount, formatShareOrNone } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Campaign, Progress } from '../../lib/queries.ts'

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
              <NumberCell>{formatShareOrNone(worker.meanQuality)}</NumberCell>
              <NumberCell>{amounts[index]}</NumberCell>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  )
}
