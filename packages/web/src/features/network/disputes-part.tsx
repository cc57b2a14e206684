import { useQuery } from '@tanstack/react-query'
import { Panel } from '../../components/page.tsx'
import { Loaded } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import { BatchPanel } from './batch-panel.tsx'
import { DisputeCard } from './dispute-card.tsx'
import styles from './network.module.css'
import { type Dispute, disputesQuery } from './queries.ts'

/** Batches that may be challenged, and what became of those that were. */
export function DisputesPart() {
  const open = useQuery(disputesQuery('open'))
  const ended = useQuery(disputesQuery('ended'))
  const d = t.network.disputes
  return (
    <>
      <Panel title={d.open} isFlush>
        <Loaded query={open}>
          {(disputes) =>
            disputes.length === 0 ? (
              <p className={`${styles.none} dim small`}>
                {d.empty}. {d.emptyHint}
              </p>
            ) : (
              <Cards disputes={disputes} />
            )
          }
        </Loaded>
      </Panel>
      <BatchPanel />
      {ended.data !== undefined && ended.data.length > 0 && (
        <Panel title={d.ended} isFlush>
          <Cards disputes={ended.data} />
        </Panel>
      )}
    </>
  )
}

function Cards({ disputes }: { disputes: readonly Dispute[] }) {
  return disputes.map((dispute) => <DisputeCard key={dispute.id} dispute={dispute} />)
}
